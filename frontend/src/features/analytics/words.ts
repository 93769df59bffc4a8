import type { Aggregate, Analysis, Anomaly, Dataset, Granularity, Kind, Method, Metric } from '@/api/types';
import { decimalsFor, formatDuration, type NumberWords, numberWords } from '@/components/format';

export const METHOD_WORDS: Record<Method, string> = {
  robust_z: 'Robust z-score',
  z_score: 'Z-score',
  iqr: 'IQR fences',
  rolling_band: 'Rolling band',
  seasonal_residual: 'Seasonal residual',
  level_shift: 'Level shift',
  flatline: 'Flat line',
};

/** What a method looks at, and in which unit its score is. */
export const METHOD_MEANINGS: Record<Method, string> = {
  robust_z: 'Distance from the median, in robust deviations (median absolute deviation)',
  z_score: 'Distance from the mean, in standard deviations',
  iqr: 'Distance outside the middle half, in its widths (Tukey)',
  rolling_band: 'Distance from the rolling average, in its deviations',
  seasonal_residual: 'What is left after level, trend and season, in robust deviations',
  level_shift: 'Size of a lasting change of level, in robust deviations',
  flatline: 'Length of a run of identical values',
};

const KIND_WORDS: Record<Kind, string> = {
  spike: 'Spike',
  dip: 'Dip',
  burst: 'Sustained rise',
  outage: 'Sustained drop',
  level_shift: 'Level shift',
  flatline: 'Flat line',
};

/** What an anomaly looks like; a burst may go either way. */
export function kindWords({ kind, direction }: Pick<Anomaly, 'kind' | 'direction'>): string {
  return kind === 'burst' && direction === 'down' ? 'Sustained drop' : KIND_WORDS[kind];
}

export const GRANULARITY_WORDS: Record<Granularity, string> = {
  auto: 'Automatic',
  native: 'As recorded',
  minute: 'Minutes',
  hour: 'Hours',
  day: 'Days',
  week: 'Weeks',
  month: 'Months',
  quarter: 'Quarters',
  year: 'Years',
};

export const AGGREGATE_WORDS: Record<Aggregate, string> = {
  auto: 'Automatic',
  sum: 'Sum',
  mean: 'Mean',
  min: 'Minimum',
  max: 'Maximum',
  count: 'Count',
};

const POINT_WORDS: Record<Granularity, [string, string]> = {
  auto: ['point', 'points'],
  native: ['reading', 'readings'],
  minute: ['minute', 'minutes'],
  hour: ['hour', 'hours'],
  day: ['day', 'days'],
  week: ['week', 'weeks'],
  month: ['month', 'months'],
  quarter: ['quarter', 'quarters'],
  year: ['year', 'years'],
};

/** 31 days, 1 hour: what the points of a series are called. */
export function pointWord(granularity: Granularity, count: number): string {
  const [one, many] = POINT_WORDS[granularity];
  return count === 1 ? one : many;
}

const TRANSFORM_WORDS: Record<string, string> = {
  identity: 'as they are',
  sqrt: 'on a square-root scale, because their spread grows with their level',
  log: 'on a logarithmic scale, because their spread is in proportion to their level',
  anscombe: 'as counts (Anscombe scale), because small counts vary by their root',
  intermittent: 'without the zeros, because most values are zero',
};

export function transformWords(transform: string): string {
  return TRANSFORM_WORDS[transform] ?? transform;
}

/** One point per day: how often there is a point. */
export function cadenceWords(seconds: number | null): string {
  if (seconds === null) return 'Unknown';
  const named: Record<number, string> = { 60: 'minute', 3600: 'hour', 86400: 'day', 604800: 'week' };
  return `One point per ${named[seconds] ?? formatDuration(seconds)}`;
}

/** A seasonal period in words: 24 points of an hour are a day. */
export function periodWords(points: number, cadenceSeconds: number | null): string {
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

export const MAX_REASON = 500; // domain/annotations.py

export const VERDICTS = ['confirmed', 'expected', 'false_alarm', 'new_normal'] as const;
export type AnomalyVerdict = (typeof VERDICTS)[number];

export const VERDICT_WORDS: Record<AnomalyVerdict, string> = {
  confirmed: 'Confirmed',
  expected: 'Expected',
  false_alarm: 'False alarm',
  new_normal: 'New normal',
};

/** What a verdict does. */
export const VERDICT_EFFECTS: Record<AnomalyVerdict, string> = {
  confirmed: 'A real event. It is kept out of what counts as usual.',
  expected: 'Unusual, but known in advance. It no longer counts as open.',
  false_alarm: 'Nothing happened. It no longer counts as open.',
  new_normal: 'The level changed for good. A new level begins here.',
};

/** Closed: no longer counted as open (domain/annotations.py). */
export function isClosed(verdict: string | null): boolean {
  return verdict === 'expected' || verdict === 'false_alarm';
}

export function verdictWords(verdict: string | null): string | null {
  return VERDICTS.find((known) => known === verdict) ? VERDICT_WORDS[verdict as AnomalyVerdict] : verdict;
}

/** A metric as the dataset names it for people; its column's name where the dataset does not know it. */
export function metricOf({ metrics }: Pick<Dataset, 'metrics'>, name: string): Metric {
  return metrics.find((metric) => metric.name === name) ?? { name, title: name, unit: null };
}

/** Temperature (°C): how a metric is called where its numbers do not stand beside it. */
export function metricLabel({ title, unit }: Metric): string {
  return unit ? `${title} (${unit})` : title;
}

/** How the numbers of an analysis are written: as precisely as its spread asks for. */
export function wordsOf(analysis: Analysis | undefined): NumberWords {
  if (!analysis) return numberWords(null, 0);
  const { unit, summary, series } = analysis;
  const areWhole = series.value.every((value) => value === null || Number.isInteger(value));
  return numberWords(unit, decimalsFor(summary.iqr || summary.stdDev, summary.mean), areWhole);
}
