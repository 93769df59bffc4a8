import { utcSaturday } from 'd3-time';
import type { Anomaly, Granularity } from '@/api/types';
import { wallText, withoutOffset } from '@/components/format';
import { baseLayout, timeAxis } from './axis';
import type { ChartMargins } from './ChartOverlay';
import type { Layout, Shape } from './figure';
import type { TimeRange } from './series';
import type { ThemeColours } from './useThemeColours';
import { type ValueScale, valueAxis } from './value-scale';

const UPRIGHT = { yref: 'paper', y0: 0, y1: 1, layer: 'below' } as const;
const DAY = 86_400_000;
const MOST_WEEKENDS = 27; // half a year: beyond it the marks would be a pattern of their own
const RIGHT = 14;
const TOP = 6; // half of a mark that stands at the top of the range

export interface LayoutParts {
  visible: TimeRange;
  scale: ValueScale;
  colours: ThemeColours;
  selected: Anomaly | null;
  highlight: { start: string; end: string } | null;
  shifts: readonly string[];
  /** Whether the series has a weekly pattern that its days show. */
  hasWeekdays: boolean;
  narrow: boolean;
  granularity: Granularity;
}

export function marginsOf(scale: ValueScale): ChartMargins {
  return { left: scale.ticks.room, right: RIGHT, top: TOP, bottom: 40 };
}

export function chartLayout(parts: LayoutParts): Partial<Layout> {
  const { left, right, top, bottom } = marginsOf(parts.scale);
  return {
    ...baseLayout(parts.colours),
    margin: { l: left, r: right, t: top, b: bottom },
    xaxis: timeAxis(parts.visible, parts.colours, parts),
    yaxis: valueAxis(parts.scale, parts.colours),
    shapes: shapes(parts),
  };
}

function shapes(parts: LayoutParts): Partial<Shape>[] {
  const { colours, selected, highlight, shifts, visible } = parts;
  const lines = shifts.map(
    (date): Partial<Shape> => ({
      ...UPRIGHT,
      type: 'line',
      x0: withoutOffset(date),
      x1: withoutOffset(date),
      line: { color: colours['ink-muted'], width: 1, dash: 'dot' },
    }),
  );
  return [
    ...(parts.hasWeekdays && marksWeekends(visible) ? weekends(visible, colours) : []),
    ...(highlight ? [highlighted(highlight, colours)] : []),
    ...lines,
    ...(selected ? [eventBand(selected, colours[selected.severity])] : []),
  ];
}

/** Whether its Saturdays and Sundays can be told apart. */
export function marksWeekends({ from, to }: TimeRange): boolean {
  return (to - from) / (7 * DAY) <= MOST_WEEKENDS;
}

function weekends({ from, to }: TimeRange, colours: ThemeColours): Partial<Shape>[] {
  const saturdays = utcSaturday.range(new Date(utcSaturday.floor(new Date(from))), new Date(to));
  return saturdays.map((saturday) => ({
    ...UPRIGHT,
    type: 'rect',
    // A point stands at the beginning of its day: half a day before the first to half a day after the last.
    x0: wallText(saturday.getTime() - DAY / 2),
    x1: wallText(saturday.getTime() + 1.5 * DAY),
    fillcolor: colours.weekend,
    line: { width: 0 },
  }));
}

/** What an insight is about: a ground and edges of its own, apart from the expected range. */
function highlighted({ start, end }: { start: string; end: string }, colours: ThemeColours): Partial<Shape> {
  return {
    ...UPRIGHT,
    type: 'rect',
    x0: withoutOffset(start),
    x1: withoutOffset(end),
    fillcolor: colours.highlight,
    line: { width: 1.5, color: colours.low, dash: 'dash' },
  };
}

/** An event as an upright band behind everything; a line where it is one point. */
export function eventBand({ start, end }: { start: string; end: string }, fill: string): Partial<Shape> {
  return {
    ...UPRIGHT,
    type: 'rect',
    x0: withoutOffset(start),
    x1: withoutOffset(end),
    fillcolor: fill,
    opacity: 0.14,
    line: { width: start === end ? 2 : 0, color: fill },
  };
}
