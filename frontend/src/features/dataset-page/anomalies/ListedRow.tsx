import { Checkbox, Table, Tooltip } from '@mantine/core';
import { kindLabel, labelOf } from '@/api/labels';
import type { Anomaly } from '@/api/types';
import { formatTime, type NumberFormat } from '@/components/format';

import { verdictLabel } from '../labels';

import type { AnalysisView } from '../useAnalysisView';
import { AnomalyRow } from './AnomalyRow';
import styles from './AnomalyTable.module.css';
import { CertaintyCell } from './CertaintyCell';
import { outsideBy } from './triage';

interface ListedRowProps {
  anomaly: Anomaly;
  numbers: NumberFormat;
  /** The largest distance in the list: it fills the bar. */
  largest: number;
  state: AnalysisView;
}

/** One line of the table of anomalies. */
export function ListedRow({ anomaly, numbers, largest, state }: ListedRowProps) {
  const isSelected = state.selected?.id === anomaly.id;
  const verdict = verdictLabel(anomaly.verdict);
  const when = formatTime(anomaly.date);
  return (
    <AnomalyRow
      anomaly={anomaly}
      numbers={numbers}
      isSelected={isSelected}
      onRow={() => state.select(anomaly.id)}
      check={
        <Checkbox
          size="xs"
          aria-label={`Select the anomaly of ${when}`}
          checked={state.checked.has(anomaly.id)}
          onChange={(event) => state.toggleChecked([anomaly.id], event.currentTarget.checked)}
        />
      }
      explain={{
        label: `Explain the anomaly of ${when}`,
        isPressed: isSelected,
        act: () => state.select(isSelected ? null : anomaly.id),
      }}
    >
      <Table.Td data-label="Outside by">
        <OutsideBar anomaly={anomaly} numbers={numbers} largest={largest} />
      </Table.Td>
      <CertaintyCell anomaly={anomaly} />
      <Table.Td className={styles.kind ?? ''}>{kindLabel(anomaly)}</Table.Td>
      <Table.Td className={styles.methods ?? ''}>
        <MethodDots anomaly={anomaly} />
      </Table.Td>
      <Table.Td className={styles.verdict ?? ''} data-label={verdict ? 'Verdict' : undefined}>
        {verdict && (
          <span dir="auto" title={anomaly.reason ?? undefined}>
            {anomaly.reason ? `${verdict}: ${anomaly.reason}` : verdict}
          </span>
        )}
      </Table.Td>
    </AnomalyRow>
  );
}

function OutsideBar({ anomaly, numbers, largest }: Omit<ListedRowProps, 'state'>) {
  const outside = outsideBy(anomaly);
  return (
    <span className={styles.outside}>
      <span className={styles.amount}>{numbers.change(outside)}</span>
      <span className={styles.track} aria-hidden="true">
        <span
          className={styles.fill}
          style={{
            width: `${largest > 0 ? (100 * Math.abs(outside)) / largest : 0}%`,
            background: `var(--${anomaly.severity})`,
          }}
        />
      </span>
    </span>
  );
}

/** 5 of 7 methods as dots; their names on hover. */
function MethodDots({ anomaly }: { anomaly: Anomaly }) {
  const flagged = anomaly.methods.filter((vote) => vote.flagged);
  if (anomaly.methods.length === 0) return <span>{labelOf('methods', anomaly.type)}</span>;
  const names =
    flagged.map(({ name }) => labelOf('methods', name)).join(', ') || labelOf('methods', anomaly.type);
  const label = `${flagged.length} of ${anomaly.methods.length} methods: ${names}`;
  return (
    <Tooltip label={names} multiline maw={280}>
      <span className={styles.dots} role="img" aria-label={label}>
        {anomaly.methods.map(({ name, flagged: isOn }) => (
          <span key={name} className={styles.dot} data-on={isOn} />
        ))}
      </span>
    </Tooltip>
  );
}
