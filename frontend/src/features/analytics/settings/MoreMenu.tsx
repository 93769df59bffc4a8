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
import type { Dataset } from '@/api/types';
import { ConfirmDelete } from '@/components/ConfirmDelete';
import { tell, tellFailure } from '@/components/notify';
import { RenameDialog } from '@/components/RenameDialog';
import { useDeleteWithUndo } from '@/components/useDeleteWithUndo';
import { useShortcuts } from '../shortcuts';
import { ShortcutsDialog } from './ShortcutsDialog';

interface MoreMenuProps {
  dataset: Dataset;
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
    tell('Link copied', 'It shows what you see now, to you and your account only.');
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
            Copy a link to this view
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
                onError: (error) => tellFailure('The file could not be read again', error),
              })
            }
          >
            Read the file again
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
          // Away from it first: there is nothing left to look at here.
          void Promise.resolve(navigate('/datasets')).then(() => remove(dataset));
        }}
      />
    </>
  );
}
