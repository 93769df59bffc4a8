import { kindLabel } from '@/api/labels';
import type { Anomaly, Kind, Severity } from '@/api/types';
import { formatTime, wallTime } from '@/components/format';
import { SEVERITY_RANK } from '@/components/SeverityMark';
import { isClosed } from '../labels';

/** Which anomalies are listed and marked. Null and empty text leave a filter out. */
export interface AnomalyFilters {
  status: 'open' | 'closed' | null;
  severity: Severity | null;
  side: 'up' | 'down' | null;
  kind: Kind | null;
  /** First and last day, as the time zone of the dataset counts them. */
  since: string | null;
  until: string | null;
  /** Text of the kind, the explanation, the reason or the date. */
  search: string | null;
}

export const NO_FILTERS: AnomalyFilters = {
  status: null,
  severity: null,
  side: null,
  kind: null,
  since: null,
  until: null,
  search: null,
};

export function countFilters(filters: AnomalyFilters): number {
  const { status, severity, side, kind, since, until, search } = filters;
  return [status, severity, side, kind, since ?? until, search].filter(Boolean).length;
}

export function passes(anomaly: Anomaly, filters: AnomalyFilters): boolean {
  const { status, severity, side, kind, since, until, search } = filters;
  return (
    (status === null || isClosed(anomaly.verdict) === (status === 'closed')) &&
    (severity === null || anomaly.severity === severity) &&
    (side === null || anomaly.direction === side) &&
    (kind === null || anomaly.kind === kind) &&
    (since === null || anomaly.end.slice(0, 10) >= since) &&
    (until === null || anomaly.start.slice(0, 10) <= until) &&
    (search === null || matches(anomaly, search))
  );
}

function matches(anomaly: Anomaly, search: string): boolean {
  const text = [
    kindLabel(anomaly),
    anomaly.explanation,
    anomaly.reason ?? '',
    anomaly.suggestedReason?.text ?? '',
    formatTime(anomaly.date),
    anomaly.date,
  ].join(' ');
  return text.toLocaleLowerCase().includes(search.trim().toLocaleLowerCase());
}

export type AnomalySortKey = 'severity' | 'time' | 'value' | 'outside';
export interface AnomalySort {
  key: AnomalySortKey;
  descending: boolean;
}

export const MOST_SEVERE_FIRST: AnomalySort = { key: 'severity', descending: true };

/** By how much the value lies outside its expected range; negative below it. */
export function outsideBy({ value, lower, upper }: Anomaly): number {
  if (value > upper) return value - upper;
  return value < lower ? value - lower : 0;
}

const FACTS: Record<AnomalySortKey, (anomaly: Anomaly) => number> = {
  // Within a severity the stronger comes first; larger scores would reach into the next severity.
  severity: ({ severity, score }) => SEVERITY_RANK[severity] * 1e6 + Math.min(score, 1e5),
  time: ({ date }) => wallTime(date),
  value: ({ value }) => value,
  outside: (anomaly) => Math.abs(outsideBy(anomaly)),
};

/** The anomalies that pass the filters, in the wanted order: the table's, and that of stepping through them. */
export function listAnomalies(
  anomalies: readonly Anomaly[],
  filters: AnomalyFilters,
  { key, descending }: AnomalySort,
): Anomaly[] {
  const fact = FACTS[key];
  return anomalies
    .filter((anomaly) => passes(anomaly, filters))
    .sort((one, other) => (descending ? fact(other) - fact(one) : fact(one) - fact(other)));
}
