import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { Card } from '@/components/Card';
import { formatBytes, formatDuration } from '@/components/format';

interface SendingCardProps {
  fileName: string;
  bytes: number;
  fraction: number;
  rate: number | null;
  /** The bucket did not take it, so it is sent through the API. */
  detour: boolean;
  onCancel: () => void;
}

export function SendingCard({ fileName, bytes, fraction, rate, detour, onCancel }: SendingCardProps) {
  const left = rate && rate > 0 ? ((1 - fraction) * bytes) / rate : null;
  const percent = Math.round(fraction * 100);
  return (
    <Card title={`Uploading ${fileName}`}>
      <Stack gap="sm">
        <Progress value={percent} aria-label="Uploaded" size="lg" transitionDuration={150} />
        <Group justify="space-between">
          <Text size="sm" c="dimmed" className="number">
            {percent}% of {formatBytes(bytes)}
            {rate ? `, ${formatBytes(Math.round(rate))}/s` : ''}
            {left !== null && left > 2 ? `, about ${formatDuration(Math.round(left))} left` : ''}
          </Text>
          <Button variant="default" size="xs" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
        {detour && (
          <Text size="sm" role="status">
            The file could not be sent to the file store directly. It is sent through Driftline instead.
          </Text>
        )}
      </Stack>
    </Card>
  );
}
