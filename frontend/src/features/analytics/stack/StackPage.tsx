import { MultiSelect, Skeleton } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import { Card } from '@/components/Card';
import { type AnalysisPageProps, PageFrame } from '../PageFrame';
import { useStepKeys } from '../shortcuts';
import { useStretch } from '../useStretch';
import { MOST_COMPARED } from '../view';
import { metricLabel } from '../words';
import { FoundTable } from './FoundTable';
import { foundIn } from './panels';
import { StackCard } from './StackCard';
import { usePanels } from './usePanels';

/** Several metrics of one dataset at once. What is chosen, zoomed and selected lives in the URL here, too. */
export function StackPage(page: AnalysisPageProps) {
  const { dataset, view, changeView } = page;
  const { panels, failures, isPending, isDensifying } = usePanels(dataset, view);
  const [stretch, setStretch] = useStretch(view, changeView);
  const found = useMemo(() => foundIn(panels), [panels]);
  const selected = found.find(({ anomaly }) => anomaly.id === view.selected) ?? null;
  const select = useCallback((id: string | null) => changeView({ selected: id }), [changeView]);
  const step = useCallback(
    (by: 1 | -1) => {
      if (found.length === 0) return;
      const place = selected ? found.indexOf(selected) : by === 1 ? -1 : 0;
      select(found[(place + by + found.length) % found.length]?.anomaly.id ?? null);
    },
    [found, selected, select],
  );
  const clear = useCallback(() => select(null), [select]);
  useStepKeys({ onStep: step, onClear: clear });

  const open = (metric: string, id: string | null = null) =>
    changeView({ compared: [], metric, selected: id }, { push: true });
  return (
    <PageFrame {...page} shown={panels} failures={failures} isPending={false}>
      {() => (
        <>
          <Card>
            <MultiSelect
              label="Metrics"
              description={`Up to ${MOST_COMPARED}, in the order chosen`}
              data={dataset.metrics.map((metric) => ({ value: metric.name, label: metricLabel(metric) }))}
              value={[...view.compared]}
              maxValues={MOST_COMPARED}
              searchable
              onChange={(compared) =>
                changeView(
                  compared.length > 0 ? { compared, selected: null } : { compared: [], metric: null },
                  {
                    push: true,
                  },
                )
              }
            />
          </Card>
          {isPending && <Skeleton height={640} radius={12} role="status" aria-label="Loading the metrics" />}
          {panels.length > 0 && !isPending && (
            <>
              <StackCard
                datasetId={dataset.id}
                view={view}
                panels={panels}
                stretch={stretch}
                selected={selected}
                loading={isDensifying}
                onStretch={setStretch}
                onSelect={select}
                onOpen={open}
              />
              <FoundTable
                found={found}
                selected={selected}
                timeZone={dataset.timeZone}
                onSelect={select}
                onExplain={({ panel, anomaly }) => open(panel.metric.name, anomaly.id)}
              />
            </>
          )}
        </>
      )}
    </PageFrame>
  );
}
