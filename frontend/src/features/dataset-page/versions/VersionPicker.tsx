import { Button, Menu, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowsDiff, IconCheck, IconChevronDown, IconHistory } from '@tabler/icons-react';
import type { DatasetResponse } from '@/api/types';
import { counted, formatInstant } from '@/components/format';
import { STATUS_LABELS } from '@/components/StatusChip';
import { metricOf } from '../labels';
import { CompareDialog } from './CompareDialog';
import { RestoreDialog } from './RestoreDialog';

interface VersionPickerProps {
  /** The version that is shown. */
  dataset: DatasetResponse;
  /** Every version, the newest first. */
  versions: readonly DatasetResponse[];
  metric: string | null;
  onChoose: (version: number) => void;
  /** Show an anomaly of a version. */
  onShow: (version: number, anomaly: string) => void;
}

export function VersionPicker({ dataset, versions, metric, onChoose, onShow }: VersionPickerProps) {
  const [comparing, compare] = useDisclosure(false);
  const [asking, ask] = useDisclosure(false);
  const newest = versions[0]?.version ?? dataset.version;
  const isOlder = dataset.version !== newest;
  const ready = versions.filter(({ status }) => status === 'processed' || status === 'cached');
  return (
    <>
      <Menu withinPortal={false} position="bottom-start" width={300}>
        <Menu.Target>
          <Button variant="default" size="compact-md" rightSection={<IconChevronDown size={14} />}>
            Version {dataset.version}
            {isOlder && ' (older)'}
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
              {version.version === newest && versions.length > 1 ? ', the newest' : ''}
              <Text size="xs" c="dimmed">
                {formatInstant(version.uploadedAt)}
                {version.rowCount === null ? '' : `, ${counted(version.rowCount, 'row')}`}
                {version.status === 'cached' || version.status === 'processed'
                  ? ''
                  : `, ${STATUS_LABELS[version.status].toLowerCase()}`}
              </Text>
            </Menu.Item>
          ))}
          {versions.length > 1 && <Menu.Divider />}
          {ready.length > 1 && (
            <Menu.Item leftSection={<IconArrowsDiff size={16} />} onClick={compare.open}>
              Compare versions
            </Menu.Item>
          )}
          {isOlder && (
            <Menu.Item leftSection={<IconHistory size={16} />} onClick={ask.open}>
              Restore version {dataset.version}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {asking && (
        <RestoreDialog
          dataset={dataset}
          newest={newest}
          onClose={ask.close}
          onRestored={() => onChoose(newest)}
        />
      )}
      {comparing && metric && (
        <CompareDialog
          datasetId={dataset.id}
          versions={ready}
          metric={metricOf(dataset, metric)}
          shown={dataset.version}
          onShow={(version, anomaly) => {
            compare.close();
            onShow(version, anomaly);
          }}
          onClose={compare.close}
        />
      )}
    </>
  );
}
