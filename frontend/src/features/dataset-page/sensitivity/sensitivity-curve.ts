import type { SensitivityPoint } from '@/api/types';

/** What is found at a sensitivity: at the nearest one that was computed. */
export function atSensitivity(
  sensitivityCurve: readonly SensitivityPoint[],
  sensitivity: number,
): SensitivityPoint | null {
  let best: SensitivityPoint | null = null;
  for (const point of sensitivityCurve) {
    if (!best || Math.abs(point.sensitivity - sensitivity) < Math.abs(best.sensitivity - sensitivity))
      best = point;
  }
  return best;
}

/** 3 more than now, 2 fewer than now, as many as now. */
export function differenceLabel(then: number, now: number): string {
  if (then === now) return 'as many as now';
  return then > now ? `${then - now} more than now` : `${now - then} fewer than now`;
}

export interface Difference<T> {
  added: T[];
  gone: T[];
}

/** Which events come and which go, told apart by the time of their peak. */
export function differences<T extends { date: string }>(
  now: readonly T[],
  then: readonly T[],
): Difference<T> {
  const before = new Set(now.map(({ date }) => date));
  const after = new Set(then.map(({ date }) => date));
  return {
    added: then.filter(({ date }) => !before.has(date)),
    gone: now.filter(({ date }) => !after.has(date)),
  };
}
