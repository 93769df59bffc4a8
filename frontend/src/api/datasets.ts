import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { client } from './client';
import { useDeleted } from './deletion';
import { queryKeys } from './query-keys';
import type { DatasetList, DatasetOrder, DatasetResponse, Status } from './types';

export const LIST_PAGE = 50;

export type StatusGroup = 'ready' | 'active' | 'failed';
export const STATUS_GROUPS: Record<StatusGroup, readonly Status[]> = {
  ready: ['processed', 'cached'],
  active: ['uploaded', 'processing'],
  failed: ['failed'],
};

/** Which datasets a list shows, as the server is asked. */
export interface DatasetChoice {
  /** A part of the name or the file name. */
  search: string;
  status: StatusGroup | null;
  sort: DatasetOrder;
  /** From 1. */
  page: number;
}

/** The latest uploads. */
export const LATEST: DatasetChoice = { search: '', status: null, sort: '-uploadedAt', page: 1 };

export function datasetListQuery(choice: DatasetChoice = LATEST) {
  return queryOptions({
    queryKey: queryKeys.datasets.list(choice),
    queryFn: async ({ signal }): Promise<DatasetList> => {
      const { search, status, sort, page } = choice;
      const params = {
        limit: LIST_PAGE,
        offset: (page - 1) * LIST_PAGE,
        sort,
        ...(search && { q: search }),
        ...(status && { status: STATUS_GROUPS[status] }),
      };
      return (await client.get<DatasetList>('/datasets', { params, signal })).data;
    },
  });
}

/** A page of the datasets but those that are being deleted; the earlier page until the wanted one has arrived. */
export function useDatasets(choice: DatasetChoice = LATEST) {
  const deleted = useDeleted();
  const select = useCallback(
    ({ items, ...page }: DatasetList): DatasetList => {
      const left = items.filter(({ id }) => !deleted.has(id));
      return { ...page, items: left, total: page.total - (items.length - left.length) };
    },
    [deleted],
  );
  return useQuery({ ...datasetListQuery(choice), select, placeholderData: keepPreviousData });
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
