import { range } from 'd3-array';
import type { SeriesView } from '@/api/types';
import { wallTime, withoutOffset } from '@/components/format';
import type { Trace } from './figure';
import type { ThemeColours } from './useThemeColours';

type Bound = readonly (number | null)[];

/**
 * The expected range as one closed shape for each unbroken run of bounds. A fill between two lines would join the ends
 * of a gap and lay a wedge across the chart. A run of a single point gets the width of a step, or it would be invisible.
 */
export function band({ time, lower, upper }: SeriesView, colours: ThemeColours): Trace[] {
  return [closedShape('Expected range', time, lower, upper, colours.band)];
}

/** The area between two bounds, as a closed shape for each unbroken run of both. */
export function closedShape(
  name: string,
  time: readonly string[],
  lower: Bound,
  upper: Bound,
  fillcolor: string,
): Trace {
  const x: (string | null)[] = [];
  const y: (number | null)[] = [];
  for (const run of runsOf(time.map((_, index) => isNumber(lower[index]) && isNumber(upper[index])))) {
    if (x.length > 0) {
      x.push(null);
      y.push(null);
    }
    const isSingle = run.from === run.to;
    const places = isSingle ? [run.from, run.from] : range(run.from, run.to + 1);
    const times = isSingle ? widened(time, run.from) : places.map((at) => withoutOffset(time[at] ?? ''));
    x.push(...times, ...times.toReversed());
    y.push(...places.map((at) => lower[at] ?? null), ...places.toReversed().map((at) => upper[at] ?? null));
  }
  return { type: 'scatter', mode: 'lines', name, x, y, line: { width: 0 }, fill: 'toself', fillcolor };
}

export function isNumber(value: number | null | undefined): value is number {
  return value !== null && value !== undefined;
}

/** First and last place of each run of true. */
export function runsOf(present: readonly boolean[]): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  present.forEach((isPresent, index) => {
    if (!isPresent) return;
    const last = runs.at(-1);
    if (last && last.to === index - 1) last.to = index;
    else runs.push({ from: index, to: index });
  });
  return runs;
}

const SINGLE_SHARE = 0.4; // of a step, to either side: neighbours on both sides would still stand apart

/** The times just before and after a point, as far apart as the nearer neighbour allows. */
function widened(time: readonly string[], index: number): [string, string] {
  const at = wallTime(time[index] ?? '');
  const steps = [time[index - 1], time[index + 1]].flatMap((text) =>
    text === undefined ? [] : [Math.abs(wallTime(text) - at)],
  );
  const half = SINGLE_SHARE * (steps.length > 0 ? Math.min(...steps) : 1000);
  const text = (ms: number) => new Date(ms).toISOString().slice(0, -1);
  return [text(at - half), text(at + half)];
}
