import { Button, Group, Modal, Text } from '@mantine/core';
import type { Dataset } from '@/api/types';
import { counted, formatInstant } from '@/components/format';
import { tell, tellFailure } from '@/components/notify';
import { useRestore } from '../api';

interface RestoreDialogProps {
  /** The older version. */
  dataset: Dataset;
  newest: number;
  onClose: () => void;
  onRestored: (version: number) => void;
}

/** Ask first: everybody who opens the dataset sees another version from then on. */
export function RestoreDialog({ dataset, newest, onClose, onRestored }: RestoreDialogProps) {
  const restore = useRestore(dataset.id);
  const { version, rowCount, uploadedAt } = dataset;
  const rows = rowCount === null ? 'What it consists of' : counted(rowCount, 'row');
  const bringBack = () =>
    restore.mutate(version, {
      onSuccess: (made) => {
        tell(`Version ${version} comes back as version ${made.version}`);
        onClose();
        onRestored(made.version);
      },
      onError: (error) => tellFailure('The version could not be brought back', error),
    });
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Bring version ${version} back?`}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Text size="sm">
        {rows} of {formatInstant(uploadedAt)} {rowCount === 1 || rowCount === null ? 'becomes' : 'become'}{' '}
        version {newest + 1}, the newest, and {rowCount === 1 || rowCount === null ? 'is' : 'are'} analysed
        again. No version is lost, and your verdicts hold for all of them.
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button loading={restore.isPending} onClick={bringBack}>
          Bring it back
        </Button>
      </Group>
    </Modal>
  );
}
