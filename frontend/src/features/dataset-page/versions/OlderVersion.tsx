import { Alert, Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconHistory } from '@tabler/icons-react';
import type { DatasetResponse } from '@/api/types';
import { formatInstant } from '@/components/format';
import type { ChangeView } from '../view';
import { RestoreDialog } from './RestoreDialog';

interface OlderVersionProps {
  dataset: DatasetResponse;
  newest: DatasetResponse;
  changeView: ChangeView;
}

/** Says that the version on the page is not the newest. */
export function OlderVersion({ dataset, newest, changeView }: OlderVersionProps) {
  const [asking, ask] = useDisclosure(false);
  if (dataset.version === newest.version) return null;
  const viewNewest = () => changeView({ version: null, selected: null }, { push: true });
  return (
    <Alert
      variant="light"
      color="yellow"
      bg="var(--low-wash)"
      c="var(--ink)"
      p="xs"
      icon={<IconHistory color="var(--low)" />}
    >
      <Group justify="space-between" gap="sm">
        <Text size="sm" style={{ flex: '1 1 260px' }}>
          <strong>Older version.</strong> This is version {dataset.version} of{' '}
          {formatInstant(dataset.uploadedAt)}; the newest is version {newest.version}.
        </Text>
        <Group gap={8}>
          <Button size="compact-sm" variant="default" onClick={ask.open}>
            Restore
          </Button>
          <Button size="compact-sm" onClick={viewNewest}>
            View newest
          </Button>
        </Group>
      </Group>
      {asking && (
        <RestoreDialog
          dataset={dataset}
          newest={newest.version}
          onClose={ask.close}
          onRestored={viewNewest}
        />
      )}
    </Alert>
  );
}
