import { bisectCenter } from 'd3-array';
import type { Analysis, Anomaly, Metric, SeriesView } from '@/api/types';
import { type NumberWords, wallTime } from '@/components/format';
import { SEVERITY_RANK } from '@/components/SeverityMark';
import type { Stretch } from '../chart/series';

const FIRST_PANELS = 4; // what fits a laptop's screen

/** One of the metrics that stand one above the other. */
export interface Panel {
  metric: Metric;
  analysis: Analysis;
  /** With the dense points of the zoomed stretch in it. */
  series: SeriesView;
  /** The wall-clock times of `series`, in order. */
  times: readonly number[];
  anomalies: readonly Anomaly[];
  words: NumberWords;
}

/** Which metrics to begin with: the one at hand, then the others in the file's order. */
export function firstPanels(metrics: readonly string[], current: string | null): string[] {
  const others = metrics.filter((name) => name !== current);
  const known = current !== null && metrics.includes(current) ? [current] : [];
  return [...known, ...others].slice(0, FIRST_PANELS);
}

/** From the first to the last time of any of them. */
export function wholeOf(panels: readonly Panel[]): Stretch {
  const ends = panels.flatMap(({ times }) => [times[0] ?? 0, times.at(-1) ?? 1]);
  return { from: Math.min(...ends), to: Math.max(...ends) };
}

/** Every time at which one of them has a drawn point, once and in order. */
export function timesOf(panels: readonly Panel[], stretch: Stretch | null): number[] {
  const all = new Set(panels.flatMap(({ times }) => times));
  return [...all]
    .filter((time) => !stretch || (time >= stretch.from && time <= stretch.to))
    .sort((one, other) => one - other);
}

export interface Reading {
  value: number | null;
  lower: number | null;
  upper: number | null;
}

/** What a series says of one time; null where that point is not drawn or does not exist. */
export function readingAt(series: SeriesView, times: readonly number[], at: number): Reading | null {
  const index = bisectCenter(times, at);
  if (times[index] !== at) return null;
  return {
    value: series.value[index] ?? null,
    lower: series.lower[index] ?? null,
    upper: series.upper[index] ?? null,
  };
}

export interface Found {
  panel: Panel;
  anomaly: Anomaly;
  /** The other metrics that have an anomaly at the same time. */
  together: string[];
}

/** The anomalies of all panels in order of time, each with who else has one then. */
export function foundIn(panels: readonly Panel[]): Found[] {
  const all = panels.flatMap((panel) => panel.anomalies.map((anomaly) => ({ panel, anomaly })));
  return all
    .map(({ panel, anomaly }) => ({
      panel,
      anomaly,
      together: panels
        .filter((other) => other !== panel && other.anomalies.some((twin) => overlap(twin, anomaly)))
        .map(({ metric }) => metric.title),
    }))
    .sort(
      (one, other) =>
        wallTime(one.anomaly.date) - wallTime(other.anomaly.date) ||
        SEVERITY_RANK[other.anomaly.severity] - SEVERITY_RANK[one.anomaly.severity],
    );
}

function overlap(one: Anomaly, other: Anomaly): boolean {
  return wallTime(one.start) <= wallTime(other.end) && wallTime(other.start) <= wallTime(one.end);
}
