import { bisectCenter } from 'd3-array';
import { utcDay, utcHour, utcMinute, utcMonth, utcYear } from 'd3-time';
import type { Analysis, Anomaly, SeriesView } from '@/api/types';
import { wallTime } from '@/components/format';
import { anomalyAt } from '../chart/series';

/** When the bucket that begins at a time ends. */
const ENDS: Partial<Record<SeriesView['granularity'], (at: Date) => Date>> = {
  minute: (at) => utcMinute.offset(at, 1),
  hour: (at) => utcHour.offset(at, 1),
  day: (at) => utcDay.offset(at, 1),
  week: (at) => utcDay.offset(at, 7),
  month: (at) => utcMonth.offset(at, 1),
  quarter: (at) => utcMonth.offset(at, 3),
  year: (at) => utcYear.offset(at, 1),
};

/** An anomaly that the user reported and the detector did not find. */
export interface Missed {
  date: string;
  reason: string | null;
  /** The value at that time; null where the point is not drawn. */
  value: number | null;
  /** The anomaly that is found there by now, with newer rows or other settings. */
  found?: Anomaly | null;
  /** Before the first or after the last point that is shown (another version had it). */
  isOutside?: boolean;
}

export function missedOf({
  verdicts,
  series,
  anomalies,
}: Pick<Analysis, 'verdicts' | 'anomalies'> & { series: SeriesView }): Missed[] {
  const times = series.time.map(wallTime);
  return (verdicts?.missed ?? [])
    .map(({ date, reason }) => {
      const at = wallTime(date);
      return {
        date,
        reason,
        value: valueAt(series, times, at),
        found: anomalyAt(anomalies, at) ?? null,
        isOutside: isOutside(series, date),
      };
    })
    .sort((one, other) => wallTime(one.date) - wallTime(other.date));
}

function valueAt({ value }: SeriesView, times: readonly number[], at: number): number | null {
  const index = bisectCenter(times, at);
  return times[index] === at ? (value[index] ?? null) : null;
}

/** Where to draw the mark of a time that has no point (thinned out, or a gap): at the height of the nearest one. */
export function heightAt({ time, value }: SeriesView, date: string): number | null {
  const drawn = time.flatMap((text, index) => {
    const height = value[index] ?? null;
    return height === null ? [] : [{ at: wallTime(text), height }];
  });
  const times = drawn.map(({ at }) => at);
  return drawn[bisectCenter(times, wallTime(date))]?.height ?? null;
}

function isOutside({ time, granularity }: SeriesView, date: string): boolean {
  const [first, last] = [time[0], time.at(-1)];
  if (!first || !last) return true;
  const at = wallTime(date);
  // A date without a time stands for its whole day, and the point of a week for all its days.
  return at < wallTime(first.slice(0, date.length)) || at > endOf(last, granularity);
}

function endOf(last: string, granularity: SeriesView['granularity']): number {
  const ends = ENDS[granularity] ?? (last.length <= 10 ? ENDS.day : undefined);
  return ends ? ends(new Date(wallTime(last))).getTime() - 1 : wallTime(last);
}

/** Why a time cannot be reported; null if it can. */
export function refusalOf(date: string, series: SeriesView, anomalies: readonly Anomaly[]): string | null {
  const at = wallTime(date);
  if (Number.isNaN(at) || series.time.length === 0) return 'Enter a time as it is written in the data.';
  if (isOutside(series, date)) return 'This is outside the series.';
  if (anomalyAt(anomalies, at)) return 'An anomaly was already detected here. Select it to give a verdict.';
  return null;
}

/** Whether times are bare dates, and the form of a time that an input field takes. */
export function fieldOf(series: SeriesView): {
  type: 'date' | 'datetime-local';
  text: (date: string) => string;
} {
  const isDate = (series.time[0] ?? '').length <= 10;
  return {
    type: isDate ? 'date' : 'datetime-local',
    text: (date) => (isDate ? date.slice(0, 10) : date.slice(0, 19)),
  };
}
