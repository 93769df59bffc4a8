import { Button, Menu } from '@mantine/core';
import { IconBraces, IconDownload, IconFileTypeCsv, IconFileTypePdf, IconWorld } from '@tabler/icons-react';
import { FORMAT_WORDS, useMakeReport } from '@/api/reports';
import type { ReportFormat } from '@/api/types';
import { tellFailure } from '@/components/notify';
import { analysisParams, type View } from '../view';

const FORMATS: { format: ReportFormat; Icon: typeof IconWorld }[] = [
  { format: 'pdf', Icon: IconFileTypePdf },
  { format: 'html', Icon: IconWorld },
  { format: 'csv', Icon: IconFileTypeCsv },
  { format: 'json', Icon: IconBraces },
];

interface ReportMenuProps {
  datasetId: string;
  metric: string | null;
  version: number;
  view: View;
}

/** A report of what is on the page: this metric, this version, these settings. */
export function ReportMenu({ datasetId, metric, version, view }: ReportMenuProps) {
  const make = useMakeReport();
  const order = (format: ReportFormat) =>
    make.mutate(
      { ...analysisParams(view), datasetId, metric, version, format },
      { onError: (error) => tellFailure('The report could not be made', error) },
    );
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button
          leftSection={<IconDownload size={17} />}
          loading={make.isPending}
          disabled={metric === null}
          title={metric === null ? 'Choose one metric: a report is of one' : undefined}
        >
          Download report
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map(({ format, Icon }) => (
          <Menu.Item key={format} leftSection={<Icon size={17} stroke={1.7} />} onClick={() => order(format)}>
            {FORMAT_WORDS[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
