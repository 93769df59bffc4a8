import { useElementSize } from '@mantine/hooks';
import { useMemo } from 'react';
import { labelOf } from '@/api/labels';
import type { Analysis } from '@/api/types';
import { ChartCard } from '@/components/ChartCard';
import { formatCount } from '@/components/format';
import { SEVERITIES } from '@/components/SeverityMark';
import type { TimeRange } from '../chart/series';
import styles from './CalendarCard.module.css';
import { CalendarGrid, calendarSize } from './CalendarGrid';
import { type CalendarDay, calendarOf, shownYears } from './calendar';

interface CalendarCardProps {
  analysis: Analysis;
  whole: TimeRange;
  onPick: (day: CalendarDay) => void;
}

/** When anomalies happened: a cell for each day, years one after the other. */
export function CalendarCard({ analysis, whole, onPick }: CalendarCardProps) {
  const { anomalies, settings } = analysis;
  const { ref, width } = useElementSize();
  const years = useMemo(
    () => calendarOf(anomalies, whole, settings.granularity),
    [anomalies, settings.granularity, whole],
  );
  const shown = shownYears(years);
  const size = calendarSize(width, shown.length);
  return (
    <ChartCard
      title="Anomaly calendar"
      subtitle={`Most severe anomaly of each day; select one to zoom to it${
        shown.length < years.length ? `. ${shown.length} of ${years.length} years have anomalies` : ''
      }`}
      figures={() => ({
        columns: ['Day', 'Anomalies', 'Most severe'],
        rows: years.flatMap(({ marked }) =>
          marked.map(({ label, count, anomaly }) => [
            label,
            formatCount(count),
            labelOf('severities', anomaly.severity),
          ]),
        ),
      })}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: years of days are no form fields. */}
      <div ref={ref} className={styles.years} role="group" aria-label="Anomalies by day">
        {width > 0 &&
          shown.map((year) => <CalendarGrid key={year.year} year={year} size={size} onPick={onPick} />)}
      </div>
      <ul className={styles.legend} aria-label="Severities">
        <li>
          <span className={styles.swatch} data-severity="none" /> None
        </li>
        {SEVERITIES.toReversed().map((severity) => (
          <li key={severity}>
            <span className={styles.swatch} data-severity={severity} /> {labelOf('severities', severity)}
          </li>
        ))}
      </ul>
    </ChartCard>
  );
}
