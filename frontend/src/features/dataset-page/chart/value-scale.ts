import { scaleLinear, scaleLog } from 'd3-scale';
import type { LayoutAxis } from 'plotly.js';
import type { NumberFormat } from '@/components/format';
import { axisColours, roomFor, type ValueTicks, valueTicks } from './axis';
import type { ThemeColours } from './useThemeColours';

/** How the value axis is drawn: fitted to the data, from zero, or logarithmic. */
export type AxisKind = 'fitted' | 'zero' | 'log';

export interface ValueScale {
  kind: AxisKind;
  range: [number, number];
  ticks: ValueTicks;
  /** Where a value stands: 0 at the top of the plot, 1 at its bottom. */
  toShare: (value: number) => number;
}

/** The scale of a value axis; one that goes down to zero cannot be logarithmic and is fitted instead. */
export function valueScale(range: [number, number], kind: AxisKind, format: NumberFormat): ValueScale {
  if (kind === 'log' && range[0] > 0) {
    const scale = scaleLog(range, [1, 0]);
    return {
      kind,
      range,
      ticks: logTicks(range, format),
      toShare: (value) => (value > 0 ? scale(value) : 1),
    };
  }
  const scale = scaleLinear(range, [1, 0]);
  return { kind: kind === 'log' ? 'fitted' : kind, range, ticks: valueTicks(range, format), toShare: scale };
}

const FEW_DECADES = 2.5; // below it powers of ten alone would leave an axis with one tick

function logTicks([low, high]: [number, number], format: NumberFormat): ValueTicks {
  const steps = Math.log10(high / low) < FEW_DECADES ? [1, 2, 5] : [1];
  const tickvals: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
    for (const step of steps) {
      const tick = step * 10 ** power;
      if (tick >= low && tick <= high) tickvals.push(tick);
    }
  }
  const chosen =
    tickvals.length > 1 ? tickvals : valueTicks([low, high], format).tickvals.filter((tick) => tick > 0);
  const ticktext = chosen.map((tick) => format.tick(tick, tick, tick));
  return { tickvals: chosen, ticktext, room: roomFor(ticktext) };
}

/** The axis as Plotly draws it. */
export function valueAxis({ kind, range, ticks }: ValueScale, colours: ThemeColours): Partial<LayoutAxis> {
  return {
    ...axisColours(colours),
    type: kind === 'log' ? 'log' : 'linear',
    range: kind === 'log' ? range.map(Math.log10) : range,
    fixedrange: true,
    zeroline: false,
    tickvals: ticks.tickvals,
    ticktext: ticks.ticktext,
  };
}
