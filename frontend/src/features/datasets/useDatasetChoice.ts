import { useCallback } from 'react';
import { useSearchParams } from 'react-router';
import { type DatasetChoice, LATEST, STATUS_GROUPS, type StatusGroup } from '@/api/datasets';
import type { DatasetOrder } from '@/api/types';

const ORDERS: readonly DatasetOrder[] = [
  'uploadedAt',
  '-uploadedAt',
  'datasetName',
  '-datasetName',
  'rowCount',
  '-rowCount',
  'anomalyCount',
  '-anomalyCount',
];
export const GROUP_NAMES = Object.keys(STATUS_GROUPS) as StatusGroup[];

/** Read a choice from the address; what makes no sense there falls back to the latest uploads. */
export function readChoice(search: URLSearchParams): DatasetChoice {
  const page = Number(search.get('page'));
  return {
    search: search.get('q')?.trim() ?? '',
    status: GROUP_NAMES.find((name) => name === search.get('status')) ?? null,
    sort: ORDERS.find((order) => order === search.get('sort')) ?? LATEST.sort,
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  };
}

/** What is as in the latest uploads is left out. */
export function writeChoice({ search, status, sort, page }: DatasetChoice): URLSearchParams {
  const written = new URLSearchParams();
  if (search) written.set('q', search);
  if (status) written.set('status', status);
  if (sort !== LATEST.sort) written.set('sort', sort);
  if (page > 1) written.set('page', String(page));
  return written;
}

/** Search, filter, order and page of the list of datasets, kept in the address. Another choice begins at its first page. */
export function useDatasetChoice(): [DatasetChoice, (change: Partial<DatasetChoice>) => void] {
  const [search, setSearch] = useSearchParams();
  const change = useCallback(
    (changes: Partial<DatasetChoice>) =>
      setSearch((now) => writeChoice({ ...readChoice(now), page: 1, ...changes }), { replace: true }),
    [setSearch],
  );
  return [readChoice(search), change];
}
