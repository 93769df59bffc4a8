import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from './client';
import { queryKeys } from './query-keys';
import type { SampleList, UploadResponse } from './types';

export function useSamples() {
  return useQuery({
    queryKey: queryKeys.samples,
    queryFn: async ({ signal }) => (await client.get<SampleList>('/samples', { signal })).data.items,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useLoadSample() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (name: string) =>
      (await client.post<UploadResponse>(`/samples/${encodeURIComponent(name)}`)).data,
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.datasets.all }),
  });
}
