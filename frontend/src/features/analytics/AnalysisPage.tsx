import { Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMemo } from 'react';
import { save } from '@/api/download';
import type { Dataset, Progress } from '@/api/types';
import { ErrorState } from '@/components/ErrorState';
import { PageSkeleton } from '@/components/PageSkeleton';
import { AnalysisBody } from './AnalysisBody';
import { useAnalysis } from './api';
import { anomaliesAsCsv } from './exports';
import { AppliedSettings } from './settings/Notices';
import { OlderVersion } from './settings/OlderVersion';
import { SensitivityDrawer } from './settings/SensitivityDrawer';
import { TitleRow } from './settings/TitleRow';
import type { ChangeView, View } from './view';
import { wordsOf } from './words';

export interface AnalysisPageProps {
  dataset: Dataset;
  newest: Dataset;
  versions: readonly Dataset[];
  progress: Progress | null;
  view: View;
  changeView: ChangeView;
}

export function AnalysisPage({ dataset, newest, versions, progress, view, changeView }: AnalysisPageProps) {
  const analysis = useAnalysis(dataset.id, view);
  const [drawer, { open, close }] = useDisclosure(false);
  const { data } = analysis;
  const words = useMemo(() => wordsOf(data), [data]);
  const exportCsv = () => {
    if (data)
      save(
        new Blob([anomaliesAsCsv(data)], { type: 'text/csv' }),
        `${data.datasetName}-${data.metric}-anomalies.csv`,
      );
  };

  return (
    <Stack gap={14}>
      <TitleRow
        dataset={dataset}
        newest={newest}
        versions={versions}
        progress={progress}
        analysis={data}
        view={view}
        changeView={changeView}
        onSensitivity={open}
        onExport={exportCsv}
      />
      <AppliedSettings view={view} changeView={changeView} />
      <OlderVersion dataset={dataset} newest={newest} changeView={changeView} />
      {analysis.error && !analysis.isPlaceholderData && (
        <ErrorState
          title="This analysis could not be made"
          error={analysis.error}
          onRetry={() => void analysis.refetch()}
        />
      )}
      {analysis.isPending && <PageSkeleton />}
      {data && (
        <div
          aria-busy={analysis.isPlaceholderData}
          style={{ opacity: analysis.isPlaceholderData ? 0.55 : 1 }}
        >
          <AnalysisBody
            key={`${data.metric}/${data.version}`}
            analysis={data}
            dataset={dataset}
            words={words}
            view={view}
            changeView={changeView}
            onExport={exportCsv}
          />
          <SensitivityDrawer
            opened={drawer}
            analysis={data}
            view={view}
            words={words}
            onApply={(draft) => changeView({ ...draft, selected: null }, { push: true })}
            onClose={close}
          />
        </div>
      )}
    </Stack>
  );
}
