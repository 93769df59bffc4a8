import { MultiSelect, Stack } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import { save } from '@/api/download';
import { Card } from '@/components/Card';
import { ErrorState } from '@/components/ErrorState';
import { PageSkeleton } from '@/components/PageSkeleton';
import type { AnalysisPageProps } from '../AnalysisPage';
import { anomaliesAsCsv } from '../exports';
import { AppliedSettings } from '../settings/Notices';
import { OlderVersion } from '../settings/OlderVersion';
import { TitleRow } from '../settings/TitleRow';
import { useStepKeys } from '../shortcuts';
import { useStretch } from '../useStretch';
import { MOST_COMPARED } from '../view';
import { metricLabel, metricOf } from '../words';
import { FoundTable } from './FoundTable';
import { foundIn } from './panels';
import { StackCard } from './StackCard';
import { usePanels } from './usePanels';

/** Several metrics of one dataset at once. What is chosen, zoomed and selected lives in the URL here, too. */
export function StackPage({ dataset, newest, versions, progress, view, changeView }: AnalysisPageProps) {
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
  const exportCsv = () => {
    for (const { analysis } of panels) {
      const file = new Blob([anomaliesAsCsv(analysis)], { type: 'text/csv' });
      save(file, `${analysis.datasetName}-${analysis.metric}-anomalies.csv`);
    }
  };
  return (
    <Stack gap={14}>
      <TitleRow
        dataset={dataset}
        newest={newest}
        versions={versions}
        progress={progress}
        analysis={undefined}
        view={view}
        changeView={changeView}
        onSensitivity={() => undefined}
        onExport={exportCsv}
      />
      <AppliedSettings view={view} changeView={changeView} />
      <OlderVersion dataset={dataset} newest={newest} changeView={changeView} />
      <Card>
        <MultiSelect
          label="Metrics"
          description={`Up to ${MOST_COMPARED}, in the order chosen`}
          data={dataset.metrics.map((metric) => ({ value: metric.name, label: metricLabel(metric) }))}
          value={[...view.compared]}
          maxValues={MOST_COMPARED}
          searchable
          onChange={(compared) =>
            changeView(compared.length > 0 ? { compared, selected: null } : { compared: [], metric: null }, {
              push: true,
            })
          }
        />
      </Card>
      {failures.map(({ name, error, retry }) => (
        <ErrorState
          key={name}
          title={`${metricOf(dataset, name).title} could not be analysed`}
          error={error}
          onRetry={retry}
        />
      ))}
      {isPending && <PageSkeleton />}
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
    </Stack>
  );
}
