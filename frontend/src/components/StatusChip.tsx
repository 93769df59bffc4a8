import { Loader } from '@mantine/core';
import { IconAlertTriangle, IconBolt, IconCircleCheck, IconClockHour4, IconTrash } from '@tabler/icons-react';
import type { Status } from '@/api/types';
import styles from './StatusChip.module.css';

export const STATUS_LABELS: Record<Status, string> = {
  uploaded: 'Waiting',
  processing: 'Processing',
  processed: 'Processed',
  cached: 'Ready',
  failed: 'Failed',
  deleting: 'Deleting',
};

const HINTS: Record<Status, string> = {
  uploaded: 'The file is stored and waits to be processed.',
  processing: 'The file is being read and analysed.',
  processed: 'The analysis is done.',
  cached: 'The analysis is done and opens at once.',
  failed: 'The file could not be processed.',
  deleting: 'The dataset is being deleted.',
};

const ICONS: Record<Status, React.ReactNode> = {
  uploaded: <IconClockHour4 size={15} aria-hidden />,
  processing: <Loader size={12} color="currentColor" aria-hidden />,
  processed: <IconCircleCheck size={15} aria-hidden />,
  cached: <IconBolt size={15} aria-hidden />,
  failed: <IconAlertTriangle size={15} aria-hidden />,
  deleting: <IconTrash size={15} aria-hidden />,
};

export function StatusChip({ status, fraction }: { status: Status; fraction?: number | null }) {
  const percent = status === 'processing' && fraction ? ` ${Math.round(fraction * 100)}%` : '';
  return (
    <span className={styles.chip} data-status={status} title={HINTS[status]}>
      {ICONS[status]}
      <span className="number">
        {STATUS_LABELS[status]}
        {percent}
      </span>
    </span>
  );
}

export function StatusDot({ status }: { status: Status }) {
  return <span className={styles.dot} data-status={status} aria-hidden="true" />;
}
