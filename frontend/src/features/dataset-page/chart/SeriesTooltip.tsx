import { SeverityMark } from '@/components/SeverityMark';
import { isClosed } from '../labels';
import { eventLabel, INCOMPLETE, type PointFacts } from './point-facts';
import styles from './SeriesTooltip.module.css';

/** What the crosshair reads: value, expected range, difference, and the anomaly if there is one. */
export function SeriesTooltip({ facts }: { facts: PointFacts }) {
  const { when, value, rows, isIncomplete, anomaly } = facts;
  return (
    <>
      <p className={styles.when}>{when}</p>
      <p className={styles.value}>{value}</p>
      <dl className={styles.figures}>
        {rows.map((row) => (
          <Row key={row.label} {...row} />
        ))}
      </dl>
      {isIncomplete && <p className={styles.note}>{INCOMPLETE}</p>}
      {anomaly && (
        <p className={styles.event}>
          <SeverityMark severity={anomaly.severity} size={11} hollow={isClosed(anomaly.verdict)} />
          {eventLabel(anomaly)}
        </p>
      )}
    </>
  );
}

function Row({ label, value }: { label: string; value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}
