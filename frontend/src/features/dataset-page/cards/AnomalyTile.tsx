import type { Analysis, Anomaly, Severity } from '@/api/types';
import { formatCount, wallTime } from '@/components/format';
import { SEVERITIES, SeverityMark } from '@/components/SeverityMark';
import type { TimeRange } from '../chart/series';
import { isClosed } from '../labels';
import styles from './KpiRow.module.css';

interface AnomalyTileProps {
  analysis: Analysis;
  zoom: TimeRange | null;
  severity: Severity | null;
  onSeverity: (severity: Severity | null) => void;
}

/** Open anomalies of the visible time range by severity; each severity is a filter. */
export function AnomalyTile({ analysis, zoom, severity, onSeverity }: AnomalyTileProps) {
  const visible = analysis.anomalies.filter((anomaly) => !zoom || touches(anomaly, zoom));
  const open = visible.filter(({ verdict }) => !isClosed(verdict));
  const present = SEVERITIES.map((name) => ({
    name,
    count: open.filter((anomaly) => anomaly.severity === name).length,
  })).filter(({ count }) => count > 0);
  return (
    <div className={styles.tile}>
      <h2 className={styles.label}>Open anomalies{zoom ? ' in view' : ''}</h2>
      <div className={styles.figure}>
        <p className={styles.value}>{formatCount(open.length)}</p>
        <div className={styles.bar} aria-hidden="true">
          {present.map(({ name, count }) => (
            <span
              key={name}
              style={{ flexGrow: count, background: `var(--${name})` }}
              data-dim={severity !== null && severity !== name}
            />
          ))}
        </div>
      </div>
      <div className={styles.note}>
        {present.length === 0 && <span>{emptyNote(analysis, visible.length)}</span>}
        <span className={styles.buttons}>
          {present.map(({ name, count }) => (
            <button
              key={name}
              type="button"
              className={styles.severity}
              aria-pressed={severity === name}
              title={severity === name ? 'Show all severities' : `Show ${name} only`}
              onClick={() => onSeverity(severity === name ? null : name)}
            >
              <SeverityMark severity={name} size={11} />
              {formatCount(count)} {name}
            </button>
          ))}
        </span>
        <span>{verdictNote(visible)}</span>
      </div>
    </div>
  );
}

function touches({ start, end }: Anomaly, { from, to }: TimeRange): boolean {
  return wallTime(start) <= to && wallTime(end) >= from;
}

function emptyNote({ profile, summary }: Analysis, all: number): string {
  if (all > 0) return 'all closed';
  if (isTooShort({ profile, summary })) return 'too few points to analyse';
  return 'nothing unusual enough to report';
}

/** Without a threshold nothing was analysed: then nothing can be said about the values either. */
export function isTooShort({ profile }: Pick<Analysis, 'profile' | 'summary'>): boolean {
  return profile.threshold === 0;
}

/** 2 of 3 closed. 1 of 3 verdicts: real */
function verdictNote(anomalies: readonly Anomaly[]): string {
  const judged = anomalies.filter(({ verdict }) => verdict !== null);
  if (judged.length === 0) return '';
  const closed = anomalies.filter(({ verdict }) => isClosed(verdict)).length;
  const real = judged.filter(({ verdict }) => verdict === 'confirmed').length;
  return `${closed} of ${anomalies.length} closed. ${real} of ${judged.length} verdicts: real`;
}
