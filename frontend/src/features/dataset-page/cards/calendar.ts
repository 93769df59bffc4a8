import { utcDay, utcMonday, utcMonth, utcYear } from 'd3-time';
import type { Anomaly, Granularity, Severity } from '@/api/types';
import { formatTime, MONTHS, wallText, wallTime } from '@/components/format';
import { SEVERITY_RANK } from '@/components/SeverityMark';
import type { TimeRange } from '../chart/series';

const DAY = 86_400_000;

/** A day with at least one anomaly. */
export interface CalendarDay {
  /** 2024-01-03 */
  day: string;
  label: string;
  week: number;
  weekday: number;
  count: number;
  /** The most severe anomaly of the day. */
  anomaly: Anomaly;
}

/** One year: a column for each week and a row for each weekday, Monday first. */
export interface CalendarYear {
  year: number;
  weeks: number;
  /** The days of the year that the data covers, by their place. */
  days: { week: number; weekday: number }[];
  marked: CalendarDay[];
  months: { week: number; label: string }[];
}

/** When the bucket that begins at a time ends, for buckets longer than a day. */
const BUCKET_ENDS: Partial<Record<Granularity, (at: Date) => Date>> = {
  week: (at) => utcDay.offset(at, 7),
  month: (at) => utcMonth.offset(at, 1),
  quarter: (at) => utcMonth.offset(at, 3),
  year: (at) => utcYear.offset(at, 1),
};

/** The anomalies by day: one cell for each day, whatever the range and the interval of the series. */
export function calendarOf(
  anomalies: readonly Anomaly[],
  whole: TimeRange,
  granularity: Granularity,
): CalendarYear[] {
  const last = bucketEnd(whole.to, granularity);
  const byDay = anomaliesByDay(anomalies, granularity);
  const years: CalendarYear[] = [];
  for (let year = new Date(whole.from).getUTCFullYear(); Date.UTC(year, 0, 1) <= last; year += 1) {
    years.push(yearOf(year, { from: whole.from, to: last }, byDay));
  }
  return years;
}

const MOST_YEARS = 6; // two rows of three: of more years only those with anomalies are shown

/** The years to show: all of a few; of many those that have an anomaly. */
export function shownYears(years: readonly CalendarYear[]): readonly CalendarYear[] {
  return years.length <= MOST_YEARS ? years : years.filter(({ marked }) => marked.length > 0);
}

function bucketEnd(at: number, granularity: Granularity): number {
  const end = BUCKET_ENDS[granularity];
  return end ? end(new Date(at)).getTime() - 1 : at;
}

function anomaliesByDay(anomalies: readonly Anomaly[], granularity: Granularity): Map<number, Anomaly[]> {
  const days = new Map<number, Anomaly[]>();
  for (const anomaly of anomalies) {
    const end = bucketEnd(wallTime(anomaly.end), granularity);
    for (let day = dayOf(wallTime(anomaly.start)); day <= end; day += DAY) {
      const there = days.get(day);
      if (there) there.push(anomaly);
      else days.set(day, [anomaly]);
    }
  }
  return days;
}

function dayOf(at: number): number {
  return Math.floor(at / DAY) * DAY;
}

function yearOf(year: number, covered: TimeRange, byDay: Map<number, Anomaly[]>): CalendarYear {
  const first = Date.UTC(year, 0, 1);
  const monday = utcMonday.floor(new Date(first)).getTime();
  const days: CalendarYear['days'] = [];
  const marked: CalendarDay[] = [];
  const from = Math.max(first, dayOf(covered.from));
  const to = Math.min(Date.UTC(year + 1, 0, 1) - 1, covered.to);
  for (let at = from; at <= to; at += DAY) {
    const place = Math.round((at - monday) / DAY);
    const cell = { week: Math.floor(place / 7), weekday: place % 7 };
    const here = byDay.get(at);
    if (!here) {
      days.push(cell);
      continue;
    }
    const day = wallText(at).slice(0, 10);
    const anomaly = here.reduce((worst, one) => (rank(one) > rank(worst) ? one : worst));
    marked.push({ ...cell, day, label: formatTime(day), count: here.length, anomaly });
  }
  const weeks = Math.floor(Math.round((Date.UTC(year, 11, 31) - monday) / DAY) / 7) + 1;
  const months = MONTHS.map((label, month) => ({
    week: Math.floor(Math.round((Date.UTC(year, month, 1) - monday) / DAY) / 7),
    label,
  }));
  return { year, weeks, days, marked, months };
}

function rank({ severity, score }: { severity: Severity; score: number }): number {
  return SEVERITY_RANK[severity] * 1e6 + Math.min(score, 1e5);
}
