import { labelOf } from '@/api/labels';
import type {
  Aggregate,
  Analysis,
  DatasetResponse,
  Granularity,
  Method,
  Metric,
  TransformKind,
} from '@/api/types';
import {
  decimalsFor,
  formatBucket,
  formatDuration,
  type NumberFormat,
  numberFormat,
} from '@/components/format';

export const NO_VALUE = '(none)'; // what the value of an empty cell is called

/** What a method looks at, and in which unit its score is. */
export const METHOD_MEANINGS: Record<Method, string> = {
  'robust-z-score': 'Distance from the median, in robust standard deviations (median absolute deviation)',
  'z-score': 'Distance from the mean, in standard deviations',
  iqr: 'Distance outside the quartiles, in interquartile ranges (Tukey)',
  'rolling-band': 'Distance from the rolling average, in rolling standard deviations',
  'seasonal-residual': 'What is left after level, trend and seasonality, in robust standard deviations',
  'level-shift': 'Size of a lasting change of level, in robust standard deviations',
  flatline: 'Length of a run of identical values',
};

const POINT_LABELS: Record<Granularity, [string, string]> = {
  auto: ['point', 'points'],
  native: ['point', 'points'],
  minute: ['minute', 'minutes'],
  hour: ['hour', 'hours'],
  day: ['day', 'days'],
  week: ['week', 'weeks'],
  month: ['month', 'months'],
  quarter: ['quarter', 'quarters'],
  year: ['year', 'years'],
};

const INTERVAL_ADJECTIVES: Partial<Record<Granularity, string>> = {
  minute: 'Per minute',
  hour: 'Hourly',
  day: 'Daily',
  week: 'Weekly',
  month: 'Monthly',
  quarter: 'Quarterly',
  year: 'Yearly',
};

/** Daily total, hourly average; daily values where each point is one row. */
export function aggregateNoun(granularity: Granularity, aggregate: Aggregate | null): string {
  const adjective = INTERVAL_ADJECTIVES[granularity];
  if (!adjective) return 'Values as recorded';
  return `${adjective} ${aggregate === null ? 'values' : labelOf('aggregates', aggregate).toLowerCase()}`;
}

const BUCKET_SECONDS: Partial<Record<Granularity, number>> = {
  month: 28 * 86_400,
  quarter: 90 * 86_400,
  year: 365 * 86_400,
};

/** The time of a point of a series: Apr 2020 where the points are months. */
export function formatPoint(time: string, granularity: Granularity): string {
  return formatBucket(time, BUCKET_SECONDS[granularity] ?? 0);
}

/** 31 days, 1 hour: what the points of a series are called. */
export function pointLabel(granularity: Granularity, count: number): string {
  const [one, many] = POINT_LABELS[granularity];
  return count === 1 ? one : many;
}

const TRANSFORM_LABELS: Record<TransformKind, string> = {
  identity: 'Values as they are',
  sqrt: 'Square-root scale, because the spread grows with the level',
  log: 'Logarithmic scale, because the spread is proportional to the level',
  anscombe: 'Scale for counts (Anscombe), because small counts vary with their square root',
  intermittent: 'Without zeros, because most values are zero',
  shortfall: 'By what is missing to the full share',
};

export function transformLabel(transform: TransformKind): string {
  return TRANSFORM_LABELS[transform];
}

/** One point per day: how often there is a point. */
export function cadenceLabel(seconds: number | null): string {
  if (seconds === null) return 'Unknown';
  const named: Record<number, string> = { 60: 'minute', 3600: 'hour', 86400: 'day', 604800: 'week' };
  return `One point per ${named[seconds] ?? formatDuration(seconds)}`;
}

/** A seasonal period in words: 24 points of an hour are a day. */
export function periodLabel(points: number, cadenceSeconds: number | null): string {
  const seconds = cadenceSeconds === null ? null : points * cadenceSeconds;
  const named: [number, string][] = [
    [3_600, 'hourly'],
    [86_400, 'daily'],
    [604_800, 'weekly'],
    [31_557_600, 'yearly'],
  ];
  for (const [length, word] of named) {
    // Months and years are not all of one length.
    if (seconds !== null && Math.abs(seconds - length) < 0.04 * length) return word;
  }
  return `every ${points} points`;
}

export const VERDICTS = ['confirmed', 'expected', 'false_alarm', 'new_normal'] as const;
export type AnomalyVerdict = (typeof VERDICTS)[number];

/** What a verdict does. */
export const VERDICT_EFFECTS: Record<AnomalyVerdict, string> = {
  confirmed: 'A real event. Its values are left out of what counts as normal.',
  expected: 'Unusual, but known in advance. Closes the anomaly.',
  false_alarm: 'Nothing happened. Closes the anomaly.',
  new_normal:
    'The level changed for good. Closes the anomaly; values from here on are compared with the new level.',
};

/** Closed: no longer counted as open. The server counts by the same rule. */
export function isClosed(verdict: string | null): boolean {
  return verdict === 'expected' || verdict === 'false_alarm' || verdict === 'new_normal';
}

export function verdictLabel(verdict: string | null): string | null {
  return verdict && labelOf('verdicts', verdict);
}

/** A metric as the dataset names it for people; its column's name where the dataset does not know it. */
export function metricOf({ metrics }: Pick<DatasetResponse, 'metrics'>, name: string): Metric {
  return metrics.find((metric) => metric.name === name) ?? { name, title: name, unit: null };
}

/** Temperature (°C): the name of a metric where its numbers do not stand beside it. A unit in the name is not repeated. */
export function metricLabel({ title, unit }: Metric): string {
  return unit && !title.includes(`(${unit})`) ? `${title} (${unit})` : title;
}

/** How the numbers of an analysis are written: as precisely as its spread needs. */
export function numberFormatOf(analysis: Analysis | undefined): NumberFormat {
  if (!analysis) return numberFormat(null, 0);
  const { unit, summary, series } = analysis;
  const areWhole = series.value.every((value) => value === null || Number.isInteger(value));
  const spread = summary.iqr || summary.stdDev || 0;
  return numberFormat(unit, decimalsFor(spread, summary.mean), areWhole, spread);
}
