import { Button, Group, Modal, Text } from '@mantine/core';
import { problemText } from '@/api/problem';
import { useOnce } from './useOnce';

interface ConfirmDeleteProps {
  opened: boolean;
  name: string;
  pending: boolean;
  error: unknown;
  onClose: () => void;
  onConfirm: () => void;
}

export function ConfirmDelete({ opened, name, pending, error, onClose, onConfirm }: ConfirmDeleteProps) {
  const confirm = useOnce(pending, error, onConfirm);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Delete this dataset?"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        <strong>{name}</strong> will be deleted with all its versions, analyses and notes. This cannot be
        undone.
      </Text>
      {Boolean(error) && (
        <Text role="alert" size="sm" mt="sm" c="var(--danger-ink)">
          {problemText(error)}
        </Text>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep it
        </Button>
        <Button color="red.9" loading={pending} onClick={() => confirm()}>
          Delete
        </Button>
      </Group>
    </Modal>
  );
}
