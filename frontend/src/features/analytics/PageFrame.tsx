import { Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useCallback } from 'react';
import { save } from '@/api/download';
import type { Dataset, Progress } from '@/api/types';
import { ErrorState } from '@/components/ErrorState';
import { AnalysisSkeleton } from './AnalysisSkeleton';
import { anomaliesAsCsv } from './exports';
import { AppliedSettings } from './settings/Notices';
import { OlderVersion } from './settings/OlderVersion';
import { SensitivityDrawer } from './settings/SensitivityDrawer';
import { TitleRow } from './settings/TitleRow';
import type { Tried } from './settings/tried';
import type { ChangeView, View } from './view';

export interface AnalysisPageProps {
  dataset: Dataset;
  newest: Dataset;
  versions: readonly Dataset[];
  progress: Progress | null;
  view: View;
  changeView: ChangeView;
}

export interface Failure {
  title: string;
  error: unknown;
  retry: () => void;
}

interface PageFrameProps extends AnalysisPageProps {
  /** The analyses on the page, as far as they are there. */
  shown: readonly Tried[];
  failures: readonly Failure[];
  isPending: boolean;
  children: (onExport: () => void) => ReactNode;
}

/** What a page of one metric and one of several have in common: title, settings, what went wrong, sensitivity. */
export function PageFrame({ shown, failures, isPending, children, ...page }: PageFrameProps) {
  const { dataset, newest, view, changeView } = page;
  const [drawer, { open, close }] = useDisclosure(false);
  const exportCsv = useCallback(() => {
    for (const { analysis } of shown) {
      const file = new Blob([anomaliesAsCsv(analysis)], { type: 'text/csv' });
      save(file, `${analysis.datasetName}-${analysis.metric}-anomalies.csv`);
    }
  }, [shown]);
  return (
    <Stack gap={14}>
      <TitleRow
        {...page}
        analysis={view.compared.length > 0 ? undefined : shown[0]?.analysis}
        canTry={shown.length > 0}
        onSensitivity={open}
        onExport={exportCsv}
      />
      <AppliedSettings view={view} changeView={changeView} />
      <OlderVersion dataset={dataset} newest={newest} changeView={changeView} />
      {failures.map(({ title, error, retry }) => (
        <ErrorState key={title} title={title} error={error} onRetry={retry} />
      ))}
      {isPending && <AnalysisSkeleton />}
      {children(exportCsv)}
      {shown.length > 0 && (
        <SensitivityDrawer
          opened={drawer}
          shown={shown}
          view={view}
          onApply={(draft) => changeView({ ...draft, selected: null }, { push: true })}
          onClose={close}
        />
      )}
    </Stack>
  );
}
