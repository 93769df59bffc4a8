import { useMemo } from 'react';
import { AnalysisBody } from './AnalysisBody';
import { useAnalysis } from './api';
import { type AnalysisPageProps, PageFrame } from './PageFrame';
import { metricOf, wordsOf } from './words';

export function AnalysisPage(page: AnalysisPageProps) {
  const { dataset, view, changeView } = page;
  const { data, error, isPending, isPlaceholderData, refetch } = useAnalysis(dataset.id, view);
  const words = useMemo(() => wordsOf(data), [data]);
  const shown = useMemo(
    () => (data ? [{ analysis: data, words, metric: metricOf(dataset, data.metric) }] : []),
    [data, words, dataset],
  );
  const failures =
    error && !isPlaceholderData
      ? [{ title: 'This analysis could not be made', error, retry: () => void refetch() }]
      : [];
  return (
    <PageFrame {...page} shown={shown} failures={failures} isPending={isPending}>
      {(onExport) =>
        data && (
          <div aria-busy={isPlaceholderData} style={{ opacity: isPlaceholderData ? 0.55 : 1 }}>
            <AnalysisBody
              key={`${data.metric}/${data.version}`}
              analysis={data}
              dataset={dataset}
              words={words}
              view={view}
              changeView={changeView}
              onExport={onExport}
            />
          </div>
        )
      }
    </PageFrame>
  );
}
