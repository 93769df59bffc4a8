import { extent } from 'd3-array';
import type { Anomaly, SeriesView } from '@/api/types';
import { wallText, wallTime } from '@/components/format';
import type { AxisKind } from './value-scale';

type Column = 'value' | 'rolling' | 'expected' | 'lower' | 'upper';
const DAY_MS = 86_400_000;
const COLUMNS: readonly Column[] = ['value', 'rolling', 'expected', 'lower', 'upper'];

export interface TimeRange {
  from: number;
  to: number;
}

/** First and last wall-clock time of a series in milliseconds; null without points. */
export function extentOf(series: SeriesView): TimeRange | null {
  const first = series.time[0];
  const last = series.time.at(-1);
  return first === undefined || last === undefined ? null : { from: wallTime(first), to: wallTime(last) };
}

/** Put the dense points of a window into the thin ones of the whole. */
export function splice(whole: SeriesView, window: SeriesView | undefined): SeriesView {
  const inside = window && extentOf(window);
  if (!window || !inside) return whole;
  const times = whole.time.map(wallTime);
  const before = times.findIndex((time) => time >= inside.from);
  const after = times.findLastIndex((time) => time <= inside.to) + 1;
  const head = before === -1 ? times.length : before;
  const join = <T>(thin: T[], dense: T[]): T[] => [
    ...thin.slice(0, head),
    ...dense,
    ...thin.slice(Math.max(after, head)),
  ];
  const joined = { ...whole, time: join(whole.time, window.time) };
  for (const column of COLUMNS) joined[column] = join(whole[column], window[column]);
  return joined;
}

const BAND_SHARE = 0.6; // of the line's height: a wide range must not flatten the line itself
const AIR_SHARE = 0.06; // room above and below what is drawn

/**
 * The range of the value axis that shows every value and anomaly of a time range, and the expected range as far as that
 * leaves the line its height.
 */
export function valueRange(
  series: SeriesView,
  anomalies: readonly Anomaly[],
  zoom: TimeRange | null,
  withBand: boolean,
  axis: AxisKind = 'fitted',
): [number, number] {
  const isIn = (time: string) => {
    const at = wallTime(time);
    return !zoom || (at >= zoom.from && at <= zoom.to);
  };
  const values: number[] = anomalies.filter(({ date }) => isIn(date)).map(({ value }) => value);
  const band: number[] = [];
  series.time.forEach((time, index) => {
    if (!isIn(time)) return;
    for (const [column, into] of [
      [series.value, values],
      [series.lower, band],
      [series.upper, band],
    ] as const) {
      const value = column[index];
      if (value !== null && value !== undefined) into.push(value);
    }
  });
  let [low, high] = extent(values);
  if (low === undefined || high === undefined) return [0, 1];
  const [bandLow = low, bandHigh = high] = withBand ? extent(band) : [];
  const room = (high - low || Number.POSITIVE_INFINITY) * BAND_SHARE;
  const floor = low;
  low = Math.min(low, Math.max(bandLow, low - room));
  high = Math.max(high, Math.min(bandHigh, high + room));
  if (axis === 'log') return logRange(values, band);
  const air = (high - low || Math.abs(high) || 1) * AIR_SHARE;
  if (axis === 'zero') return [low < 0 ? low - air : 0, high > 0 ? high + air : 0];
  // Room below zero would suggest that a count or an amount could be negative.
  return [floor >= 0 && low - air < 0 ? 0 : low - air, high + air];
}

/** A range for a logarithmic axis: of what is positive. From zero on where nothing is. */
function logRange(values: readonly number[], band: readonly number[]): [number, number] {
  const [low, high] = extent(values.filter((value) => value > 0));
  if (low === undefined || high === undefined) return [0, 1];
  const [bandLow = low, bandHigh = high] = extent(band.filter((bound) => bound > 0));
  const factor = Math.max((high / low) ** BAND_SHARE, 1.2);
  return [
    Math.max(Math.min(low, bandLow), low / factor) / 1.1,
    Math.min(Math.max(high, bandHigh), high * factor) * 1.1,
  ];
}

/** Narrow, widen or move a stretch without leaving the series; null stands for all of it. */
export function zoomed(current: TimeRange | null, whole: TimeRange, factor: number): TimeRange | null {
  const { from, to } = current ?? whole;
  const middle = (from + to) / 2;
  const half = ((to - from) * factor) / 2;
  return within({ from: middle - half, to: middle + half }, whole);
}

export function moved(current: TimeRange | null, whole: TimeRange, share: number): TimeRange | null {
  if (!current) return null;
  const length = current.to - current.from;
  const from = Math.min(Math.max(current.from + length * share, whole.from), whole.to - length);
  return within({ from, to: from + length }, whole);
}

/** A stretch around an event, wide enough to see what is usual there. */
export function around(start: string, end: string, whole: TimeRange): TimeRange | null {
  const [from, to] = [wallTime(start), wallTime(end)];
  const room = Math.max((to - from) * 1.5, (whole.to - whole.from) * 0.06);
  return within({ from: from - room, to: to + room }, whole);
}

export function within(zoom: TimeRange, whole: TimeRange): TimeRange | null {
  const from = Math.max(zoom.from, whole.from);
  const to = Math.min(zoom.to, whole.to);
  if (from <= whole.from && to >= whole.to) return null;
  return to > from ? { from, to } : null;
}

/** A little air on both sides, so that the first and the last mark are whole. */
export function padded({ from, to }: TimeRange): TimeRange {
  const air = to === from ? DAY_MS : Math.max((to - from) * 0.012, 1000); // a single point stands in its day
  return { from: from - air, to: to + air };
}

export function timeRangeOf(from: string | null, to: string | null): TimeRange | null {
  return from && to ? { from: wallTime(from), to: wallTime(to) } : null;
}

export function textOf(zoom: TimeRange | null): { from: string | null; to: string | null } {
  return zoom ? { from: wallText(zoom.from), to: wallText(zoom.to) } : { from: null, to: null };
}

/** Means of equal parts of a series: its shape in `parts` numbers. Parts without a value are null. */
export function shapeOf(values: readonly (number | null)[], parts: number): (number | null)[] {
  if (values.length <= parts) return [...values];
  return Array.from({ length: parts }, (_, part) => {
    const from = Math.floor((part * values.length) / parts);
    const to = Math.floor(((part + 1) * values.length) / parts);
    let sum = 0;
    let count = 0;
    for (const value of values.slice(from, to)) {
      if (value !== null) {
        sum += value;
        count += 1;
      }
    }
    return count > 0 ? sum / count : null;
  });
}

export interface Neighbour {
  time: string;
  value: number | null;
  expected: number | null;
  isPeak: boolean;
}

/** The points before and after an anomaly's peak, as far as they are drawn. */
export function neighboursOf(series: SeriesView, date: string, each: number): Neighbour[] {
  const at = wallTime(date);
  const peak = series.time.findIndex((time) => wallTime(time) >= at);
  if (peak === -1) return [];
  const from = Math.max(0, peak - each);
  return series.time.slice(from, peak + each + 1).map((time, offset) => ({
    time,
    value: series.value[from + offset] ?? null,
    expected: series.expected[from + offset] ?? null,
    isPeak: from + offset === peak,
  }));
}

/** The anomaly whose peak a time is, else the one that it lies in. */
export function anomalyAt(anomalies: readonly Anomaly[], time: number): Anomaly | undefined {
  return (
    anomalies.find(({ date }) => wallTime(date) === time) ??
    anomalies.find(({ start, end }) => wallTime(start) <= time && time <= wallTime(end))
  );
}
