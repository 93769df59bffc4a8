import type { Analysis, DatasetResponse } from '@/api/types';
import { counted, formatCount, formatSpan, formatTime } from '@/components/format';
import { pointLabel } from '../labels';
import styles from './AboutCard.module.css';

interface QualityNotesProps {
  analysis: Analysis;
  dataset: DatasetResponse;
}

/** What the file's own notes do not say already. */
function notesOf(analysis: Analysis, dataset: DatasetResponse) {
  const known = dataset.quality?.notes ?? [];
  return analysis.quality.filter(({ text }) => !known.includes(text));
}

export function hasQualityNotes(analysis: Analysis, dataset: DatasetResponse): boolean {
  return notesOf(analysis, dataset).length > 0;
}

function Dates({ dates }: { dates: readonly string[] }) {
  return (
    <details>
      <summary>{counted(dates.length, 'date')}</summary>
      {dates.map((date) => formatTime(date)).join(', ')}
    </details>
  );
}

/** Weaknesses of the data. None of them is counted as an anomaly. */
export function QualityNotes({ analysis, dataset }: QualityNotesProps) {
  const { summary, settings } = analysis;
  const points = pointLabel(settings.granularity, summary.count);
  return (
    <>
      <ul className={styles.notes}>
        {notesOf(analysis, dataset).map(({ code, text, start, end, dates }) => (
          <li key={`${code} ${start} ${text}`}>
            {text}
            {start && end && <span> {formatSpan(start, end)}</span>}
            {dates.length > 0 && <Dates dates={dates} />}
          </li>
        ))}
      </ul>
      <p className={styles.rows}>
        {formatCount(summary.count)} {points} from {counted(summary.rows, 'row')}
        {summary.missing > 0 ? `; ${formatCount(summary.missing)} missing` : ''}.
      </p>
    </>
  );
}
