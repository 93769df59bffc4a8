import type { Severity } from '@/api/types';
import { SEVERITIES, SEVERITY_WORDS, SeverityMark } from '@/components/SeverityMark';
import { MissedMark } from '../anomalies/MissedMark';
import styles from './Legend.module.css';
import type { Shown } from './traces';

interface LegendProps {
  shown: Shown;
  onChange: (shown: Shown) => void;
  severities: Record<Severity, number>;
  hasShifts: boolean;
  /** The severity of something that a verdict closed: it is drawn hollow. */
  closed?: Severity | null;
  hasMissed?: boolean;
}

export function Legend({
  shown,
  onChange,
  severities,
  hasShifts,
  closed = null,
  hasMissed = false,
}: LegendProps) {
  return (
    <ul className={styles.legend} aria-label="Legend">
      <li className={styles.entry}>
        <span className={styles.line} /> Reading
      </li>
      <li>
        <button
          type="button"
          className={styles.toggle}
          aria-pressed={shown.band}
          onClick={() => onChange({ ...shown, band: !shown.band })}
        >
          <span className={styles.band} /> Expected range
        </button>
      </li>
      <li>
        <button
          type="button"
          className={styles.toggle}
          aria-pressed={shown.rolling}
          onClick={() => onChange({ ...shown, rolling: !shown.rolling })}
        >
          <span className={styles.rolling} /> Rolling average
        </button>
      </li>
      {hasShifts && (
        <li className={styles.entry}>
          <span className={styles.shift} /> Level change
        </li>
      )}
      {SEVERITIES.filter((severity) => severities[severity] > 0).map((severity) => (
        <li key={severity} className={styles.entry}>
          <SeverityMark severity={severity} size={11} /> {SEVERITY_WORDS[severity]}
        </li>
      ))}
      {closed && (
        <li className={styles.entry}>
          <SeverityMark severity={closed} size={12} hollow /> Closed by you
        </li>
      )}
      {hasMissed && (
        <li className={styles.entry}>
          <MissedMark size={11} /> Reported by you
        </li>
      )}
    </ul>
  );
}
