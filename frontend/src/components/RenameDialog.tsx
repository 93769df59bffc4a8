import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useRenameDataset } from '@/api/datasets';
import { useLimits } from '@/api/limits';
import { problemText } from '@/api/problem';

interface RenameDialogProps {
  opened: boolean;
  id: string;
  name: string;
  onClose: () => void;
}

export function RenameDialog({ opened, id, name, onClose }: RenameDialogProps) {
  const [draft, setDraft] = useState(name);
  const rename = useRenameDataset();
  const { data: limits } = useLimits();
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    rename.mutate({ id, name: draft.trim() }, { onSuccess: onClose });
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Rename dataset"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <TextInput
          label="Name"
          value={draft}
          maxLength={limits?.maxNameCharacters}
          onChange={(event) => setDraft(event.currentTarget.value)}
          error={rename.error ? problemText(rename.error) : null}
          data-autofocus
        />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={rename.isPending} disabled={draft.trim() === ''}>
            Rename
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
