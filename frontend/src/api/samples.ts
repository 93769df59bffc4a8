import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from './client';
import { datasetKeys } from './datasets';
import type { SampleList, Uploaded } from './types';

export function useSamples() {
  return useQuery({
    queryKey: ['samples'],
    queryFn: async ({ signal }) => (await client.get<SampleList>('/samples', { signal })).data.items,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useLoadSample() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (name: string) =>
      (await client.post<Uploaded>(`/samples/${encodeURIComponent(name)}`)).data,
    onSuccess: () => queries.invalidateQueries({ queryKey: datasetKeys.all }),
  });
}
