import { ActionIcon, Menu } from '@mantine/core';
import { useClipboard, useDisclosure } from '@mantine/hooks';
import {
  IconDots,
  IconDownload,
  IconEdit,
  IconKeyboard,
  IconLink,
  IconRefresh,
  IconTrash,
  IconUpload,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import { Link, useNavigate } from 'react-router';
import { useReprocess } from '@/api/datasets';
import { isSettled } from '@/api/progress';
import type { DatasetResponse } from '@/api/types';
import { ConfirmDelete } from '@/components/ConfirmDelete';
import { notify, notifyFailure } from '@/components/notify';
import { RenameDialog } from '@/components/RenameDialog';
import { useDeleteWithUndo } from '@/components/useDeleteWithUndo';
import { useShortcuts } from '../shortcuts';
import { ShortcutsDialog } from './ShortcutsDialog';

interface MoreMenuProps {
  dataset: DatasetResponse;
  canExport: boolean;
  onExport: () => void;
}

export function MoreMenu({ dataset, canExport, onExport }: MoreMenuProps) {
  const navigate = useNavigate();
  const clipboard = useClipboard();
  const [renaming, rename] = useDisclosure(false);
  const [deleting, deletion] = useDisclosure(false);
  const [listing, keys] = useDisclosure(false);
  useShortcuts(useMemo(() => ({ '?': keys.open }), [keys.open]));
  const remove = useDeleteWithUndo();
  const reprocess = useReprocess();
  const copyLink = () => {
    clipboard.copy(window.location.href);
    notify('Link copied', 'Only you can open this link.');
  };
  return (
    <>
      <Menu withinPortal={false} position="bottom-end" width={250}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More">
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconDownload size={16} />} disabled={!canExport} onClick={onExport}>
            Anomalies as CSV
          </Menu.Item>
          <Menu.Item leftSection={<IconLink size={16} />} onClick={copyLink}>
            Copy link to this view
          </Menu.Item>
          <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={keys.open}>
            Keyboard shortcuts
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconUpload size={16} />}
            component={Link}
            to={`/upload?dataset=${dataset.id}`}
          >
            Upload a new version
          </Menu.Item>
          <Menu.Item
            leftSection={<IconRefresh size={16} />}
            disabled={!isSettled(dataset.status)}
            onClick={() =>
              reprocess.mutate(dataset.id, {
                onError: (error) => notifyFailure('The file could not be imported again', error),
              })
            }
          >
            Re-import the file
          </Menu.Item>
          <Menu.Item leftSection={<IconEdit size={16} />} onClick={rename.open}>
            Rename
          </Menu.Item>
          <Menu.Item leftSection={<IconTrash size={16} />} c="var(--danger-ink)" onClick={deletion.open}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {listing && <ShortcutsDialog onClose={keys.close} />}
      {renaming && <RenameDialog opened id={dataset.id} name={dataset.datasetName} onClose={rename.close} />}
      <ConfirmDelete
        opened={deleting}
        name={dataset.datasetName}
        onClose={deletion.close}
        onConfirm={() => {
          deletion.close();
          // Leave the page first: there is nothing left to show on it.
          void Promise.resolve(navigate('/datasets')).then(() => remove(dataset));
        }}
      />
    </>
  );
}
