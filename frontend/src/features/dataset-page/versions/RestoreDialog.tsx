import { Button, Group, Modal, Text } from '@mantine/core';
import type { DatasetResponse } from '@/api/types';
import { counted, formatInstant } from '@/components/format';
import { notify, notifyFailure } from '@/components/notify';
import { useRestore } from '../api';

interface RestoreDialogProps {
  /** The older version. */
  dataset: DatasetResponse;
  newest: number;
  onClose: () => void;
  onRestored: (version: number) => void;
}

/** Asks first: from then on everyone who opens the dataset sees another version. */
export function RestoreDialog({ dataset, newest, onClose, onRestored }: RestoreDialogProps) {
  const restore = useRestore(dataset.id);
  const { version, rowCount, uploadedAt } = dataset;
  const rows = rowCount === null ? 'Its content' : counted(rowCount, 'row');
  const restoreVersion = () =>
    restore.mutate(version, {
      onSuccess: (made) => {
        notify(`Version ${version} is restored as version ${made.version}`);
        onClose();
        onRestored(made.version);
      },
      onError: (error) => notifyFailure('The version could not be restored', error),
    });
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Restore version ${version}?`}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Text size="sm">
        {rows} of {formatInstant(uploadedAt)} {rowCount === 1 || rowCount === null ? 'becomes' : 'become'}{' '}
        version {newest + 1}, the newest, and {rowCount === 1 || rowCount === null ? 'is' : 'are'} analysed
        again. All versions are kept, and your verdicts apply to all of them.
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button loading={restore.isPending} onClick={restoreVersion}>
          Restore
        </Button>
      </Group>
    </Modal>
  );
}
