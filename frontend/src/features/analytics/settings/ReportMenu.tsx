import { Button, Loader, Menu } from '@mantine/core';
import { IconBraces, IconDownload, IconFileTypeCsv, IconFileTypePdf, IconWorld } from '@tabler/icons-react';
import { FORMAT_WORDS, useMakeReport } from '@/api/reports';
import type { Report, ReportFormat } from '@/api/types';
import { tellFailure } from '@/components/notify';
import { analysisParams, type View } from '../view';
import styles from './ReportMenu.module.css';

const FORMATS: { format: ReportFormat; Icon: typeof IconWorld }[] = [
  { format: 'pdf', Icon: IconFileTypePdf },
  { format: 'html', Icon: IconWorld },
  { format: 'csv', Icon: IconFileTypeCsv },
  { format: 'json', Icon: IconBraces },
];

const ASKING = 'Asking for the report';

interface ReportMenuProps {
  datasetId: string;
  metric: string | null;
  version: number;
  view: View;
}

/** A report of what is on the page: this metric, this version, these settings. */
export function ReportMenu({ datasetId, metric, version, view }: ReportMenuProps) {
  const make = useMakeReport();
  const said = make.isPending ? wordsOf(make.progress) : make.isSuccess ? 'The report is downloaded.' : '';
  const order = (format: ReportFormat) =>
    make.mutate(
      { ...analysisParams(view), datasetId, metric, version, format },
      { onError: (error) => tellFailure('The report could not be made', error) },
    );
  return (
    <Menu position="bottom-end" width={240} disabled={make.isPending}>
      <Menu.Target>
        <Button
          className={make.isPending ? styles.making : undefined}
          leftSection={
            make.isPending ? <Loader size={15} color="currentColor" /> : <IconDownload size={17} />
          }
          aria-disabled={make.isPending}
          disabled={metric === null}
          title={metric === null ? 'Choose one metric: a report is of one' : undefined}
        >
          {make.isPending ? <Making report={make.progress} /> : 'Download report'}
        </Button>
      </Menu.Target>
      <output className="visually-hidden">{said}</output>
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

/** What is being done now, over a line that grows with the steps that are done. */
function Making({ report }: { report: Report | null }) {
  return (
    <>
      {report?.message ?? ASKING}
      <span className={styles.bar} aria-hidden="true">
        <span className={styles.done} style={{ width: `${100 * (report?.fraction ?? 0)}%` }} />
      </span>
    </>
  );
}

function wordsOf(report: Report | null): string {
  return report ? `Report: ${report.message}, ${Math.round(100 * report.fraction)}% done.` : ASKING;
}
