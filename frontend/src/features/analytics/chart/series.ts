import { extent } from 'd3-array';
import type { Anomaly, SeriesView } from '@/api/types';
import { wallText, wallTime } from '@/components/format';

type Column = 'value' | 'rolling' | 'expected' | 'lower' | 'upper';
const COLUMNS: readonly Column[] = ['value', 'rolling', 'expected', 'lower', 'upper'];

export interface Stretch {
  from: number;
  to: number;
}

/** First and last wall-clock time of a series in milliseconds; null without points. */
export function extentOf(series: SeriesView): Stretch | null {
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

const BAND_SHARE = 0.6; // of the height of the readings: a wide band must not flatten the line itself

/** The range of the y axis that shows every reading and anomaly of a stretch, and the band as far as it helps. */
export function valueRange(
  series: SeriesView,
  anomalies: readonly Anomaly[],
  stretch: Stretch | null,
  withBand: boolean,
): [number, number] {
  const isIn = (time: string) => {
    const at = wallTime(time);
    return !stretch || (at >= stretch.from && at <= stretch.to);
  };
  const readings: number[] = anomalies.filter(({ date }) => isIn(date)).map(({ value }) => value);
  const band: number[] = [];
  series.time.forEach((time, index) => {
    if (!isIn(time)) return;
    for (const [values, into] of [
      [series.value, readings],
      [series.lower, band],
      [series.upper, band],
    ] as const) {
      const value = values[index];
      if (value !== null && value !== undefined) into.push(value);
    }
  });
  let [low, high] = extent(readings);
  if (low === undefined || high === undefined) return [0, 1];
  const [bandLow = low, bandHigh = high] = withBand ? extent(band) : [];
  const room = (high - low || Number.POSITIVE_INFINITY) * BAND_SHARE;
  const floor = low;
  low = Math.min(low, Math.max(bandLow, low - room));
  high = Math.max(high, Math.min(bandHigh, high + room));
  const air = (high - low || Math.abs(high) || 1) * 0.06;
  // Room below zero would suggest that a count or an amount could be negative.
  return [floor >= 0 && low - air < 0 ? 0 : low - air, high + air];
}

/** Narrow, widen or move a stretch without leaving the series; null stands for all of it. */
export function zoomed(current: Stretch | null, whole: Stretch, factor: number): Stretch | null {
  const { from, to } = current ?? whole;
  const middle = (from + to) / 2;
  const half = ((to - from) * factor) / 2;
  return within({ from: middle - half, to: middle + half }, whole);
}

export function moved(current: Stretch | null, whole: Stretch, share: number): Stretch | null {
  if (!current) return null;
  const length = current.to - current.from;
  const from = Math.min(Math.max(current.from + length * share, whole.from), whole.to - length);
  return within({ from, to: from + length }, whole);
}

/** A stretch around an event, wide enough to see what is usual there. */
export function around(start: string, end: string, whole: Stretch): Stretch | null {
  const [from, to] = [wallTime(start), wallTime(end)];
  const room = Math.max((to - from) * 1.5, (whole.to - whole.from) * 0.06);
  return within({ from: from - room, to: to + room }, whole);
}

export function within(stretch: Stretch, whole: Stretch): Stretch | null {
  const from = Math.max(stretch.from, whole.from);
  const to = Math.min(stretch.to, whole.to);
  if (from <= whole.from && to >= whole.to) return null;
  return to > from ? { from, to } : null;
}

/** A little air on both sides, so that the first and the last mark are whole. */
export function padded({ from, to }: Stretch): Stretch {
  const air = Math.max((to - from) * 0.012, 1000);
  return { from: from - air, to: to + air };
}

export function stretchOf(from: string | null, to: string | null): Stretch | null {
  return from && to ? { from: wallTime(from), to: wallTime(to) } : null;
}

export function textOf(stretch: Stretch | null): { from: string | null; to: string | null } {
  return stretch ? { from: wallText(stretch.from), to: wallText(stretch.to) } : { from: null, to: null };
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
