import type { Analysis, SeriesView } from '@/api/types';
import { type RangeSummary, summariseRange } from '../chart/range-summary';
import type { TimeRange } from '../chart/series';

/**
 * Figures of the visible time range. Of the whole they are the server's, of every point; of a zoomed range they are
 * computed from its points where all of them are drawn, else the server's: null until they have arrived.
 *
 * @param window the answer for the zoomed range, where the whole series was downsampled.
 */
export function useRangeSummary(
  analysis: Analysis,
  series: SeriesView,
  window: SeriesView | undefined,
  zoom: TimeRange | null,
): RangeSummary | null {
  const { summary } = analysis;
  if (!zoom) return wholeSummary(summary);
  if (!analysis.series.downsampled) return summariseRange(series, zoom);
  return window?.rangeSummary ?? null;
}

function wholeSummary({
  count,
  mean,
  median,
  q1,
  q3,
  min,
  max,
  stdDev,
}: Analysis['summary']): RangeSummary | null {
  if (mean === null || median === null || q1 === null || q3 === null || min === null || max === null)
    return null;
  return { count, total: mean * count, mean, median, q1, q3, min, max, stdDev };
}
