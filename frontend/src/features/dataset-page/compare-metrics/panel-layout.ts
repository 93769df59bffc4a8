import type { Anomaly } from '@/api/types';
import { axisColours, baseLayout, timeAxis, type ValueTicks } from '../chart/axis';
import type { Layout, Trace } from '../chart/figure';
import { eventBand } from '../chart/layout';
import { type TimeRange, valueRange } from '../chart/series';
import { type Preview, type Shown, traces } from '../chart/traces';
import type { ThemeColours } from '../chart/useThemeColours';
import type { Panel } from './panels';

// In pixels.
export const HEAD = 34; // the line above each panel with its name
export const FOOT = 42;
export const RIGHT = 14;

export interface Frame {
  range: [number, number];
  ticks: ValueTicks;
}

const axisName = (index: number) => (index === 0 ? '' : String(index + 1));

export function rangeOf(panel: Panel, zoom: TimeRange | null, withBand: boolean): [number, number] {
  return valueRange(panel.series, panel.analysis.anomalies, zoom, withBand);
}

/** The traces of all panels. They share the time axis; each has a value axis of its own. */
export function panelTraces(
  panels: readonly Panel[],
  selected: Anomaly | null,
  shown: Pick<Shown, 'band' | 'rolling'>,
  visible: TimeRange,
  previews: ReadonlyMap<string, Preview>,
  colours: ThemeColours,
): Trace[] {
  return panels.flatMap(({ series, anomalies, metric }, index) => {
    const ringed = anomalies.find(({ id }) => id === selected?.id) ?? null;
    const preview = previews.get(metric.name) ?? null;
    const drawn = traces({ series, visible, anomalies, selected: ringed, preview, shown, colours });
    return drawn.map((trace): Trace => ({ ...trace, yaxis: `y${axisName(index)}` }));
  });
}

export interface PanelLayoutParts {
  frames: readonly Frame[];
  panelHeight: number;
  room: number;
  visible: TimeRange;
  selected: Anomaly | null;
  colours: ThemeColours;
  narrow: boolean;
}

function anchorOf(panels: number): 'y' {
  // Plotly's types know the names of the first ten axes only, and `y2` as another type than `y`.
  return `y${axisName(panels - 1)}` as 'y';
}

export function panelLayout(parts: PanelLayoutParts): Partial<Layout> {
  const { frames, panelHeight, room, visible, selected, colours } = parts;
  const height = frames.length * panelHeight + (frames.length - 1) * HEAD;
  const axes = frames.map(({ range, ticks }, index) => {
    const top = index * (panelHeight + HEAD);
    return [
      `yaxis${axisName(index)}`,
      {
        ...axisColours(colours),
        domain: [Math.max(0, 1 - (top + panelHeight) / height), 1 - top / height],
        range,
        fixedrange: true,
        zeroline: false,
        tickvals: ticks.tickvals,
        ticktext: ticks.ticktext,
      },
    ];
  });
  return {
    ...baseLayout(colours),
    margin: { l: room, r: RIGHT, t: HEAD, b: FOOT },
    xaxis: { ...timeAxis(visible, colours, parts), anchor: anchorOf(frames.length) },
    ...Object.fromEntries(axes),
    shapes: selected ? [eventBand(selected, colours[selected.severity])] : [],
  };
}
