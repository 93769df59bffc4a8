import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { client } from './client';
import { useDeleted } from './deletion';
import { queryKeys } from './query-keys';
import type { DatasetList, DatasetResponse } from './types';

const PAGE = 200; // one page of the list; the search works on what is loaded

export const datasetList = queryOptions({
  queryKey: queryKeys.datasets.list,
  queryFn: async ({ signal }): Promise<DatasetList> => {
    const first = await fetchPage(0, signal);
    const items = [...first.items];
    while (items.length < first.total) {
      const next = await fetchPage(items.length, signal);
      if (next.items.length === 0) break;
      items.push(...next.items);
    }
    return { ...first, items };
  },
});

async function fetchPage(offset: number, signal: AbortSignal): Promise<DatasetList> {
  const { data } = await client.get<DatasetList>('/datasets', { params: { limit: PAGE, offset }, signal });
  return data;
}

/** All datasets but those that are being deleted. */
export function useDatasets() {
  const deleted = useDeleted();
  const select = useCallback(
    ({ items, ...page }: DatasetList): DatasetList => {
      const left = items.filter(({ id }) => !deleted.has(id));
      return { ...page, items: left, total: page.total - (items.length - left.length) };
    },
    [deleted],
  );
  return useQuery({ ...datasetList, select });
}

export function datasetQuery(id: string) {
  return queryOptions({
    queryKey: queryKeys.datasets.one(id),
    queryFn: async ({ signal }) => (await client.get<DatasetResponse>(`/datasets/${id}`, { signal })).data,
  });
}

export function useDataset(id: string) {
  return useQuery(datasetQuery(id));
}

export function versionsQuery(id: string) {
  return queryOptions({
    queryKey: queryKeys.datasets.versions(id),
    queryFn: async ({ signal }) => {
      const { data } = await client.get<DatasetResponse[] | { items: DatasetResponse[] }>(
        `/datasets/${id}/versions`,
        {
          signal,
        },
      );
      return Array.isArray(data) ? data : data.items;
    },
  });
}

export function useVersions(id: string) {
  return useQuery(versionsQuery(id));
}

export function useRenameDataset() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, name }: { id: string; name: string }) =>
      (await client.patch<DatasetResponse>(`/datasets/${id}`, { datasetName: name })).data,
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: queryKeys.datasets.all }),
        queries.invalidateQueries({ queryKey: queryKeys.analytics.all }),
      ]),
  });
}

export function useReprocess() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => (await client.post<DatasetResponse>(`/datasets/${id}/reprocess`)).data,
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.datasets.all }),
  });
}
