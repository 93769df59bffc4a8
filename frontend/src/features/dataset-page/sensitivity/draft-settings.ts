import type { Analysis, Metric, SensitivityPoint } from '@/api/types';
import type { NumberFormat } from '@/components/format';
import { atSensitivity } from './sensitivity-curve';

/** One of the analyses that settings are tried on. */
export interface ShownAnalysis {
  metric: Metric;
  analysis: Analysis;
  numbers: NumberFormat;
}

export interface FlagCount {
  events: number;
  points: number;
}

/** What analyses flag, taken together. */
export function countFlagged(analyses: readonly Pick<Analysis, 'anomalies'>[]): FlagCount {
  const all = analyses.flatMap(({ anomalies }) => anomalies);
  return { events: all.length, points: all.reduce((sum, { points }) => sum + points, 0) };
}

/** One sensitivity curve for several metrics: their sum at each step of the first. */
export function combinedCurve(
  sensitivityCurves: readonly (readonly SensitivityPoint[])[],
): SensitivityPoint[] {
  const [first = [], ...others] = sensitivityCurves;
  return first.map((point) => {
    const all = [
      point,
      ...others.map((sensitivityCurve) => atSensitivity(sensitivityCurve, point.sensitivity)),
    ];
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
