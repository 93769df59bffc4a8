import type { Figures } from '@/components/FiguresTable';
import { formatTime } from '@/components/format';
import type { TimeRange } from '../chart/series';
import { metricLabel } from '../labels';
import { type Panel, readingAt, timesOf } from './panels';

/** A line for each time, a column for each metric. */
export function figuresOf(panels: readonly Panel[], zoom: TimeRange | null, timeZone: string): Figures {
  const texts = new Map(
    panels.flatMap(({ series, times }) => times.map((time, index) => [time, series.time[index] ?? ''])),
  );
  return {
    columns: [`Time (${timeZone})`, ...panels.map(({ metric }) => metricLabel(metric))],
    rows: timesOf(panels, zoom).map((time) => [
      formatTime(texts.get(time) ?? ''),
      ...panels.map(({ series, times, numbers }) =>
        numbers.full(readingAt(series, times, time)?.value ?? null),
      ),
    ]),
  };
}
