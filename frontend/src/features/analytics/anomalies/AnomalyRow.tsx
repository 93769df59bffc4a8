import { Button, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Anomaly } from '@/api/types';
import { formatTime, type NumberWords } from '@/components/format';
import { SEVERITY_WORDS, SeverityMark } from '@/components/SeverityMark';
import { isClosed } from '../words';
import styles from './AnomalyTable.module.css';

interface AnomalyRowProps {
  anomaly: Anomaly;
  words: NumberWords;
  isSelected: boolean;
  /** A click on the row: a larger target only. The button at its end is the keyboard's way. */
  onRow: () => void;
  explain: { label: string; isPressed?: boolean; act: () => void };
  /** The cells between the expected range and the button. */
  children: ReactNode;
}

/** An anomaly in a table: how severe, when, what was read and expected, whatever the table adds, and its explanation. */
export function AnomalyRow({ anomaly, words, isSelected, onRow, explain, children }: AnomalyRowProps) {
  return (
    <Table.Tr
      className={styles.row ?? ''}
      aria-selected={isSelected}
      onClick={(event) => {
        if (!(event.target as Element).closest('button')) onRow();
      }}
    >
      <Table.Td>
        <span className={styles.severity}>
          <SeverityMark severity={anomaly.severity} hollow={isClosed(anomaly.verdict)} />{' '}
          {SEVERITY_WORDS[anomaly.severity]}
        </span>
      </Table.Td>
      <Table.Td className={styles.time ?? ''}>
        {formatTime(anomaly.date)}
        {anomaly.points > 1 && <span className={styles.more}>{anomaly.points} points</span>}
      </Table.Td>
      <Table.Td className={`${styles.numeric} ${styles.reading}`}>{words.full(anomaly.value)}</Table.Td>
      <Table.Td className={`${styles.numeric} ${styles.muted}`} data-label="Expected">
        {words.range(anomaly.lower, anomaly.upper)}
      </Table.Td>
      {children}
      <Table.Td className={styles.show ?? ''}>
        <Button
          variant="subtle"
          size="compact-sm"
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
