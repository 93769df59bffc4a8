import {
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { client } from '@/api/client';
import { loadLabels } from '@/api/labels';
import { queryKeys } from '@/api/query-keys';
import type {
  Analysis,
  ChangeExplanation,
  Comparison,
  RunBody,
  SeriesView,
  UploadResponse,
} from '@/api/types';
import { wallText, wallTime } from '@/components/format';
import { analysisParams, settingsOf, type View } from './view';

const WINDOW_POINTS = 2_000; // what the chart draws in a fifth of a second

/** The last analysis stays until the next one has arrived, and where that fails. */
export function analysisQuery(datasetId: string, view: View) {
  const params = analysisParams(view);
  return queryOptions({
    queryKey: queryKeys.analytics.analysis(datasetId, params),
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const answer = client.get<Analysis>(`/analytics/${datasetId}`, { params, signal });
      const [{ data }] = await Promise.all([answer, loadLabels()]);
      return data;
    },
  });
}

export function useAnalysis(datasetId: string, view: View) {
  return useQuery(analysisQuery(datasetId, view));
}

/** The same analyses with other settings; null until all have arrived. */
export function useTrial(analyses: readonly Analysis[], view: View, enabled: boolean) {
  const trials = useQueries({
    queries: analyses.map(({ datasetId, metric }) => ({
      ...analysisQuery(datasetId, { ...view, metric }),
      enabled,
    })),
  });
  const answers = trials.flatMap(({ data, isPlaceholderData }) => (data && !isPlaceholderData ? [data] : []));
  return {
    answers: answers.length === analyses.length ? answers : null,
    error: trials.find(({ error }) => error)?.error ?? null,
    retry: () => {
      for (const { error, refetch } of trials) if (error) void refetch();
    },
  };
}

/** More points of the zoomed range; `enabled` only where the whole series was downsampled. */
export function windowQuery(datasetId: string, view: View, enabled: boolean) {
  const { from, to } = view;
  return queryOptions({
    ...seriesQuery(datasetId, view, from, to, WINDOW_POINTS),
    enabled: enabled && from !== null && to !== null,
    placeholderData: keepPreviousData,
  });
}

/** About `points` points of a time range, its ends included. */
export function seriesQuery(
  datasetId: string,
  view: View,
  from: string | null,
  to: string | null,
  points: number,
) {
  const params = { ...analysisParams(view), from, to, points };
  return queryOptions({
    queryKey: queryKeys.analytics.series(datasetId, params),
    queryFn: async ({ signal }) =>
      (await client.get<SeriesView>(`/analytics/${datasetId}/series`, { params, signal })).data,
  });
}

/** Which values of the file's dimensions an anomaly comes from. */
export function causesQuery(datasetId: string, view: View, anomaly: string) {
  const params = { ...analysisParams(view), anomaly };
  return queryOptions({
    queryKey: queryKeys.analytics.causes(datasetId, params),
    queryFn: async ({ signal }) =>
      (await client.get<ChangeExplanation>(`/analytics/${datasetId}/causes`, { params, signal })).data,
  });
}

const MOST_NEIGHBOURS = 200; // on either side, of what an irregular series may have in that time

/** Every point around a time, `each` steps of the series to either side. */
export function neighboursQuery(
  datasetId: string,
  view: View,
  date: string,
  each: number,
  cadenceSeconds: number,
) {
  const room = each * cadenceSeconds * 1000;
  const at = wallTime(date);
  return seriesQuery(datasetId, view, wallText(at - room), wallText(at + room), MOST_NEIGHBOURS);
}

export function useRunAnalysis(datasetId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ metrics, view }: { metrics: readonly string[]; view: View }) => {
      for (const metric of metrics) {
        const body: RunBody = { datasetId, metric, ...settingsOf(view), where: [...view.where] };
        await client.post<Analysis>('/analytics/run', body);
      }
    },
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: queryKeys.analytics.of(datasetId) }),
        queries.invalidateQueries({ queryKey: queryKeys.datasets.all }),
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
    queryKey: queryKeys.analytics.comparison(datasetId, params),
    enabled,
    queryFn: async ({ signal }) =>
      (await client.get<Comparison>(`/analytics/${datasetId}/compare`, { params, signal })).data,
  });
}

export function useRestore(datasetId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (version: number) =>
      (await client.post<UploadResponse>(`/datasets/${datasetId}/restore`, { version })).data,
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: queryKeys.datasets.all }),
        queries.invalidateQueries({ queryKey: queryKeys.analytics.of(datasetId) }),
      ]),
  });
}
