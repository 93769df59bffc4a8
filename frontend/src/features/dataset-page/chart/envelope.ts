import { extent, mean } from 'd3-array';
import type { SeriesView } from '@/api/types';
import { wallTime, withoutOffset } from '@/components/format';
import { closedShape, isNumber } from './band';
import type { Trace } from './figure';
import type { TimeRange } from './series';
import type { ThemeColours } from './useThemeColours';

export const ENVELOPE = 'Lowest to highest';
const PIXELS = 800; // about the width of the chart
const BIN_PX = 3; // narrower bins would be drawn as hairs again
const DENSE_POINTS = 640; // fewer than one point for each pixel or so are told apart
const ROUGH = 0.08; // share of the height that the line crosses for each pixel: from here on it fills an area

/**
 * Whether a line through the visible points would fill an area instead of showing a course: very many points, going up
 * and down by a good part of their range from one to the next. A smooth series of as many points stays a line.
 */
export function isTooDense(series: SeriesView, visible: TimeRange): boolean {
  const values = placesIn(series, visible).flatMap((place) => series.value[place] ?? []);
  if (values.length < DENSE_POINTS) return false;
  const [low = 0, high = 0] = extent(values);
  let travelled = 0;
  for (let index = 1; index < values.length; index += 1) {
    travelled += Math.abs((values[index] ?? 0) - (values[index - 1] ?? 0));
  }
  return high > low && travelled / (high - low) / PIXELS > ROUGH;
}

function placesIn({ time }: SeriesView, { from, to }: TimeRange): number[] {
  const places: number[] = [];
  time.forEach((text, place) => {
    const at = wallTime(text);
    if (at >= from && at <= to) places.push(place);
  });
  return places;
}

/** The visible points as an area from the lowest to the highest of each few pixels, and a line through their middle. */
export function envelope(series: SeriesView, visible: TimeRange, colours: ThemeColours): Trace[] {
  const bins = Math.round(PIXELS / BIN_PX);
  const width = (visible.to - visible.from) / bins;
  const groups = new Map<number, number[]>();
  for (const place of placesIn(series, visible)) {
    const bin = Math.floor((wallTime(series.time[place] ?? '') - visible.from) / width);
    const group = groups.get(bin) ?? [];
    group.push(place);
    groups.set(bin, group);
  }
  const time: string[] = [];
  const low: (number | null)[] = [];
  const high: (number | null)[] = [];
  const middle: (number | null)[] = [];
  for (const places of groups.values()) {
    const values = places.flatMap((place) => series.value[place] ?? []);
    const hasGap = places.some((place) => !isNumber(series.value[place]));
    const [least, most] = extent(values);
    time.push(withoutOffset(series.time[places[Math.floor(places.length / 2)] ?? 0] ?? ''));
    low.push(hasGap ? null : (least ?? null));
    high.push(hasGap ? null : (most ?? null));
    middle.push(hasGap ? null : (mean(values) ?? null));
  }
  return [
    closedShape(ENVELOPE, time, low, high, translucent(colours.accent, '4d')),
    {
      type: 'scatter',
      mode: 'lines',
      name: 'Actual',
      x: time,
      y: middle,
      line: { color: colours.accent, width: 1.4 },
      connectgaps: false,
    },
  ];
}

function translucent(colour: string, alpha: string): string {
  return /^#[0-9a-f]{6}$/i.test(colour) ? `${colour}${alpha}` : colour;
}
