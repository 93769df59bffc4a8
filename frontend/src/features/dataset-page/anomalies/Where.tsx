import { NativeSelect, Skeleton, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Analysis, Anomaly, ChangeExplanation, DimensionShares } from '@/api/types';
import { formatCount, type NumberFormat } from '@/components/format';
import { causesQuery } from '../api';
import { NO_VALUE } from '../labels';
import type { View } from '../view';
import styles from './Where.module.css';

interface WhereProps {
  analysis: Analysis;
  view: View;
  anomaly: Anomaly;
  numbers: NumberFormat;
  /** Shows only the rows of a value, as column:value. */
  onFilter: (condition: string) => void;
}

/** Which values of the file's other columns an anomaly comes from: in a sentence, and as bars of their shares. */
export function Where({ analysis, view, anomaly, numbers, onFilter }: WhereProps) {
  const { datasetId, metric } = analysis;
  const { data, isError } = useQuery(causesQuery(datasetId, { ...view, metric }, anomaly.id));
  if (data && data.dimensions.length === 0 && data.comparedWith.length > 0) return null;
  return (
    <section className={styles.section} aria-label="Where it comes from">
      <h3 className={styles.heading}>Where it comes from</h3>
      {data && <Explained key={anomaly.id} explanation={data} numbers={numbers} onFilter={onFilter} />}
      {isError && <p className={styles.text}>What it comes from could not be loaded.</p>}
      {!data && !isError && <Skeleton height={120} aria-label="Looking where it comes from" />}
    </section>
  );
}

interface ExplainedProps extends Pick<WhereProps, 'numbers' | 'onFilter'> {
  explanation: ChangeExplanation;
}

function Explained({ explanation, numbers, onFilter }: ExplainedProps) {
  const { shares, causes, text } = explanation;
  const leading = causes[0]?.conditions[0]?.column;
  const [chosen, choose] = useState<string | null>(null);
  const shown = shares.find(({ name }) => name === (chosen ?? leading)) ?? shares[0];
  return (
    <>
      <p className={styles.text}>{text}</p>
      {shown && (
        <>
          <NativeSelect
            size="xs"
            aria-label="Values of"
            value={shown.name}
            onChange={(event) => choose(event.currentTarget.value)}
            data={shares.map(({ name }) => ({ value: name, label: `By ${name}` }))}
          />
          <Bars explanation={explanation} shares={shown} numbers={numbers} onFilter={onFilter} />
        </>
      )}
    </>
  );
}

interface BarsProps extends ExplainedProps {
  shares: DimensionShares;
}

/** The part of the change that each value has; a bar to the left goes against it. */
function Bars({ explanation, shares, numbers, onFilter }: BarsProps) {
  const largest = Math.max(1e-9, ...shares.values.map(({ share }) => Math.abs(share)));
  const isCause = (value: string) =>
    explanation.causes.some(({ conditions }) =>
      conditions.some((condition) => condition.column === shares.name && condition.value === value),
    );
  return (
    <ul className={styles.bars}>
      {shares.values.map(({ value, share, actual, expected }) => (
        <li key={value} className={styles.value} data-cause={isCause(value)}>
          <UnstyledButton
            className={styles.name ?? ''}
            title={`Show only ${value || NO_VALUE}`}
            onClick={() => onFilter(`${shares.name}:${value}`)}
          >
            {value || NO_VALUE}
          </UnstyledButton>
          <span className={styles.share}>{partOf(share)}</span>
          <span className={styles.track} aria-hidden="true">
            <span
              className={styles.bar}
              data-against={share < 0}
              style={{ width: `${(100 * Math.abs(share)) / largest}%` }}
            />
          </span>
          <span className={styles.figures}>
            {numbers.about(actual)} instead of {numbers.about(expected)}
          </span>
        </li>
      ))}
      {shares.others > 0 && (
        <li className={styles.others}>
          {formatCount(shares.others)} others: {partOf(shares.othersShare)} of the change
        </li>
      )}
    </ul>
  );
}

function partOf(share: number): string {
  const points = Math.round(100 * share);
  return `${points < 0 ? '\u2212' : ''}${Math.abs(points)}%`;
}
