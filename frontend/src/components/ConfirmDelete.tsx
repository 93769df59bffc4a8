import { Button, Group, Modal, Text } from '@mantine/core';

interface ConfirmDeleteProps {
  opened: boolean;
  name: string;
  onClose: () => void;
  onConfirm: () => void;
}

export function ConfirmDelete({ opened, name, onClose, onConfirm }: ConfirmDeleteProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Delete this dataset?"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        <strong>{name}</strong> will be deleted with all its versions, analyses and notes. You can undo it for
        a few seconds, then it is gone.
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button color="red.9" onClick={onConfirm}>
          Delete
        </Button>
      </Group>
    </Modal>
  );
}
