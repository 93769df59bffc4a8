import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { Link, useParams } from 'react-router';
import { useDataset, useReprocess, useVersions } from '@/api/datasets';
import { useDeleted } from '@/api/deletion';
import { problemOf } from '@/api/problem';
import { isSettled, useProgress } from '@/api/progress';
import type { Dataset } from '@/api/types';
import { Card } from '@/components/Card';
import { EmptyState } from '@/components/EmptyState';
import { ErrorState } from '@/components/ErrorState';
import { PageHeader } from '@/components/PageHeader';
import { PageSkeleton } from '@/components/PageSkeleton';
import { QualityReport } from '@/components/QualityReport';
import { StatusChip } from '@/components/StatusChip';
import { usePageTitle } from '@/components/usePageTitle';
import { AnalysisPage } from './AnalysisPage';
import { useVerdictsOfOtherTabs } from './anomalies/useAnnotate';
import { StackPage } from './stack/StackPage';
import { useView } from './useView';
import type { ChangeView, View } from './view';

const DATASETS = { label: 'Datasets', to: '/datasets' };

export function DatasetPage() {
  const { datasetId = '' } = useParams();
  // A page of its own for each dataset: nothing of one is left when another is opened.
  return <OneDataset key={datasetId} datasetId={datasetId} />;
}

function OneDataset({ datasetId }: { datasetId: string }) {
  const [view, changeView] = useView();
  const deleted = useDeleted();
  const { data: newest, error, refetch } = useDataset(datasetId);
  const { data: versions } = useVersions(datasetId);
  useVerdictsOfOtherTabs(datasetId);
  const progress = useProgress(datasetId, newest !== undefined && !isSettled(newest.status));
  usePageTitle(newest?.datasetName ?? 'Dataset', DATASETS);

  if (deleted.has(datasetId)) return <NoDataset isMissing />;
  const isMissing = problemOf(error)?.status === 404;
  // Deleted elsewhere while it was open: what is still shown of it is no more.
  if (error && (!newest || isMissing)) {
    return <NoDataset isMissing={isMissing} error={error} onRetry={() => void refetch()} />;
  }
  if (!newest) return <PageSkeleton />;
  const listed = versions ?? [newest];
  const chosen = listed.find(({ version }) => version === (view.version ?? newest.version)) ?? newest;
  const isReady = chosen.status === 'processed' || chosen.status === 'cached';
  if (isReady) {
    const Page = view.compared.length > 0 ? StackPage : AnalysisPage;
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
      <PageHeader title={isMissing ? 'There is no such dataset' : 'The dataset could not be loaded'} />
      {isMissing ? (
        <Card>
          <EmptyState
            icon={<IconUpload size={28} />}
            title="Nothing here"
            text="It may have been deleted, or it belongs to another account."
            action={
              <Button component={Link} to="/datasets">
                Go to your datasets
              </Button>
            }
          />
        </Card>
      ) : (
        <ErrorState title="Something is in the way" error={error} onRetry={onRetry} />
      )}
    </Stack>
  );
}

interface NotReadyProps {
  dataset: Dataset;
  versions: readonly Dataset[];
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
              View version {older.version} meanwhile
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
              Upload it again
            </Button>
            <Button
              size="xs"
              variant="default"
              loading={reprocess.isPending}
              onClick={() => reprocess.mutate(dataset.id)}
            >
              Run again
            </Button>
          </Group>
        </ErrorState>
      ) : (
        <Card title="Processing" subtitle="This page opens the analysis by itself.">
          <Stack gap="sm" role="status">
            <Progress value={percent} aria-label="Processed" size="lg" animated />
            <Text size="sm" className="number">
              {progress?.message ?? 'Waiting for its turn'} ({percent}%)
            </Text>
          </Stack>
        </Card>
      )}
      <QualityReport dataset={dataset} />
    </Stack>
  );
}
