import type { Analysis, DatasetResponse } from '@/api/types';
import { counted, formatCount, formatSpan } from '@/components/format';
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

/** Weaknesses of the data. None of them is counted as an anomaly. */
export function QualityNotes({ analysis, dataset }: QualityNotesProps) {
  const { summary, settings } = analysis;
  const points = pointLabel(settings.granularity, summary.count);
  return (
    <>
      <ul className={styles.notes}>
        {notesOf(analysis, dataset).map(({ code, text, start, end }) => (
          <li key={`${code} ${start} ${text}`}>
            {text}
            {start && end && <span> {formatSpan(start, end)}</span>}
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
