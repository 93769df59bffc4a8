import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { Link, useParams } from 'react-router';
import { useDataset, useReprocess, useVersions } from '@/api/datasets';
import { useDeleted } from '@/api/deletion';
import { problemOf } from '@/api/problem';
import { isSettled, useProgress } from '@/api/progress';
import type { DatasetResponse } from '@/api/types';
import { Card } from '@/components/Card';
import { EmptyState } from '@/components/EmptyState';
import { ErrorState } from '@/components/ErrorState';
import { PageHeader } from '@/components/PageHeader';
import { PageSkeleton } from '@/components/PageSkeleton';
import { QualityReport } from '@/components/QualityReport';
import { StatusChip } from '@/components/StatusChip';
import { usePageTitle } from '@/components/usePageTitle';
import { AnalysisPage } from './AnalysisPage';
import { CompareMetricsPage } from './compare-metrics/CompareMetricsPage';
import { useView } from './useView';
import { useVerdictsFromOtherTabs } from './verdicts/useVerdict';
import type { ChangeView, View } from './view';

/** Failures of the file itself: read again with the same options, it fails again. */
const FILE_FAILURES: ReadonlySet<string> = new Set([
  'ambiguous_date',
  'binary_file',
  'column_not_found',
  'columns_differ',
  'empty_file',
  'malformed_file',
  'no_data_rows',
  'no_numeric_column',
  'no_time_column',
  'no_usable_row',
  'unusable_file',
]);
const DATASETS = { label: 'Datasets', to: '/datasets' };

export function DatasetPage() {
  const { datasetId = '' } = useParams();
  // Another dataset is another page: no state of one is left when the next is opened.
  return <OneDataset key={datasetId} datasetId={datasetId} />;
}

function OneDataset({ datasetId }: { datasetId: string }) {
  const [view, changeView] = useView();
  const deleted = useDeleted();
  const { data: newest, error, refetch } = useDataset(datasetId);
  const { data: versions } = useVersions(datasetId);
  useVerdictsFromOtherTabs(datasetId);
  const progress = useProgress(datasetId, newest !== undefined && !isSettled(newest.status));
  usePageTitle(newest?.datasetName ?? 'Dataset', DATASETS);

  if (deleted.has(datasetId)) return <NoDataset isMissing />;
  const isMissing = problemOf(error)?.status === 404;
  // Deleted elsewhere while it was open: what is still shown of it no longer exists.
  if (error && (!newest || isMissing)) {
    return <NoDataset isMissing={isMissing} error={error} onRetry={() => void refetch()} />;
  }
  if (!newest) return <PageSkeleton />;
  const listed = versions ?? [newest];
  const chosen = listed.find(({ version }) => version === (view.version ?? newest.version)) ?? newest;
  const isReady = chosen.status === 'processed' || chosen.status === 'cached';
  if (isReady) {
    const Page = view.compared.length > 0 ? CompareMetricsPage : AnalysisPage;
    return (
      <Page
        dataset={chosen}
        newest={newest}
        versions={listed}
        progress={progress}
        view={view}
        changeView={changeView}
      />
    );
  }
  return (
    <NotReady dataset={chosen} versions={listed} progress={progress} view={view} changeView={changeView} />
  );
}

interface NoDatasetProps {
  isMissing: boolean;
  error?: unknown;
  onRetry?: () => void;
}

function NoDataset({ isMissing, error, onRetry = () => undefined }: NoDatasetProps) {
  usePageTitle('Not found', DATASETS);
  return (
    <Stack gap="md">
      {!isMissing && <PageHeader title="The dataset could not be loaded" />}
      {isMissing ? (
        <Card>
          <EmptyState
            icon={<IconUpload size={28} />}
            level={1}
            title="Dataset not found"
            text="It may have been deleted, or it belongs to another account."
            action={
              <Button component={Link} to="/datasets">
                Go to your datasets
              </Button>
            }
          />
        </Card>
      ) : (
        <ErrorState title="Something went wrong" error={error} onRetry={onRetry} />
      )}
    </Stack>
  );
}

interface NotReadyProps {
  dataset: DatasetResponse;
  versions: readonly DatasetResponse[];
  progress: ReturnType<typeof useProgress>;
  view: View;
  changeView: ChangeView;
}

function NotReady({ dataset, versions, progress, changeView }: NotReadyProps) {
  const reprocess = useReprocess();
  const older = versions.find(
    ({ version, status }) => version < dataset.version && (status === 'processed' || status === 'cached'),
  );
  const failed = dataset.status === 'failed';
  const percent = Math.round((progress?.fraction ?? 0.02) * 100);
  return (
    <Stack gap="md">
      <PageHeader
        title={dataset.datasetName}
        beside={<StatusChip status={dataset.status} fraction={progress?.fraction ?? null} />}
        subtitle={`${dataset.fileName}, version ${dataset.version}`}
        actions={
          older && (
            <Button variant="default" onClick={() => changeView({ version: older.version }, { push: true })}>
              View version {older.version}
            </Button>
          )
        }
      />
      {failed ? (
        <ErrorState
          title="This version could not be processed"
          error={new Error(dataset.failure?.message ?? 'The server gave no reason.')}
        >
          <Group gap="sm">
            <Button size="xs" component={Link} to={`/upload?dataset=${dataset.id}`}>
              Choose import options
            </Button>
            {!FILE_FAILURES.has(dataset.failure?.code ?? '') && (
              <Button
                size="xs"
                variant="default"
                loading={reprocess.isPending}
                onClick={() => reprocess.mutate(dataset.id)}
              >
                Re-import
              </Button>
            )}
          </Group>
        </ErrorState>
      ) : (
        <Card title="Processing" subtitle="The analysis opens as soon as it is ready.">
          <Stack gap="sm" role="status">
            <Progress value={percent} aria-label="Processed" size="lg" animated />
            <Text size="sm" className="number">
              {progress?.message ?? 'Waiting to start'} ({percent}%)
            </Text>
          </Stack>
        </Card>
      )}
      <QualityReport dataset={dataset} />
    </Stack>
  );
}
