import type { Anomaly, Severity } from '@/api/types';
import { wallTime } from '@/components/format';
import { SEVERITY_RANK } from '@/components/SeverityMark';

export type AnomalySortKey = 'severity' | 'time' | 'value' | 'outside';
export interface AnomalySort {
  key: AnomalySortKey;
  descending: boolean;
}

/** By how much the value lies outside its expected range; negative below it. */
export function outsideBy({ value, lower, upper }: Anomaly): number {
  if (value > upper) return value - upper;
  return value < lower ? value - lower : 0;
}

const FACTS: Record<AnomalySortKey, (anomaly: Anomaly) => number> = {
  // Within a severity the stronger comes first; scores beyond 1000 would reach into the next severity.
  severity: ({ severity, score }) => SEVERITY_RANK[severity] * 1e6 + Math.min(score, 1e5),
  time: ({ date }) => wallTime(date),
  value: ({ value }) => value,
  outside: (anomaly) => Math.abs(outsideBy(anomaly)),
};

export function chosenAnomalies(
  anomalies: readonly Anomaly[],
  severity: Severity | null,
  { key, descending }: AnomalySort,
): Anomaly[] {
  const fact = FACTS[key];
  return anomalies
    .filter((anomaly) => severity === null || anomaly.severity === severity)
    .sort((one, other) => (descending ? fact(other) - fact(one) : fact(one) - fact(other)));
}
