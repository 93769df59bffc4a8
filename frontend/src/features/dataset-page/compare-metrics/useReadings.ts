import { useDebouncedValue } from '@mantine/hooks';
import { useQueries } from '@tanstack/react-query';
import { wallText, wallTime } from '@/components/format';
import { seriesQuery } from '../api';
import type { View } from '../view';
import { type Panel, type Reading, readingAt } from './panels';

const SETTLE_MS = 200; // while the hand moves, what is drawn is enough
const FEWEST_POINTS = 10; // the least that the API gives: one point and its neighbours

/**
 * The point of each panel at one time. Where a long series was downsampled and that point is not drawn, it is fetched as
 * soon as the cursor rests: all panels show the same time.
 */
export function useReadings(
  datasetId: string,
  view: View,
  panels: readonly Panel[],
  at: number | null,
): (Reading | null)[] {
  const drawn = panels.map(({ series, times }) => (at === null ? null : readingAt(series, times, at)));
  const [settled] = useDebouncedValue(at, SETTLE_MS);
  const text = settled === null ? null : wallText(settled);
  const points = useQueries({
    queries: panels.map(({ metric, analysis }, index) => ({
      ...seriesQuery(datasetId, { ...view, metric: metric.name }, text, text, FEWEST_POINTS),
      enabled: text !== null && settled === at && drawn[index] === null && analysis.series.downsampled,
    })),
  });
  return drawn.map((reading, index) => {
    const { data } = points[index] ?? {};
    return reading ?? (data && at !== null ? readingAt(data, data.time.map(wallTime), at) : null);
  });
}
