import { mean, quantileSorted, sum } from 'd3-array';
import type { SeriesView } from '@/api/types';
import { wallTime } from '@/components/format';
import type { TimeRange } from './series';

/** Figures of the points of a time range. */
export interface RangeSummary {
  count: number;
  total: number;
  mean: number;
  median: number;
  q1: number;
  q3: number;
  min: number;
  max: number;
  stdDev: number | null;
}

/** Summarise the points of a range; null where it has none. Only true of a series that holds every point of it. */
export function summariseRange(series: SeriesView, range: TimeRange | null): RangeSummary | null {
  const values: number[] = [];
  series.time.forEach((text, index) => {
    const value = series.value[index] ?? null;
    if (value === null) return;
    const at = wallTime(text);
    if (!range || (at >= range.from && at <= range.to)) values.push(value);
  });
  if (values.length === 0) return null;
  const sorted = values.toSorted((one, other) => one - other);
  const average = mean(values) ?? 0;
  const squares = sum(values, (value) => (value - average) ** 2);
  return {
    count: values.length,
    total: sum(values),
    mean: average,
    median: quantileSorted(sorted, 0.5) ?? average,
    q1: quantileSorted(sorted, 0.25) ?? average,
    q3: quantileSorted(sorted, 0.75) ?? average,
    min: sorted[0] ?? average,
    max: sorted.at(-1) ?? average,
    stdDev: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null,
  };
}
