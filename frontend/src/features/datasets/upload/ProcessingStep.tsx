import { Button, Group, Loader, Progress, Stack, Text } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useDataset } from '@/api/datasets';
import { problemOf } from '@/api/problem';
import { isSettled, useProgress } from '@/api/progress';
import type { Dataset } from '@/api/types';
import { Card } from '@/components/Card';
import { ErrorState } from '@/components/ErrorState';
import { counted } from '@/components/format';
import { QualityReport } from '@/components/QualityReport';
import type { Sent } from './api';

interface ProcessingStepProps {
  uploaded: Sent;
  onChangeColumns: () => void;
  onAnotherFile: () => void;
}

export function ProcessingStep({ uploaded, onChangeColumns, onAnotherFile }: ProcessingStepProps) {
  const { data: dataset, error, refetch } = useDataset(uploaded.datasetId);
  const current = dataset && dataset.version >= uploaded.version ? dataset : undefined;
  const settled = current !== undefined && isSettled(current.status);
  const progress = useProgress(uploaded.datasetId, !settled, uploaded.isAwaited ? uploaded.version : null);
  // A file that went straight to the bucket is no dataset before a worker has heard of it.
  const isOnItsWay = uploaded.isAwaited && problemOf(error)?.code === 'dataset_not_found';

  if (error && !current && !isOnItsWay) {
    return (
      <ErrorState title="The state of the upload is unknown" error={error} onRetry={() => void refetch()} />
    );
  }
  if (current && current.status === 'failed') {
    return <Failed dataset={current} onChangeColumns={onChangeColumns} onAnotherFile={onAnotherFile} />;
  }
  if (current && settled) return <Finished dataset={current} />;

  const percent = Math.round((progress?.fraction ?? 0.02) * 100);
  return (
    <Card
      title={`Processing ${uploaded.datasetName}`}
      subtitle="You may leave this page; it goes on without you."
    >
      <Stack gap="sm" role="status">
        <Progress value={percent} aria-label="Processed" size="lg" animated transitionDuration={200} />
        <Group gap="xs">
          <Loader size="xs" />
          <Text size="sm" className="number">
            {progress?.message ?? 'Waiting for its turn'} ({percent}%)
          </Text>
        </Group>
      </Stack>
    </Card>
  );
}

function Finished({ dataset }: { dataset: Dataset }) {
  const { anomalyCount, metrics } = dataset;
  const [first] = metrics;
  return (
    <Stack gap="md">
      <QualityReport dataset={dataset} />
      <Group justify="flex-end" gap="md">
        {anomalyCount !== null && first && (
          <Text size="sm" c="dimmed">
            {anomalyCount === 0 ? 'No anomaly' : counted(anomalyCount, 'anomaly', 'anomalies')} in{' '}
            {first.title}
          </Text>
        )}
        <Button
          size="md"
          component={Link}
          to={`/datasets/${dataset.id}`}
          rightSection={<IconArrowRight size={18} />}
          data-autofocus
        >
          Open the analysis
        </Button>
      </Group>
    </Stack>
  );
}

interface FailedProps extends Omit<ProcessingStepProps, 'uploaded'> {
  dataset: Dataset;
}

function Failed({ dataset, onChangeColumns, onAnotherFile }: FailedProps) {
  const message = dataset.failure?.message ?? 'The server gave no reason.';
  return (
    <ErrorState title="This file could not be processed" error={new Error(message)}>
      <Group gap="sm">
        <Button size="xs" onClick={onChangeColumns}>
          Change how it is read
        </Button>
        <Button size="xs" variant="default" onClick={onAnotherFile}>
          Choose another file
        </Button>
      </Group>
    </ErrorState>
  );
}
