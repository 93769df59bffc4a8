import { ActionIcon, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconEdit, IconRefresh, IconTrash, IconUpload } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useReprocess } from '@/api/datasets';
import { isSettled } from '@/api/progress';
import type { DatasetResponse } from '@/api/types';
import { ConfirmDelete } from '@/components/ConfirmDelete';
import { notifyFailure } from '@/components/notify';
import { RenameDialog } from '@/components/RenameDialog';
import { useDeleteWithUndo } from '@/components/useDeleteWithUndo';

export function DatasetMenu({ dataset }: { dataset: DatasetResponse }) {
  const [renaming, rename] = useDisclosure(false);
  const [deleting, deletion] = useDisclosure(false);
  const remove = useDeleteWithUndo();
  const reprocess = useReprocess();
  const busy = !isSettled(dataset.status);
  return (
    <>
      <Menu position="bottom-end" width={210}>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            c="var(--ink-muted)"
            aria-label={`Actions for ${dataset.datasetName}`}
          >
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconEdit size={16} />} onClick={rename.open}>
            Rename
          </Menu.Item>
          <Menu.Item
            leftSection={<IconUpload size={16} />}
            component={Link}
            to={`/upload?dataset=${dataset.id}`}
          >
            Upload a new version
          </Menu.Item>
          <Menu.Item
            leftSection={<IconRefresh size={16} />}
            disabled={busy}
            onClick={() =>
              reprocess.mutate(dataset.id, {
                onError: (error) => notifyFailure('The file could not be imported again', error),
              })
            }
          >
            Re-import
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconTrash size={16} />} c="var(--danger-ink)" onClick={deletion.open}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {renaming && <RenameDialog opened id={dataset.id} name={dataset.datasetName} onClose={rename.close} />}
      <ConfirmDelete
        opened={deleting}
        name={dataset.datasetName}
        onClose={deletion.close}
        onConfirm={() => {
          deletion.close();
          remove(dataset);
        }}
      />
    </>
  );
}
