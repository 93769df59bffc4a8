import type { Part } from 'plotly.js-basic-dist-min';
import type { Anomaly } from '@/api/types';
import { axisInks, baseLayout, timeAxis, type ValueTicks } from '../chart/axis';
import { type Stretch, valueRange } from '../chart/series';
import { eventBand, type Shown, traces } from '../chart/traces';
import type { Inks } from '../useInks';
import type { Panel } from './panels';

// In pixels.
export const HEAD = 34; // the line above each panel that says what it is
export const FOOT = 42;
export const RIGHT = 14;

export interface Frame {
  range: [number, number];
  ticks: ValueTicks;
}

const axisName = (index: number) => (index === 0 ? '' : String(index + 1));

export function rangeOf(panel: Panel, stretch: Stretch | null, withBand: boolean): [number, number] {
  return valueRange(panel.series, panel.analysis.anomalies, stretch, withBand);
}

interface Drawn {
  data: Part[];
  /** Of each trace: the panel it stands in. */
  places: number[];
}

/** The traces of all panels. They share the time axis; each has a value axis of its own. */
export function stackTraces(
  panels: readonly Panel[],
  selected: Anomaly | null,
  shown: Shown,
  inks: Inks,
): Drawn {
  const data: Part[] = [];
  const places: number[] = [];
  panels.forEach((panel, index) => {
    const ringed = panel.anomalies.find(({ id }) => id === selected?.id) ?? null;
    const { series, anomalies, words } = panel;
    for (const trace of traces({ series, anomalies, selected: ringed, shown, inks, words })) {
      // The heads of the panels say what the cursor meets, in all of them at once.
      const { hovertemplate: _, hovertext: __, ...rest } = trace;
      data.push({
        ...rest,
        hoverinfo: trace.hoverinfo === 'skip' ? 'skip' : 'none',
        yaxis: `y${axisName(index)}`,
      });
      places.push(index);
    }
  });
  return { data, places };
}

export interface StackParts {
  frames: readonly Frame[];
  panelHeight: number;
  room: number;
  stretch: Stretch;
  selected: Anomaly | null;
  inks: Inks;
  narrow: boolean;
  touch: boolean;
  revision: string;
}

export function stackLayout(parts: StackParts): Part {
  const { frames, panelHeight, room, stretch, selected, inks } = parts;
  const height = frames.length * panelHeight + (frames.length - 1) * HEAD;
  const axes = frames.map(({ range, ticks }, index) => {
    const top = index * (panelHeight + HEAD);
    return [
      `yaxis${axisName(index)}`,
      {
        ...axisInks(inks),
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
    ...baseLayout(inks),
    uirevision: parts.revision,
    margin: { l: room, r: RIGHT, t: HEAD, b: FOOT },
    hovermode: 'closest',
    hoverdistance: 20,
    dragmode: parts.touch ? false : 'zoom',
    xaxis: { ...timeAxis(stretch, inks, parts), anchor: `y${axisName(frames.length - 1)}` },
    ...Object.fromEntries(axes),
    shapes: selected ? [eventBand(selected, inks[selected.severity])] : [],
  };
}
