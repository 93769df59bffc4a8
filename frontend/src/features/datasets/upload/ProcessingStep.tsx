import { Button, Group, Loader, Progress, Stack, Text } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useDataset } from '@/api/datasets';
import { problemOf } from '@/api/problem';
import { isSettled, useProgress } from '@/api/progress';
import type { DatasetResponse } from '@/api/types';
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
  // A file that went straight to the bucket is no dataset before a worker has received it.
  const isOnItsWay = uploaded.isAwaited && problemOf(error)?.code === 'dataset_not_found';

  if (error && !current && !isOnItsWay) {
    return (
      <ErrorState
        title="The state of the upload could not be loaded"
        error={error}
        onRetry={() => void refetch()}
      />
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
      subtitle="You can leave this page; processing continues."
    >
      <Stack gap="sm" role="status">
        <Progress value={percent} aria-label="Processed" size="lg" animated transitionDuration={200} />
        <Group gap="xs">
          <Loader size="xs" />
          <Text size="sm" className="number">
            {progress?.message ?? 'Waiting to start'} ({percent}%)
          </Text>
        </Group>
      </Stack>
    </Card>
  );
}

function Finished({ dataset }: { dataset: DatasetResponse }) {
  const { anomalyCount, metrics } = dataset;
  const [first] = metrics;
  return (
    <Stack gap="md">
      <QualityReport dataset={dataset} />
      <Group justify="flex-end" gap="md">
        {anomalyCount !== null && first && (
          <Text size="sm" c="dimmed">
            {anomalyCount === 0
              ? 'No open anomalies'
              : counted(anomalyCount, 'open anomaly', 'open anomalies')}{' '}
            in {metrics.length === 1 ? first.title : `${metrics.length} metrics`}
          </Text>
        )}
        <Button
          size="md"
          component={Link}
          to={`/datasets/${dataset.id}`}
          rightSection={<IconArrowRight size={18} />}
          data-autofocus
        >
          Open analysis
        </Button>
      </Group>
    </Stack>
  );
}

interface FailedProps extends Omit<ProcessingStepProps, 'uploaded'> {
  dataset: DatasetResponse;
}

function Failed({ dataset, onChangeColumns, onAnotherFile }: FailedProps) {
  const message = dataset.failure?.message ?? 'The server gave no reason.';
  return (
    <ErrorState title="This file could not be processed" error={new Error(message)}>
      <Group gap="sm">
        <Button size="xs" onClick={onChangeColumns}>
          Change import options
        </Button>
        <Button size="xs" variant="default" onClick={onAnotherFile}>
          Choose another file
        </Button>
      </Group>
    </ErrorState>
  );
}
