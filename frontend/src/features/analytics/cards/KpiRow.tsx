import type { Analysis, Severity } from '@/api/types';
import { counted, formatCount, formatTime, type NumberWords } from '@/components/format';
import { SEVERITIES, SeverityMark } from '@/components/SeverityMark';
import { Sparkline } from '@/components/Sparkline';
import { shapeOf } from '../chart/series';
import { pointWord } from '../words';
import styles from './KpiRow.module.css';

const SHAPE_PARTS = 90; // a tile is about 280 px wide

interface KpiRowProps {
  analysis: Analysis;
  words: NumberWords;
  severity: Severity | null;
  onSeverity: (severity: Severity | null) => void;
}

export function KpiRow({ analysis, words, severity, onSeverity }: KpiRowProps) {
  const { summary, series } = analysis;
  const spread = series.value.map((value, index) => {
    const expected = series.expected[index] ?? null;
    return value === null || expected === null ? null : Math.abs(value - expected);
  });
  return (
    <section className={styles.row} aria-label="Key figures">
      <Tile
        label="Mean"
        value={words.short(summary.mean)}
        suffix={words.suffix}
        note={shiftNote(analysis, words)}
        shape={shapeOf(series.rolling, SHAPE_PARTS)}
      />
      <Tile
        label="Median"
        value={words.short(summary.median)}
        suffix={words.suffix}
        note={`Half lie between ${words.short(summary.q1)} and ${words.short(summary.q3)}`}
        shape={shapeOf(series.value, SHAPE_PARTS)}
      />
      <Tile
        label="Standard deviation"
        value={words.short(summary.stdDev)}
        suffix={words.suffix}
        note={`Smallest ${words.short(summary.min)}, largest ${words.short(summary.max)}`}
        shape={shapeOf(spread, SHAPE_PARTS)}
      />
      <AnomalyTile analysis={analysis} severity={severity} onSeverity={onSeverity} />
    </section>
  );
}

function shiftNote({ profile, summary, settings }: Analysis, words: NumberWords): string {
  const shift = profile.levelShifts.at(-1);
  if (shift) return `${words.change(shift.change)} since ${formatTime(shift.date)}`;
  return `Over ${formatCount(summary.count)} ${pointWord(settings.granularity, summary.count)}`;
}

interface TileProps {
  label: string;
  value: string;
  suffix: string;
  note: string;
  shape: (number | null)[];
}

function Tile({ label, value, suffix, note, shape }: TileProps) {
  // Seen smaller, read as one with its number.
  const unit = suffix && value.endsWith(suffix) ? suffix : '';
  return (
    <div className={styles.tile}>
      <h2 className={styles.label}>{label}</h2>
      <p className={styles.value}>
        {value.slice(0, value.length - unit.length)}
        <span className={styles.unit}>{unit}</span>
      </p>
      <p className={styles.note}>{note}</p>
      <Sparkline values={shape} width={280} height={40} filled className={styles.shape} />
    </div>
  );
}

function AnomalyTile({ analysis, severity, onSeverity }: Omit<KpiRowProps, 'words'>) {
  const { summary, settings, anomalies, verdicts } = analysis;
  // What the user closed (expected, or a false alarm) is no longer counted.
  const open = verdicts?.open ?? anomalies.length;
  const severities = verdicts?.openSeverities ?? analysis.severities;
  const points = anomalies.reduce((sum, anomaly) => sum + anomaly.points, 0);
  const share = summary.count > 0 ? (100 * points) / summary.count : 0;
  const present = SEVERITIES.filter((name) => severities[name] > 0);
  return (
    <div className={styles.tile}>
      <h2 className={styles.label}>{open === anomalies.length ? 'Anomalies' : 'Open anomalies'}</h2>
      <p className={styles.value}>{formatCount(open)}</p>
      <p className={styles.note}>
        {anomalies.length === 0
          ? 'Every point lies within its expected range'
          : open < anomalies.length
            ? `${formatCount(anomalies.length - open)} of ${formatCount(anomalies.length)} closed${confirmedShare(analysis)}`
            : `${counted(points, pointWord(settings.granularity, 1), pointWord(settings.granularity, 2))}, ${percent(share)} of the series`}
      </p>
      <div className={styles.severities}>
        <div className={styles.bar} aria-hidden="true">
          {present.map((name) => (
            <span
              key={name}
              style={{ flexGrow: severities[name], background: `var(--${name})` }}
              data-dim={severity !== null && severity !== name}
            />
          ))}
        </div>
        <div className={styles.buttons}>
          {present.map((name) => (
            <button
              key={name}
              type="button"
              className={styles.severity}
              aria-pressed={severity === name}
              title={severity === name ? 'Show all severities' : `Show only ${name}`}
              onClick={() => onSeverity(severity === name ? null : name)}
            >
              <SeverityMark severity={name} size={11} />
              {formatCount(severities[name])} {name}
            </button>
          ))}
        </div>
      </div>
    </div>
  );
}

/** How many of the judged ones were confirmed, in the reader's own words. */
function confirmedShare({ verdicts }: Analysis): string {
  if (!verdicts || verdicts.confirmedShare === null) return ' by your verdicts';
  return `, ${Math.round(100 * verdicts.confirmedShare)}% of ${formatCount(verdicts.judged)} judged confirmed`;
}

function percent(share: number): string {
  if (share === 0) return '0%';
  return share < 0.1 ? 'under 0.1%' : `${share.toFixed(1)}%`;
}
