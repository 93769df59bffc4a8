import { bisectCenter } from 'd3-array';
import type { Analysis, Anomaly, Metric, SeriesView } from '@/api/types';
import { type NumberFormat, wallTime } from '@/components/format';
import { SEVERITY_RANK } from '@/components/SeverityMark';
import type { TimeRange } from '../chart/series';

const FIRST_PANELS = 4; // as many as fit the screen of a laptop

/** One of the metrics that stand one above the other. */
export interface Panel {
  metric: Metric;
  analysis: Analysis;
  /** With the dense points of the zoomed range in it. */
  series: SeriesView;
  /** The wall-clock times of `series`, in order. */
  times: readonly number[];
  anomalies: readonly Anomaly[];
  numbers: NumberFormat;
}

/** Which metrics to begin with: the one at hand, then the others in the file's order. */
export function firstPanels(metrics: readonly string[], current: string | null): string[] {
  const others = metrics.filter((name) => name !== current);
  const known = current !== null && metrics.includes(current) ? [current] : [];
  return [...known, ...others].slice(0, FIRST_PANELS);
}

/** From the first to the last time of any of them. */
export function wholeOf(panels: readonly Panel[]): TimeRange {
  const ends = panels.flatMap(({ times }) => [times[0] ?? 0, times.at(-1) ?? 1]);
  return { from: Math.min(...ends), to: Math.max(...ends) };
}

/** Every time at which one of them has a drawn point, once and in order. */
export function timesOf(panels: readonly Panel[], zoom: TimeRange | null): number[] {
  const all = new Set(panels.flatMap(({ times }) => times));
  return [...all]
    .filter((time) => !zoom || (time >= zoom.from && time <= zoom.to))
    .sort((one, other) => one - other);
}

export interface Reading {
  value: number | null;
  lower: number | null;
  upper: number | null;
}

/** The point of a series at exactly that time; null where it is not drawn or does not exist. */
export function readingAt(series: SeriesView, times: readonly number[], at: number): Reading | null {
  const index = bisectCenter(times, at);
  if (times[index] !== at) return null;
  return {
    value: series.value[index] ?? null,
    lower: series.lower[index] ?? null,
    upper: series.upper[index] ?? null,
  };
}

export interface PanelAnomaly {
  panel: Panel;
  anomaly: Anomaly;
  /** The other metrics that have an anomaly at the same time. */
  together: string[];
}

/** The anomalies of all panels in order of time, each with the other metrics that have one then. */
export function panelAnomalies(panels: readonly Panel[]): PanelAnomaly[] {
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
