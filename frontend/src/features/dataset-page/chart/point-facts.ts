import { kindLabel, labelOf } from '@/api/labels';
import type { Analysis, Anomaly, SeriesView } from '@/api/types';

import { changeText, differenceText } from '@/components/changes';
import { capital, type NumberFormat } from '@/components/format';

import { changeShare, periodBefore, previousLabel } from '../cards/last-value';
import { formatPoint, verdictLabel } from '../labels';

import { nearestPlace } from './cursor';
import { anomalyAt } from './series';

export interface PointFacts {
  when: string;
  value: string;
  rows: { label: string; value: string }[];
  /** Whether the data do not cover the bucket. */
  isIncomplete: boolean;
  anomaly: Anomaly | null;
}

interface PointSource {
  analysis: Pick<Analysis, 'profile'>;
  series: SeriesView;
  /** The times of `series`. */
  times: readonly number[];
  anomalies: readonly Anomaly[];
  numbers: NumberFormat;
  hasRolling: boolean;
}

/** What is known of one point of the chart, ready to be shown and read aloud. */
export function factsOf(source: PointSource, place: number): PointFacts {
  const { series, times, anomalies, numbers } = source;
  const at = times[place] ?? 0;
  const value = series.value[place] ?? null;
  const [expected, lower, upper] = [series.expected, series.lower, series.upper].map(
    (column) => column[place] ?? null,
  );
  const rows: PointFacts['rows'] = [];
  if (lower !== null && lower !== undefined && upper !== null && upper !== undefined) {
    rows.push({ label: 'Expected range', value: numbers.range(lower, upper) });
  }
  if (value !== null && expected !== null && expected !== undefined) {
    const share = changeShare(value, expected);
    const { ratioScale } = source.analysis.profile;
    const difference = differenceText(value - expected, share, numbers, ratioScale);
    rows.push({ label: 'Difference', value: difference });
  }
  if (source.hasRolling)
    rows.push({ label: 'Rolling average', value: numbers.full(series.rolling[place] ?? null) });
  const earlier = earlierRow(source, value, at);
  if (earlier) rows.push(earlier);
  return {
    when: formatPoint(series.time[place] ?? '', series.granularity),
    value: value === null ? 'No data' : numbers.full(value),
    rows,
    isIncomplete:
      (series.firstIncomplete && place === 0) || (series.lastIncomplete && place === times.length - 1),
    anomaly: anomalyAt(anomalies, at) ?? null,
  };
}

/** The same phase a period earlier, else the point before; left out where that point is not drawn. */
function earlierRow({ analysis, series, times, numbers }: PointSource, value: number | null, at: number) {
  const before = periodBefore(series, analysis.profile, at);
  const place = before
    ? nearestPlace(times, before.at)
    : series.downsampled
      ? null
      : times.findLastIndex((time) => time < at);
  const earlier = place === null || place < 0 ? null : (series.value[place] ?? null);
  if (place === null || earlier === null || (before && times[place] !== before.at)) return null;
  return {
    label: capital(before?.label ?? previousLabel(series.granularity)),
    value: `${numbers.full(earlier)}${value === null ? '' : ` (${changeText(value, earlier, numbers)})`}`,
  };
}

export const INCOMPLETE = 'Incomplete: shown, not analysed';

export function eventLabel(anomaly: Anomaly): string {
  const verdict = verdictLabel(anomaly.verdict);
  const kind = `${labelOf('severities', anomaly.severity)}: ${kindLabel(anomaly).toLowerCase()}`;
  return verdict ? `${kind}, ${verdict.toLowerCase()}` : kind;
}

/** The same facts as one sentence. */
export function textOfFacts({ when, value, rows, isIncomplete, anomaly }: PointFacts): string {
  const parts = rows.map((row) => `${row.label} ${row.value}`);
  return [
    `${when}: ${value}`,
    ...parts,
    ...(isIncomplete ? [INCOMPLETE] : []),
    ...(anomaly ? [eventLabel(anomaly)] : []),
  ].join('; ');
}
