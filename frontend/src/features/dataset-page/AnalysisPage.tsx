import { useMemo, useRef } from 'react';
import type { Analysis } from '@/api/types';
import { useAnalysis } from './api';
import { DatasetLayout } from './DatasetLayout';
import { metricOf, numberFormatOf } from './labels';
import { type AnalysisPageProps, PageFrame } from './PageFrame';

/** A dataset's page for one metric. */
export function AnalysisPage(page: AnalysisPageProps) {
  const { dataset, view, changeView } = page;
  const { data: arrived, error, isPending, isPlaceholderData, refetch } = useAnalysis(dataset.id, view);
  // Where the next analysis fails, the last one stays: an error must not take away what is there.
  const last = useRef<Analysis | undefined>(undefined);
  if (arrived) last.current = arrived;
  const data = arrived ?? (error ? last.current : undefined);
  const isOutdated = isPlaceholderData || arrived === undefined;
  const numbers = useMemo(() => numberFormatOf(data), [data]);
  const shown = useMemo(
    () => (data ? [{ analysis: data, numbers, metric: metricOf(dataset, data.metric) }] : []),
    [data, numbers, dataset],
  );
  const failures = error
    ? [{ title: 'This analysis could not be computed', error, retry: () => void refetch() }]
    : [];
  return (
    <PageFrame {...page} shown={shown} failures={failures} isPending={isPending}>
      {(tools) =>
        data && (
          <div aria-busy={isPlaceholderData} style={{ opacity: isOutdated ? 0.55 : 1 }}>
            <DatasetLayout
              key={`${data.metric}/${data.version}`}
              analysis={data}
              dataset={dataset}
              numbers={numbers}
              view={view}
              changeView={changeView}
              tools={tools}
            />
          </div>
        )
      }
    </PageFrame>
  );
}
