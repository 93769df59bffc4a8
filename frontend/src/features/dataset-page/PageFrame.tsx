import { Stack } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { useMakeReport } from '@/api/reports';
import type { DatasetResponse, Progress } from '@/api/types';
import { ErrorState } from '@/components/ErrorState';
import { notifyFailure } from '@/components/notify';
import { AnalysisSkeleton } from './AnalysisSkeleton';
import { AppliedSettings } from './header/AppliedSettings';
import { SegmentFilter } from './header/SegmentFilter';
import { TitleRow } from './header/TitleRow';
import type { ShownAnalysis } from './sensitivity/draft-settings';
import { SensitivityDrawer } from './sensitivity/SensitivityDrawer';
import { type SensitivityDraft, useSensitivityDraft } from './sensitivity/useSensitivityDraft';
import { OlderVersion } from './versions/OlderVersion';
import { analysisParams, type ChangeView, type View } from './view';

export interface AnalysisPageProps {
  dataset: DatasetResponse;
  newest: DatasetResponse;
  versions: readonly DatasetResponse[];
  progress: Progress | null;
  view: View;
  changeView: ChangeView;
}

export interface Failure {
  title: string;
  error: unknown;
  retry: () => void;
}

export interface FrameTools {
  onExport: () => void;
  onSensitivity: () => void;
  previews: SensitivityDraft['previews'];
}

interface PageFrameProps extends AnalysisPageProps {
  /** The analyses on the page, as far as they have arrived. */
  shown: readonly ShownAnalysis[];
  failures: readonly Failure[];
  isPending: boolean;
  children: (tools: FrameTools) => ReactNode;
}

/** What the page of one metric and that of several share: title, settings, failures, sensitivity. */
export function PageFrame({ shown, failures, isPending, children, ...page }: PageFrameProps) {
  const { dataset, newest, view, changeView } = page;
  const analyses = useMemo(() => shown.map(({ analysis }) => analysis), [shown]);
  const draft = useSensitivityDraft(analyses, view);
  const report = useMakeReport();
  // The table of anomalies is the server's CSV report: one table, wherever it is downloaded.
  const onExport = () =>
    report.mutate(
      analyses.map(({ metric, version }) => ({
        ...analysisParams(view),
        datasetId: dataset.id,
        metric,
        version,
        format: 'csv',
      })),
      { onError: (error) => notifyFailure('The anomalies could not be downloaded', error) },
    );
  return (
    <Stack gap={10}>
      <TitleRow
        {...page}
        analysis={view.compared.length > 0 ? undefined : shown[0]?.analysis}
        onExport={onExport}
      />
      <SegmentFilter dataset={dataset} view={view} changeView={changeView} />
      <AppliedSettings view={view} changeView={changeView} />
      <OlderVersion dataset={dataset} newest={newest} changeView={changeView} />
      {failures.map(({ title, error, retry }) => (
        <ErrorState key={title} title={title} error={error} onRetry={retry} />
      ))}
      {isPending && <AnalysisSkeleton />}
      {children({ onExport, onSensitivity: draft.open, previews: draft.previews })}
      {shown.length > 0 && (
        <SensitivityDrawer
          draft={draft}
          shown={shown}
          onApply={(settings) => changeView({ ...settings, selected: null }, { push: true })}
        />
      )}
    </Stack>
  );
}
