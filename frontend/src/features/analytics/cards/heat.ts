import { utcDay, utcMonday } from 'd3-time';
import type { Anomaly, Granularity, Severity } from '@/api/types';
import { wallTime } from '@/components/format';
import { SEVERITY_RANK } from '@/components/SeverityMark';
import type { Stretch } from '../chart/series';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MOST_HOURLY_DAYS = 21; // rows of a day each that fit the card
const MOST_WEEKS = 54; // columns of a week each
const SHORT: ReadonlySet<Granularity> = new Set(['native', 'minute', 'hour']);
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export interface Cell {
  column: number;
  row: number;
  from: number;
  to: number;
  label: string;
  count: number;
  strongest: Severity | null;
}

export interface Heat {
  kind: 'hours' | 'days' | 'months';
  columns: number;
  rows: number;
  columnLabels: { at: number; text: string }[];
  rowLabels: { at: number; text: string }[];
  cells: Cell[];
}

const dayWords = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/** Where in the calendar the anomalies lie: hours of days, days of weeks or months of years, whichever fits. */
export function heatOf(anomalies: readonly Anomaly[], whole: Stretch, granularity: Granularity): Heat {
  const first = utcDay.floor(new Date(whole.from)).getTime();
  const days = Math.floor((whole.to - first) / DAY) + 1;
  const weeks = (whole.to - utcMonday.floor(new Date(first)).getTime()) / (7 * DAY);
  const isDaily = SHORT.has(granularity) || granularity === 'day';
  const empty =
    SHORT.has(granularity) && days <= MOST_HOURLY_DAYS
      ? hours(first, days)
      : isDaily && weeks <= MOST_WEEKS
        ? calendar(first, days)
        : months(whole);
  return filled(empty, anomalies);
}

function hours(first: number, days: number): Heat {
  const cells = Array.from({ length: days * 24 }, (_, index): Cell => {
    const from = first + index * HOUR;
    const hour = index % 24;
    const label = `${dayWords.format(from)}, ${String(hour).padStart(2, '0')}:00`;
    return {
      column: hour,
      row: Math.floor(index / 24),
      from,
      to: from + HOUR - 1,
      label,
      count: 0,
      strongest: null,
    };
  });
  const step = Math.max(1, Math.ceil(days / 8));
  return {
    kind: 'hours',
    columns: 24,
    rows: days,
    columnLabels: [0, 6, 12, 18].map((at) => ({ at, text: `${String(at).padStart(2, '0')}:00` })),
    rowLabels: Array.from({ length: Math.ceil(days / step) }, (_, index) => ({
      at: index * step,
      text: shortDay(first + index * step * DAY),
    })),
    cells,
  };
}

function calendar(first: number, days: number): Heat {
  const monday = utcMonday.floor(new Date(first)).getTime();
  const cells = Array.from({ length: days }, (_, index): Cell => {
    const from = first + index * DAY;
    const place = Math.round((from - monday) / DAY);
    const label = dayWords.format(from);
    return {
      column: Math.floor(place / 7),
      row: place % 7,
      from,
      to: from + DAY - 1,
      label,
      count: 0,
      strongest: null,
    };
  });
  const columns = (cells.at(-1)?.column ?? 0) + 1;
  return {
    kind: 'days',
    columns,
    rows: 7,
    columnLabels: monthStarts(cells, columns),
    rowLabels: [0, 2, 4, 6].map((at) => ({ at, text: WEEKDAYS[at] ?? '' })),
    cells,
  };
}

/** A month's name over its first column; one that would touch the name before it is left out. */
function monthStarts(cells: readonly Cell[], columns: number): { at: number; text: string }[] {
  const room = Math.max(2, Math.ceil(columns / 9));
  const labels: { at: number; text: string }[] = [];
  let month = -1;
  for (const cell of cells) {
    const now = new Date(cell.from).getUTCMonth();
    if (now === month) continue;
    month = now;
    const last = labels.at(-1);
    if (!last || cell.column - last.at >= room) labels.push({ at: cell.column, text: MONTHS[now] ?? '' });
    else if (labels.length === 1) labels[0] = { at: cell.column, text: MONTHS[now] ?? '' };
  }
  return labels;
}

function months({ from, to }: Stretch): Heat {
  const firstYear = new Date(from).getUTCFullYear();
  const years = new Date(to).getUTCFullYear() - firstYear + 1;
  const cells: Cell[] = [];
  for (let row = 0; row < years; row += 1) {
    for (let column = 0; column < 12; column += 1) {
      const start = Date.UTC(firstYear + row, column, 1);
      const end = Date.UTC(firstYear + row, column + 1, 1) - 1;
      if (end < from || start > to) continue;
      const label = `${MONTHS[column]} ${firstYear + row}`;
      cells.push({ column, row, from: start, to: end, label, count: 0, strongest: null });
    }
  }
  const step = Math.max(1, Math.ceil(years / 10));
  return {
    kind: 'months',
    columns: 12,
    rows: years,
    columnLabels: [0, 2, 4, 6, 8, 10].map((at) => ({ at, text: MONTHS[at] ?? '' })),
    rowLabels: Array.from({ length: Math.ceil(years / step) }, (_, index) => ({
      at: index * step,
      text: String(firstYear + index * step),
    })),
    cells,
  };
}

/** An anomaly marks every cell that it touches. */
function filled(heat: Heat, anomalies: readonly Anomaly[]): Heat {
  const spans = anomalies.map(({ start, end, severity }) => ({
    from: wallTime(start),
    to: wallTime(end),
    severity,
  }));
  const cells = heat.cells.map((cell) => {
    const touching = spans.filter(({ from, to }) => from <= cell.to && to >= cell.from);
    const strongest = touching.reduce<Severity | null>(
      (best, { severity }) =>
        best === null || SEVERITY_RANK[severity] > SEVERITY_RANK[best] ? severity : best,
      null,
    );
    return { ...cell, count: touching.length, strongest };
  });
  return { ...heat, cells };
}

function shortDay(time: number): string {
  const date = new Date(time);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}
