import { Button, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { labelOf } from '@/api/labels';
import type { Anomaly } from '@/api/types';
import { formatEvent, type NumberFormat } from '@/components/format';
import { SeverityMark } from '@/components/SeverityMark';
import { isClosed } from '../labels';
import styles from './AnomalyTable.module.css';

interface AnomalyRowProps {
  anomaly: Anomaly;
  numbers: NumberFormat;
  isSelected: boolean;
  /** A click on the row: a larger target only. The button at its end is the keyboard's way. */
  onRow: () => void;
  explain: { label: string; isPressed?: boolean; act: () => void };
  /** A checkbox in front, where several can be selected. */
  check?: ReactNode;
  /** The cells between the expected range and the button. */
  children: ReactNode;
}

/** An anomaly in a table: severity, time, value, expected range, the table's own cells, and its explanation. */
export function AnomalyRow(props: AnomalyRowProps) {
  const { anomaly, numbers, isSelected, onRow, explain, check, children } = props;
  return (
    <Table.Tr
      className={styles.row ?? ''}
      aria-selected={isSelected}
      onClick={(event) => {
        if (!(event.target as Element).closest('button, input, label')) onRow();
      }}
    >
      {check && <Table.Td className={`${styles.check} screen-only`}>{check}</Table.Td>}
      <Table.Td>
        <span className={styles.severity}>
          <SeverityMark severity={anomaly.severity} hollow={isClosed(anomaly.verdict)} />{' '}
          {labelOf('severities', anomaly.severity)}
        </span>
      </Table.Td>
      <Table.Td className={styles.time ?? ''}>{formatEvent(anomaly)}</Table.Td>
      <Table.Td className={`${styles.numeric} ${styles.actual}`}>{numbers.full(anomaly.value)}</Table.Td>
      <Table.Td className={`${styles.numeric} ${styles.muted}`} data-label="Expected">
        {numbers.range(anomaly.lower, anomaly.upper)}
      </Table.Td>
      {children}
      <Table.Td className={`${styles.show} screen-only`}>
        <Button
          variant="subtle"
          size="compact-xs"
          aria-label={explain.label}
          aria-pressed={explain.isPressed}
          onClick={explain.act}
        >
          Explain
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
