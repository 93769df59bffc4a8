import type { Analysis, DialPoint, Metric } from '@/api/types';
import type { NumberWords } from '@/components/format';
import { atSensitivity } from './dial';

/** One of the analyses that a sensitivity is tried on. */
export interface Tried {
  metric: Metric;
  analysis: Analysis;
  words: NumberWords;
}

export interface Tally {
  events: number;
  points: number;
}

/** What analyses flag, taken together. */
export function tallyOf(analyses: readonly Pick<Analysis, 'anomalies'>[]): Tally {
  const found = analyses.flatMap(({ anomalies }) => anomalies);
  return { events: found.length, points: found.reduce((sum, { points }) => sum + points, 0) };
}

/** One dial for several: at each of the first one's steps what all of them would tell of. */
export function dialOf(dials: readonly (readonly DialPoint[])[]): DialPoint[] {
  const [first = [], ...others] = dials;
  return first.map((point) => {
    const all = [point, ...others.map((dial) => atSensitivity(dial, point.sensitivity))];
    return {
      ...point,
      events: all.reduce((sum, one) => sum + (one?.events ?? 0), 0),
      flaggedPoints: all.reduce((sum, one) => sum + (one?.flaggedPoints ?? 0), 0),
    };
  });
}

/** The unit that all of them have; null where they differ. */
export function unitOf(analyses: readonly Pick<Analysis, 'unit'>[]): string | null {
  const [first, ...others] = analyses;
  return first && others.every(({ unit }) => unit === first.unit) ? first.unit : null;
}
