import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { client } from './client';
import { useDeleted } from './deletion';
import type { Dataset, DatasetPage } from './types';

/** Datasets are read by the rail, the list and the dataset page alike, so their queries live here. */
export const datasetKeys = {
  all: ['datasets'] as const,
  list: ['datasets', 'list'] as const,
  one: (id: string) => ['datasets', 'one', id] as const,
  versions: (id: string) => ['datasets', 'versions', id] as const,
};

const PAGE = 200; // one page of the list; the search works on what is loaded

export const datasetList = queryOptions({
  queryKey: datasetKeys.list,
  queryFn: async ({ signal }): Promise<DatasetPage> => {
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

async function fetchPage(offset: number, signal: AbortSignal): Promise<DatasetPage> {
  const { data } = await client.get<DatasetPage>('/datasets', { params: { limit: PAGE, offset }, signal });
  return data;
}

/** All datasets but those that are being deleted. */
export function useDatasets() {
  const deleted = useDeleted();
  const select = useCallback(
    ({ items, ...page }: DatasetPage): DatasetPage => {
      const left = items.filter(({ id }) => !deleted.has(id));
      return { ...page, items: left, total: page.total - (items.length - left.length) };
    },
    [deleted],
  );
  return useQuery({ ...datasetList, select });
}

export function datasetQuery(id: string) {
  return queryOptions({
    queryKey: datasetKeys.one(id),
    queryFn: async ({ signal }) => (await client.get<Dataset>(`/datasets/${id}`, { signal })).data,
  });
}

export function useDataset(id: string) {
  return useQuery(datasetQuery(id));
}

export function versionsQuery(id: string) {
  return queryOptions({
    queryKey: datasetKeys.versions(id),
    queryFn: async ({ signal }) => {
      const { data } = await client.get<Dataset[] | { items: Dataset[] }>(`/datasets/${id}/versions`, {
        signal,
      });
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
      (await client.patch<Dataset>(`/datasets/${id}`, { datasetName: name })).data,
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: datasetKeys.all }),
        queries.invalidateQueries({ queryKey: ['analytics'] }),
      ]),
  });
}

export function useReprocess() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => (await client.post<Dataset>(`/datasets/${id}/reprocess`)).data,
    onSuccess: () => queries.invalidateQueries({ queryKey: datasetKeys.all }),
  });
}
