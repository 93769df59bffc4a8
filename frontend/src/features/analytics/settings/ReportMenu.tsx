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
  /** A report is of one metric: of several, each gets its own. */
  metrics: readonly string[];
  version: number;
  view: View;
}

/** A report of what is on the page: these metrics, this version, these settings. */
export function ReportMenu({ datasetId, metrics, version, view }: ReportMenuProps) {
  const make = useMakeReport();
  const words = metrics.length > 1 ? `${metrics.length} reports are` : 'the report is';
  const said = make.isPending
    ? wordsOf(make.progress)
    : make.isSuccess
      ? `${capital(words)} downloaded.`
      : '';
  const order = (format: ReportFormat) =>
    make.mutate(
      metrics.map((metric) => ({ ...analysisParams(view), datasetId, metric, version, format })),
      { onError: (error) => tellFailure('The report could not be made', error) },
    );
  return (
    <Menu withinPortal={false} position="bottom-end" width={240} disabled={make.isPending}>
      <Menu.Target>
        <Button
          className={make.isPending ? styles.making : undefined}
          leftSection={
            make.isPending ? <Loader size={15} color="currentColor" /> : <IconDownload size={17} />
          }
          aria-disabled={make.isPending}
          disabled={metrics.length === 0}
        >
          {make.isPending ? <Making report={make.progress} /> : 'Download report'}
        </Button>
      </Menu.Target>
      <output className="visually-hidden">{said}</output>
      <Menu.Dropdown>
        {metrics.length > 1 && <Menu.Label>A file for each of the {metrics.length} metrics</Menu.Label>}
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

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
