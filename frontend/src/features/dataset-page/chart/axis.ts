import { scaleLinear } from 'd3-scale';
import type { Layout, LayoutAxis, TickFormatStop } from 'plotly.js';
import type { Granularity } from '@/api/types';
import { type NumberFormat, wallText } from '@/components/format';
import type { TimeRange } from './series';
import type { ThemeColours } from './useThemeColours';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Dates as they are written here: 3 Jan, Jan 2024. */
const DATE_TICKS: Partial<TickFormatStop>[] = [
  { dtickrange: [null, SECOND], value: '%H:%M:%S.%L' },
  { dtickrange: [SECOND, MINUTE], value: '%H:%M:%S' },
  { dtickrange: [MINUTE, HOUR], value: '%H:%M\n%-d %b %Y' },
  { dtickrange: [HOUR, DAY - SECOND], value: '%H:%M\n%-d %b %Y' },
  { dtickrange: [DAY, 27 * DAY], value: '%-d %b\n%Y' },
  { dtickrange: ['M1', 'M12'], value: '%b\n%Y' },
  { dtickrange: ['M12', null], value: '%Y' },
];

export const CARD_PLOT_PX = 272; // the charts below stand beside the calendar and are as high

export const FONT = "'Inter Variable', system-ui, sans-serif";

export interface ValueTicks {
  tickvals: number[];
  ticktext: string[];
  /** Room the longest label needs, in pixels. */
  room: number;
}

const CHARACTER_PX = 7.1; // width of a digit of Inter at 12 px

export function roomFor(ticktext: readonly string[]): number {
  return Math.ceil(Math.max(0, ...ticktext.map((text) => text.length)) * CHARACTER_PX) + 14;
}

/** Round ticks of a value axis, in the metric's own words. */
export function valueTicks(range: [number, number], numbers: NumberFormat, count = 6): ValueTicks {
  const tickvals = scaleLinear(range, [0, 1])
    .ticks(count)
    .filter((tick) => tick >= range[0] && tick <= range[1]);
  const step = (tickvals[1] ?? 0) - (tickvals[0] ?? 0);
  const largest = Math.max(0, ...tickvals.map(Math.abs));
  const ticktext = tickvals.map((tick) => numbers.tick(tick, step, largest));
  return { tickvals, ticktext, room: roomFor(ticktext) };
}

/** What all our Plotly charts have in common. */
export function baseLayout(colours: ThemeColours): Partial<Layout> {
  return {
    font: { family: FONT, size: 12, color: colours['ink-muted'] },
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    showlegend: false,
    separators: '.,',
  };
}

/** Of few points each has its tick: between days there is no time of day. */
const TICK_UNITS: Partial<Record<Granularity, { ms: number; dtick: number | string }>> = {
  day: { ms: DAY, dtick: DAY },
  week: { ms: 7 * DAY, dtick: 7 * DAY },
  month: { ms: 31 * DAY, dtick: 'M1' },
  quarter: { ms: 92 * DAY, dtick: 'M3' },
  year: { ms: 366 * DAY, dtick: 'M12' },
};
const MONDAY = '2001-01-01'; // the first of a year, too

/** The time axis of a stretch, in wall-clock text. */
export function timeAxis(
  { from, to }: TimeRange,
  colours: ThemeColours,
  { narrow, granularity = 'native' }: { narrow: boolean; granularity?: Granularity },
): Partial<LayoutAxis> {
  const unit = TICK_UNITS[granularity];
  const most = narrow ? 4 : 8;
  return {
    ...axisColours(colours),
    type: 'date',
    range: [wallText(from), wallText(to)],
    showgrid: false,
    ticks: 'outside',
    ticklen: 4,
    nticks: most,
    ...(unit && to - from <= most * unit.ms && { tick0: MONDAY, dtick: unit.dtick }),
    tickangle: 0, // else every label is measured, to see whether all of them had better be turned
    tickformatstops: DATE_TICKS,
    fixedrange: true,
  };
}

export function axisColours(colours: ThemeColours): Partial<LayoutAxis> {
  return {
    gridcolor: colours.line,
    linecolor: colours.line,
    zerolinecolor: colours.line,
    tickcolor: colours.line,
    tickfont: { color: colours['ink-muted'] },
  };
}
