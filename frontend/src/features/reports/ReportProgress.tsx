import { Progress } from '@mantine/core';
import type { ReportResponse } from '@/api/types';
import styles from './ReportProgress.module.css';

/** How far a report is, in words and as a bar. The words are the server's: `Drawing the charts`. */
export function ReportProgress({ report }: { report: ReportResponse }) {
  return (
    <span className={styles.making}>
      {report.message}
      <Progress
        component="span"
        value={100 * report.fraction}
        size={4}
        aria-label={`${report.fileName} is being made`}
      />
    </span>
  );
}
