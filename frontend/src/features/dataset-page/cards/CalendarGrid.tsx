import { labelOf } from '@/api/labels';
import { counted } from '@/components/format';

import styles from './CalendarCard.module.css';
import type { CalendarDay, CalendarYear } from './calendar';

// In pixels.
const TOP = 34; // of the year and the months
const LEFT = 32; // of the weekdays
const GAP = 24; // between two years
const SMALLEST = 5;
const LARGEST = 15;
const WEEKS = 54;
const WEEKDAYS = ['Mon', '', 'Wed', '', 'Fri', '', 'Sun'];
const LABELLED_FROM = 9; // smaller cells have no room for the names of weekdays
const MONTH_ROOM = 26; // of a month's name

/** The size of a day's cell: as many years in a row as fit, as large as that leaves them. */
export function calendarSize(width: number, years: number): number {
  const perRow = Math.max(1, Math.min(years, Math.floor(width / (WEEKS * SMALLEST + LEFT + GAP))));
  const cell = (width - (perRow - 1) * GAP) / perRow;
  return Math.max(SMALLEST, Math.min(LARGEST, Math.floor((cell - LEFT) / WEEKS)));
}

interface CalendarGridProps {
  year: CalendarYear;
  size: number;
  onPick: (day: CalendarDay) => void;
}

export function CalendarGrid({ year, size, onPick }: CalendarGridProps) {
  const everyMonth = Math.ceil(MONTH_ROOM / (size * 4.3));
  const inner = size > 7 ? size - 2 : size - 1;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of an SVG has no other element.
    <svg
      width={LEFT + year.weeks * size}
      height={TOP + 7 * size}
      role="group"
      aria-label={`Anomalies in ${year.year}`}
    >
      <text x={LEFT} y={12} className={styles.year}>
        {year.year}
      </text>
      {year.months
        .filter((_, month) => month % everyMonth === 0)
        .map(({ week, label }) => (
          <text key={label} x={LEFT + week * size} y={28} className={styles.label}>
            {label}
          </text>
        ))}
      {size >= LABELLED_FROM &&
        WEEKDAYS.map(
          (name, weekday) =>
            name && (
              <text
                key={name}
                x={0}
                y={TOP + (weekday + 0.5) * size}
                className={styles.label}
                dominantBaseline="central"
              >
                {name}
              </text>
            ),
        )}
      {/* Days without an anomaly as one shape: years of them would be thousands of elements. */}
      <path
        className={styles.cell}
        data-severity="none"
        d={year.days
          .map(
            ({ week, weekday }) =>
              `M${LEFT + week * size} ${TOP + weekday * size}h${inner}v${inner}h-${inner}z`,
          )
          .join('')}
      />
      {year.marked.map((day) => (
        <DayCell
          key={day.day}
          day={day}
          x={LEFT + day.week * size}
          y={TOP + day.weekday * size}
          size={inner}
          onPick={onPick}
        />
      ))}
    </svg>
  );
}

interface DayCellProps {
  day: CalendarDay;
  x: number;
  y: number;
  size: number;
  onPick: (day: CalendarDay) => void;
}

function DayCell({ day, x, y, size, onPick }: DayCellProps) {
  const { severity } = day.anomaly;
  const label = `${day.label}: ${counted(day.count, 'anomaly', 'anomalies')}, most severe ${labelOf('severities', severity).toLowerCase()}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: HTML buttons cannot stand in an SVG.
    <rect
      x={x}
      y={y}
      width={size}
      height={size}
      rx={size > 8 ? 2.5 : 1}
      className={styles.cell}
      data-severity={severity}
      role="button"
      tabIndex={0}
      aria-label={label}
      onClick={() => onPick(day)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        onPick(day);
      }}
    >
      <title>{label}</title>
    </rect>
  );
}
