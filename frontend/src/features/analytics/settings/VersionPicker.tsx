import { Button, Menu, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowsDiff, IconCheck, IconChevronDown, IconHistory } from '@tabler/icons-react';
import type { Dataset } from '@/api/types';
import { counted, formatInstant } from '@/components/format';
import { tell, tellFailure } from '@/components/notify';
import { STATUS_WORDS } from '@/components/StatusChip';
import { useRestore } from '../api';
import { metricOf } from '../words';
import { CompareDialog } from './CompareDialog';

interface VersionPickerProps {
  /** The version that is shown. */
  dataset: Dataset;
  /** Every version, the newest first. */
  versions: readonly Dataset[];
  metric: string | null;
  onChoose: (version: number) => void;
}

export function VersionPicker({ dataset, versions, metric, onChoose }: VersionPickerProps) {
  const [comparing, compare] = useDisclosure(false);
  const restore = useRestore(dataset.id);
  const isOlder = versions[0] !== undefined && versions[0].version !== dataset.version;
  const ready = versions.filter(({ status }) => status === 'processed' || status === 'cached');
  const bringBack = () =>
    restore.mutate(dataset.version, {
      onSuccess: ({ version }) => {
        tell(`Version ${dataset.version} comes back as version ${version}`);
        onChoose(version);
      },
      onError: (error) => tellFailure('The version could not be brought back', error),
    });
  return (
    <>
      <Menu position="bottom-start" width={300}>
        <Menu.Target>
          <Button variant="default" size="compact-md" rightSection={<IconChevronDown size={14} />}>
            Version {dataset.version}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
          <Menu.Label>{counted(versions.length, 'version')}</Menu.Label>
          {versions.map((version) => (
            <Menu.Item
              key={version.version}
              rightSection={
                version.version === dataset.version ? <IconCheck size={16} aria-label="shown" /> : null
              }
              onClick={() => onChoose(version.version)}
            >
              Version {version.version}
              <Text size="xs" c="dimmed">
                {formatInstant(version.uploadedAt)}
                {version.rowCount === null ? '' : `, ${counted(version.rowCount, 'row')}`}
                {version.status === 'cached' || version.status === 'processed'
                  ? ''
                  : `, ${STATUS_WORDS[version.status].toLowerCase()}`}
              </Text>
            </Menu.Item>
          ))}
          {versions.length > 1 && <Menu.Divider />}
          {ready.length > 1 && (
            <Menu.Item leftSection={<IconArrowsDiff size={16} />} onClick={compare.open}>
              Compare two versions
            </Menu.Item>
          )}
          {isOlder && (
            <Menu.Item
              leftSection={<IconHistory size={16} />}
              onClick={bringBack}
              disabled={restore.isPending}
            >
              Bring version {dataset.version} back as the newest
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {comparing && metric && (
        <CompareDialog
          datasetId={dataset.id}
          versions={ready}
          metric={metricOf(dataset, metric)}
          onClose={compare.close}
        />
      )}
    </>
  );
}
