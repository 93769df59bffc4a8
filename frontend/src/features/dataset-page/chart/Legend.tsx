import { labelOf } from '@/api/labels';
import type { Severity } from '@/api/types';
import { SEVERITIES, SeverityMark } from '@/components/SeverityMark';
import { MissedMark } from '../verdicts/MissedMark';
import { ENVELOPE } from './envelope';
import styles from './Legend.module.css';
import type { Shown } from './traces';

interface LegendProps {
  shown: Shown;
  onChange: (shown: Shown) => void;
  severities: Record<Severity, number>;
  hasShifts: boolean;
  hasWeekends?: boolean;
  hasIncomplete?: boolean;
  /** Whether the values are too dense to be told apart and are drawn as an area. */
  isDense?: boolean;
  /** The severity of an anomaly that a verdict closed: it is drawn hollow. */
  closed?: Severity | null;
  hasMissed?: boolean;
}

export function Legend(props: LegendProps) {
  const { shown, onChange, severities, closed = null } = props;
  return (
    // biome-ignore lint/a11y/noRedundantRoles: without boxes of its own a list is none in every browser.
    <ul className={styles.legend} role="list" aria-label="Legend">
      <li className={styles.entry}>
        <span className={styles.line} /> {props.isDense ? 'Average' : 'Actual'}
      </li>
      {props.isDense && (
        <li className={styles.entry}>
          <span className={styles.dense} /> {ENVELOPE}
        </li>
      )}
      <Toggle isOn={shown.band} onToggle={(isOn) => onChange({ ...shown, band: isOn })}>
        <span className={styles.band} /> Expected range
      </Toggle>
      <Toggle isOn={shown.rolling} onToggle={(isOn) => onChange({ ...shown, rolling: isOn })}>
        <span className={styles.rolling} /> Rolling average
      </Toggle>
      {SEVERITIES.filter((severity) => severities[severity] > 0).map((severity) => (
        <li key={severity} className={styles.entry}>
          <SeverityMark severity={severity} size={11} /> {labelOf('severities', severity)}
        </li>
      ))}
      {closed && (
        <li className={styles.entry}>
          <SeverityMark severity={closed} size={12} hollow /> Closed
        </li>
      )}
      {props.hasMissed && (
        <li className={styles.entry}>
          <MissedMark size={11} /> Reported by you
        </li>
      )}
      {props.hasShifts && (
        <li className={styles.entry}>
          <span className={styles.shift} /> Level change
        </li>
      )}
      {props.hasIncomplete && (
        <li className={styles.entry}>
          <span className={styles.incomplete} /> Incomplete
        </li>
      )}
      {props.hasWeekends && (
        <li className={styles.entry}>
          <span className={styles.weekend} /> Weekend
        </li>
      )}
    </ul>
  );
}

interface ToggleProps {
  isOn: boolean;
  onToggle: (isOn: boolean) => void;
  children: React.ReactNode;
}

function Toggle({ isOn, onToggle, children }: ToggleProps) {
  return (
    <li>
      <button type="button" className={styles.toggle} aria-pressed={isOn} onClick={() => onToggle(!isOn)}>
        {children}
      </button>
    </li>
  );
}
