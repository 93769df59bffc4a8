import { utcMonth } from 'd3-time';
import type { Analysis, Granularity, SeriesView } from '@/api/types';
import { wallTime } from '@/components/format';
import { pointLabel } from '../labels';

const DAY = 86_400_000;
const WEEK = 7 * DAY;

/** A time to compare another with, and what it is called. */
export interface EarlierTime {
  label: string;
  at: number;
}

type Profile = Pick<Analysis['profile'], 'periods' | 'cadenceSeconds'>;

function hasPeriod({ periods, cadenceSeconds }: Profile, ms: number): boolean {
  const cadence = (cadenceSeconds ?? 0) * 1000;
  return periods.some((points) => Math.abs(points * cadence - ms) < 0.04 * ms);
}

/**
 * The same phase of the period before: a day earlier for hours with a daily pattern, a week earlier for days with a
 * weekly one, a year earlier for weeks and longer. Null where the series has no such pattern: then the point before
 * is the one to compare with.
 */
export function periodBefore(series: SeriesView, profile: Profile, at: number): EarlierTime | null {
  switch (series.granularity) {
    case 'week':
      return { label: 'the same week last year', at: at - 52 * WEEK };
    case 'month':
    case 'quarter':
      return yearBefore(series, at);
    case 'year':
      return null;
    default:
      if (hasPeriod(profile, WEEK)) return { label: 'a week earlier', at: at - WEEK };
      if (hasPeriod(profile, DAY)) return { label: 'a day earlier', at: at - DAY };
      return null;
  }
}

/** The same date a year earlier; the same weekday where points are shorter than a week. */
export function yearBefore(series: SeriesView, at: number): EarlierTime | null {
  switch (series.granularity) {
    case 'year':
      return null;
    case 'month':
    case 'quarter':
      return { label: 'a year earlier', at: utcMonth.offset(new Date(at), -12).getTime() };
    default:
      return { label: 'a year earlier', at: at - 52 * WEEK };
  }
}

/** The place of the last point that has a value, up to a time; -1 where there is none. An incomplete one is left out. */
export function lastPlace(
  series: SeriesView,
  until: number,
  isIncomplete: (place: number) => boolean,
): number {
  for (let place = series.time.length - 1; place >= 0; place -= 1) {
    const at = wallTime(series.time[place] ?? '');
    if (at <= until && series.value[place] !== null && !isIncomplete(place)) return place;
  }
  return -1;
}

/** The previous day, or point: what the value just before another is called. */
export function previousLabel(granularity: Granularity): string {
  return `the previous ${pointLabel(granularity, 1)}`;
}

/** The share by which a value differs from an earlier one, in percent; null where that is zero. */
export function changeShare(value: number, earlier: number | null): number | null {
  return earlier === null || earlier === 0 ? null : (100 * (value - earlier)) / Math.abs(earlier);
}

export interface LastValue {
  value: number;
  time: string;
  /** How it differs from earlier values: from the period before, then from the year before, as far as they exist. */
  changes: { label: string; earlier: number }[];
}

/**
 * The last value of a series up to the end of the visible range, compared with earlier ones. Only points that are in
 * `series` are compared: where it was downsampled, a comparison may be missing but is never made with another point.
 */
export function lastValueOf(
  analysis: Pick<Analysis, 'profile' | 'series'>,
  series: SeriesView,
  until: number | null,
): LastValue | null {
  const isIncomplete = (place: number) => series.lastIncomplete && place === series.time.length - 1;
  const place = lastPlace(series, until ?? Number.POSITIVE_INFINITY, isIncomplete);
  const value = series.value[place] ?? null;
  const time = series.time[place];
  if (value === null || time === undefined) return null;
  const at = wallTime(time);
  const before = periodBefore(series, analysis.profile, at);
  const year = yearBefore(series, at);
  const wanted = [before, year].filter((one) => one !== null);
  const changes = wanted.flatMap(({ label, at: earlierAt }, index) => {
    if (index > 0 && wanted[0]?.at === earlierAt) return [];
    const earlier = valueAt(series, earlierAt);
    return earlier === null ? [] : [{ label, earlier }];
  });
  if (before === null && !series.downsampled) {
    const previous = series.value.slice(0, place).findLast((one) => one !== null) ?? null;
    if (previous !== null) changes.unshift({ label: previousLabel(series.granularity), earlier: previous });
  }
  return { value, time, changes };
}

function valueAt(series: SeriesView, at: number): number | null {
  const place = series.time.findIndex((time) => wallTime(time) === at);
  return place === -1 ? null : (series.value[place] ?? null);
}
