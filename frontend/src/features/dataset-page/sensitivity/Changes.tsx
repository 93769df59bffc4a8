import type { Anomaly } from '@/api/types';
import { formatEvent, type NumberFormat } from '@/components/format';
import { SeverityMark } from '@/components/SeverityMark';
import type { ShownAnalysis } from './draft-settings';
import styles from './SensitivityDrawer.module.css';
import { differences } from './sensitivity-curve';

const MOST_LISTED = 6;

interface Change {
  anomaly: Anomaly;
  numbers: NumberFormat;
  /** The metric's name, where there are several. */
  metric: string | null;
}

/** Which anomalies come and which go, metric by metric. */
export function Changes({
  shown,
  then,
}: {
  shown: readonly ShownAnalysis[];
  then: readonly (readonly Anomaly[])[];
}) {
  const added: Change[] = [];
  const gone: Change[] = [];
  shown.forEach(({ analysis, numbers, metric }, index) => {
    const change = differences(analysis.anomalies, then[index] ?? []);
    const told = { numbers, metric: shown.length > 1 ? metric.title : null };
    added.push(...change.added.map((anomaly) => ({ ...told, anomaly })));
    gone.push(...change.gone.map((anomaly) => ({ ...told, anomaly })));
  });
  if (added.length === 0 && gone.length === 0)
    return <p className={styles.events}>The same anomalies as now.</p>;
  return (
    <>
      <ChangeList title="New" changes={added} />
      <ChangeList title="No longer found" changes={gone} />
    </>
  );
}

function ChangeList({ title, changes }: { title: string; changes: readonly Change[] }) {
  if (changes.length === 0) return null;
  return (
    <div className={styles.changes}>
      <h3>
        {title} ({changes.length})
      </h3>
      <ul>
        {changes.slice(0, MOST_LISTED).map(({ anomaly, numbers, metric }) => (
          <li key={`${metric}/${anomaly.id}`}>
            <SeverityMark severity={anomaly.severity} size={10} />
            <span>
              {formatEvent(anomaly)}
              {metric && <span className={styles.metric}>{metric}</span>}
            </span>
            <span className={styles.value}>{numbers.full(anomaly.value)}</span>
          </li>
        ))}
      </ul>
      {changes.length > MOST_LISTED && (
        <p className={styles.events}>and {changes.length - MOST_LISTED} others</p>
      )}
    </div>
  );
}
