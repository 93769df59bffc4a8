import {
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { client } from '@/api/client';
import { datasetKeys } from '@/api/datasets';
import type { Analysis, Comparison, SeriesView, Uploaded } from '@/api/types';
import { analysisParams, type View } from './view';

const WINDOW_POINTS = 2_000; // what the chart draws in a fifth of a second

/** The last picture stays until the next one is there; the page begins anew with another dataset. */
export function analysisQuery(datasetId: string, view: View) {
  const params = analysisParams(view);
  return queryOptions({
    queryKey: ['analytics', datasetId, 'analysis', params],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      (await client.get<Analysis>(`/analytics/${datasetId}`, { params, signal })).data,
  });
}

export function useAnalysis(datasetId: string, view: View) {
  return useQuery(analysisQuery(datasetId, view));
}

/** What other settings would find in these analyses; null until all have answered. Asks once there are others. */
export function useTrial(analyses: readonly Analysis[], view: View, enabled: boolean) {
  const asked = useQueries({
    queries: analyses.map(({ datasetId, metric }) => ({
      ...analysisQuery(datasetId, { ...view, metric }),
      enabled,
    })),
  });
  const answers = asked.flatMap(({ data, isPlaceholderData }) => (data && !isPlaceholderData ? [data] : []));
  return {
    answers: answers.length === analyses.length ? answers : null,
    error: asked.find(({ error }) => error)?.error ?? null,
    retry: () => {
      for (const { error, refetch } of asked) if (error) void refetch();
    },
  };
}

/** Denser points of the zoomed stretch; `enabled` only where the whole was thinned out. */
export function windowQuery(datasetId: string, view: View, enabled: boolean) {
  const { from, to } = view;
  return queryOptions({
    ...seriesQuery(datasetId, view, from, to, WINDOW_POINTS),
    enabled: enabled && from !== null && to !== null,
    placeholderData: keepPreviousData,
  });
}

/** About so many points of a stretch, its ends included. */
export function seriesQuery(
  datasetId: string,
  view: View,
  from: string | null,
  to: string | null,
  points: number,
) {
  const params = { ...analysisParams(view), from, to, points };
  return queryOptions({
    queryKey: ['analytics', datasetId, 'series', params],
    queryFn: async ({ signal }) =>
      (await client.get<SeriesView>(`/analytics/${datasetId}/series`, { params, signal })).data,
  });
}

export function useRunAnalysis(datasetId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ metrics, view }: { metrics: readonly string[]; view: View }) => {
      const { granularity, aggregate, sensitivity, direction, minChange } = view;
      for (const metric of metrics) {
        const body = { datasetId, metric, granularity, aggregate, sensitivity, direction, minChange };
        await client.post<Analysis>('/analytics/run', body);
      }
    },
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['analytics', datasetId] }),
        queries.invalidateQueries({ queryKey: datasetKeys.all }),
      ]),
  });
}

export function useComparison(
  datasetId: string,
  metric: string,
  before: number,
  after: number,
  enabled: boolean,
) {
  const params = { metric, before, after };
  return useQuery({
    queryKey: ['analytics', datasetId, 'compare', params],
    enabled,
    queryFn: async ({ signal }) =>
      (await client.get<Comparison>(`/analytics/${datasetId}/compare`, { params, signal })).data,
  });
}

export function useRestore(datasetId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (version: number) =>
      (await client.post<Uploaded>(`/datasets/${datasetId}/restore`, { version })).data,
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: datasetKeys.all }),
        queries.invalidateQueries({ queryKey: ['analytics', datasetId] }),
      ]),
  });
}
