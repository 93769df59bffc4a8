import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMemo } from 'react';
import { save } from '@/api/download';
import type { Analysis, Dataset, Progress } from '@/api/types';
import { ErrorState } from '@/components/ErrorState';
import { decimalsFor, type NumberWords, numberWords } from '@/components/format';
import { PageSkeleton } from '@/components/PageSkeleton';
import { AnalysisBody } from './AnalysisBody';
import { useAnalysis } from './api';
import { anomaliesAsCsv } from './exports';
import { SensitivityDrawer } from './settings/SensitivityDrawer';
import { TitleRow } from './settings/TitleRow';
import { type ChangeView, STANDARD_SENSITIVITY, type View } from './view';

interface AnalysisPageProps {
  dataset: Dataset;
  newest: Dataset;
  versions: readonly Dataset[];
  progress: Progress | null;
  view: View;
  changeView: ChangeView;
}

export function AnalysisPage({ dataset, newest, versions, progress, view, changeView }: AnalysisPageProps) {
  const analysis = useAnalysis(dataset.id, view, true);
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
      {dataset.version !== newest.version && (
        <Alert variant="light" color="indigo" c="var(--ink)" p="xs">
          <Group justify="space-between" gap="sm">
            <Text size="sm">
              You are viewing version {dataset.version}; the newest is version {newest.version}.
            </Text>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => changeView({ version: null }, { push: true })}
            >
              View the newest
            </Button>
          </Group>
        </Alert>
      )}
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

function wordsOf(analysis: Analysis | undefined): NumberWords {
  if (!analysis) return numberWords(null, 0);
  const { unit, summary, series } = analysis;
  const areWhole = series.value.every((value) => value === null || Number.isInteger(value));
  return numberWords(unit, decimalsFor(summary.iqr || summary.stdDev, summary.mean), areWhole);
}

/** What differs from the standard is said, so that nobody wonders where the anomalies went. */
function AppliedSettings({ view, changeView }: { view: View; changeView: ChangeView }) {
  const parts = [
    view.sensitivity !== STANDARD_SENSITIVITY && `sensitivity ${Math.round(view.sensitivity * 100)} of 100`,
    view.direction !== 'both' && (view.direction === 'up' ? 'rises only' : 'drops only'),
    view.minChange && `changes of at least ${view.minChange}`,
  ].filter(Boolean);
  if (parts.length === 0) return null;
  return (
    <Alert variant="light" color="yellow" c="var(--ink)" p="xs">
      <Group justify="space-between" gap="sm">
        <Text size="sm">Not the standard settings: {parts.join(', ')}.</Text>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() =>
            changeView(
              { sensitivity: STANDARD_SENSITIVITY, direction: 'both', minChange: null, selected: null },
              { push: true },
            )
          }
        >
          Back to standard
        </Button>
      </Group>
    </Alert>
  );
}
