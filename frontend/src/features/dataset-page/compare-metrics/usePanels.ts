import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { DatasetResponse } from '@/api/types';
import { wallTime } from '@/components/format';
import { passes } from '../anomalies/triage';
import { analysisQuery, windowQuery } from '../api';
import { splice } from '../chart/series';
import { metricOf, numberFormatOf } from '../labels';
import type { Failure } from '../PageFrame';
import type { View } from '../view';
import type { Panel } from './panels';

interface Panels {
  panels: readonly Panel[];
  failures: readonly Failure[];
  isPending: boolean;
  /** More points of the zoomed range are being loaded. */
  isLoadingPoints: boolean;
}

/** The analyses of the chosen metrics, each as its own page would show it. */
export function usePanels(dataset: DatasetResponse, view: View): Panels {
  const views = view.compared.map((metric): View => ({ ...view, metric }));
  const analyses = useQueries({ queries: views.map((one) => analysisQuery(dataset.id, one)) });
  const windows = useQueries({
    queries: views.map((one, index) =>
      windowQuery(dataset.id, one, analyses[index]?.data?.series.downsampled ?? false),
    ),
  });
  const data = [...analyses, ...windows].map((query) => query.data);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the panels are made of, one by one.
  const panels = useMemo(
    () =>
      view.compared.flatMap((name, index): Panel[] => {
        const analysis = analyses[index]?.data;
        if (!analysis) return [];
        const zoomed = view.from !== null && view.to !== null;
        const series = zoomed ? splice(analysis.series, windows[index]?.data) : analysis.series;
        const anomalies = analysis.anomalies.filter((anomaly) => passes(anomaly, view.filters));
        const metric = metricOf(dataset, name);
        return [
          {
            metric,
            analysis,
            series,
            times: series.time.map(wallTime),
            anomalies,
            numbers: numberFormatOf(analysis),
          },
        ];
      }),
    [dataset, view.compared.join('\n'), view.filters, view.from, view.to, ...data],
  );
  return {
    panels,
    failures: view.compared.flatMap((name, index): Failure[] => {
      const query = analyses[index];
      if (!query?.error) return [];
      const title = `${metricOf(dataset, name).title} could not be analysed`;
      return [{ title, error: query.error, retry: () => void query.refetch() }];
    }),
    isPending: analyses.some((query) => query.isPending),
    isLoadingPoints: windows.some((query) => query.isFetching),
  };
}
