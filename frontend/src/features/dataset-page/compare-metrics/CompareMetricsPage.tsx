import { MultiSelect, Skeleton } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import type { DatasetResponse } from '@/api/types';
import { Card } from '@/components/Card';
import { useZoom } from '../chart/useZoom';
import { metricLabel } from '../labels';
import { type AnalysisPageProps, PageFrame } from '../PageFrame';
import { useStepKeys } from '../shortcuts';
import { type ChangeView, MOST_COMPARED, type View } from '../view';
import { PanelsCard } from './PanelsCard';
import { panelAnomalies } from './panels';
import { SharedAnomalies } from './SharedAnomalies';
import { usePanels } from './usePanels';

/** Several metrics of one dataset at once. What is chosen, zoomed and selected lives in the URL here, too. */
export function CompareMetricsPage(page: AnalysisPageProps) {
  const { dataset, view, changeView } = page;
  const { panels, failures, isPending, isLoadingPoints } = usePanels(dataset, view);
  const [zoom, setZoom] = useZoom(view, changeView);
  const anomalies = useMemo(() => panelAnomalies(panels), [panels]);
  const { selected, select } = useSelection(anomalies, view, changeView);
  const open = (metric: string, id: string | null = null) =>
    changeView({ compared: [], metric, selected: id }, { push: true });
  return (
    <PageFrame {...page} shown={panels} failures={failures} isPending={false}>
      {({ onSensitivity, previews }) => (
        <>
          <MetricsChoice dataset={dataset} view={view} changeView={changeView} />
          {isPending && <Skeleton height={640} radius={12} role="status" aria-label="Loading the metrics" />}
          {panels.length > 0 && !isPending && (
            <>
              <PanelsCard
                datasetId={dataset.id}
                view={view}
                panels={panels}
                zoom={zoom}
                selected={selected}
                previews={previews}
                loading={isLoadingPoints}
                controls={{ analysis: undefined, view, changeView, onSensitivity }}
                onZoom={setZoom}
                onSelect={select}
                onOpen={open}
              />
              <SharedAnomalies
                anomalies={anomalies}
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

/** The selected anomaly and the keys that step through all of them. */
function useSelection(anomalies: ReturnType<typeof panelAnomalies>, view: View, changeView: ChangeView) {
  const selected = anomalies.find(({ anomaly }) => anomaly.id === view.selected) ?? null;
  const select = useCallback((id: string | null) => changeView({ selected: id }), [changeView]);
  const step = useCallback(
    (by: 1 | -1) => {
      if (anomalies.length === 0) return;
      const place = selected ? anomalies.indexOf(selected) : by === 1 ? -1 : 0;
      select(anomalies[(place + by + anomalies.length) % anomalies.length]?.anomaly.id ?? null);
    },
    [anomalies, selected, select],
  );
  const clear = useCallback(() => select(null), [select]);
  useStepKeys({ onStep: step, onClear: clear });
  return { selected, select };
}

interface MetricsChoiceProps {
  dataset: DatasetResponse;
  view: View;
  changeView: ChangeView;
}

function MetricsChoice({ dataset, view, changeView }: MetricsChoiceProps) {
  const choose = (compared: string[]) => {
    const change =
      compared.length > 0 ? { compared, selected: null } : { compared: [], metric: view.compared[0] ?? null };
    changeView(change, { push: true });
  };
  return (
    <Card>
      <MultiSelect
        label="Metrics"
        description={`Up to ${MOST_COMPARED}, in the order chosen. Remove all to return to one metric.`}
        data={dataset.metrics.map((metric) => ({ value: metric.name, label: metricLabel(metric) }))}
        value={[...view.compared]}
        maxValues={MOST_COMPARED}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Stop comparing' }}
        onChange={choose}
      />
    </Card>
  );
}
