import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Analysis, DatasetResponse, Metric } from '@/api/types';
import { analysisQuery } from '../api';
import { PLAIN_VIEW } from '../view';

export const MOST_OVERVIEWS = 20; // as many as are analysed when a file arrives: each of them answers at once

/** The analyses of a dataset's metrics as they are without any setting, each as soon as it has arrived. */
export function useMetricOverviews(
  dataset: DatasetResponse,
  isEnabled: boolean,
): { metric: Metric; analysis: Analysis | undefined }[] {
  const metrics = dataset.metrics.slice(0, MOST_OVERVIEWS);
  const answers = useQueries({
    queries: metrics.map(({ name }) => ({
      ...analysisQuery(dataset.id, viewOf(dataset, name)),
      enabled: isEnabled,
    })),
  });
  return metrics.map((metric, place) => ({ metric, analysis: answers[place]?.data }));
}

function viewOf(dataset: DatasetResponse, metric: string) {
  // The first metric is asked for as the page itself asks for it: one request for both.
  return { ...PLAIN_VIEW, metric: metric === dataset.metricColumns[0] ? null : metric };
}

export function openCount({ verdicts, anomalies }: Pick<Analysis, 'verdicts' | 'anomalies'>): number {
  return verdicts?.open ?? anomalies.length;
}

/** How many open anomalies each metric has, as far as its analysis is at hand. Asks for nothing. */
export function useMetricCounts(dataset: DatasetResponse): ReadonlyMap<string, number> {
  const queries = useQueryClient();
  const answers = useQueries({
    queries: dataset.metrics.slice(0, MOST_OVERVIEWS).map(({ name }) => ({
      ...analysisQuery(dataset.id, viewOf(dataset, name)),
      enabled: false,
    })),
  });
  const arrived = answers.map(({ dataUpdatedAt }) => dataUpdatedAt).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the answers change when one has arrived.
  return useMemo(() => {
    const counts = new Map<string, number>();
    dataset.metrics.slice(0, MOST_OVERVIEWS).forEach(({ name }) => {
      const { queryKey } = analysisQuery(dataset.id, viewOf(dataset, name));
      const analysis = queries.getQueryData<Analysis>(queryKey);
      if (analysis) counts.set(name, openCount(analysis));
    });
    return counts;
  }, [dataset, queries, arrived]);
}
