import { Button, Loader, Menu } from '@mantine/core';
import { IconBraces, IconDownload, IconFileTypeCsv, IconFileTypePdf, IconWorld } from '@tabler/icons-react';
import { FORMAT_LABELS, useMakeReport } from '@/api/reports';
import type { ReportFormat, ReportResponse } from '@/api/types';
import { capital } from '@/components/format';
import { notifyFailure } from '@/components/notify';
import { analysisParams, type View } from '../view';
import styles from './ReportMenu.module.css';

const FORMATS: { format: ReportFormat; Icon: typeof IconWorld }[] = [
  { format: 'pdf', Icon: IconFileTypePdf },
  { format: 'html', Icon: IconWorld },
  { format: 'csv', Icon: IconFileTypeCsv },
  { format: 'json', Icon: IconBraces },
];

const REQUESTING = 'Requesting the report';

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
  const numbers = metrics.length > 1 ? `${metrics.length} reports are` : 'the report is';
  const announcement = make.isPending
    ? numberFormatOf(make.progress)
    : make.isSuccess
      ? `${capital(numbers)} downloaded.`
      : '';
  const order = (format: ReportFormat) =>
    make.mutate(
      metrics.map((metric) => ({ ...analysisParams(view), datasetId, metric, version, format })),
      { onError: (error) => notifyFailure('The report could not be created', error) },
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
      <output className="visually-hidden">{announcement}</output>
      <Menu.Dropdown>
        {metrics.length > 1 && <Menu.Label>A file for each of the {metrics.length} metrics</Menu.Label>}
        {FORMATS.map(({ format, Icon }) => (
          <Menu.Item key={format} leftSection={<Icon size={17} stroke={1.7} />} onClick={() => order(format)}>
            {FORMAT_LABELS[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The current step, over a line that grows with the steps that are done. */
function Making({ report }: { report: ReportResponse | null }) {
  return (
    <>
      {report?.message ?? REQUESTING}
      <span className={styles.bar} aria-hidden="true">
        <span className={styles.done} style={{ width: `${100 * (report?.fraction ?? 0)}%` }} />
      </span>
    </>
  );
}

function numberFormatOf(report: ReportResponse | null): string {
  return report ? `Report: ${report.message}, ${Math.round(100 * report.fraction)}% done.` : REQUESTING;
}
