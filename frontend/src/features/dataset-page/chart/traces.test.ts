import { expect, test } from 'vitest';
import { numberFormat, wallTime } from '@/components/format';
import { anAnalysis, anAnomaly } from '@/testing/data';
import { valueTicks } from './axis';
import { band } from './band';
import { isTooDense } from './envelope';
import { chartLayout, type LayoutParts } from './layout';
import { valueRange } from './series';
import { SYMBOLS, traces } from './traces';
import type { ThemeColours } from './useThemeColours';
import { valueScale } from './value-scale';

const COLOURS = Object.fromEntries(
  ['ink', 'ink-muted', 'line', 'surface', 'accent', 'band', 'rolling', 'high', 'medium', 'low'].map(
    (name) => [name, name],
  ),
) as ThemeColours;
const NUMBERS = numberFormat('₹', 0);
const WHOLE = { from: wallTime('2024-01-01'), to: wallTime('2024-01-31') };
const PLAIN: LayoutParts = {
  visible: WHOLE,
  scale: valueScale([0, 1], 'fitted', NUMBERS),
  colours: COLOURS,
  selected: null,
  highlight: null,
  shifts: [],
  hasWeekdays: false,
  narrow: false,
  granularity: 'day',
};

function drawn(more: Partial<Parameters<typeof traces>[0]> = {}) {
  const { series, anomalies } = anAnalysis();
  return traces({
    series,
    visible: WHOLE,
    anomalies,
    selected: null,
    shown: { band: true, rolling: true },
    colours: COLOURS,
    ...more,
  });
}

test('each severity has its own colour and its own shape', () => {
  const marks = drawn().filter(({ mode }) => mode === 'markers');
  expect(
    marks.map(({ name, marker }) => [
      name,
      (marker as { symbol: string[]; color: string }).symbol[0],
      (marker as { color: string }).color,
    ]),
  ).toEqual([
    ['medium', 'triangle-up', 'medium'],
    ['high', 'diamond', 'high'],
  ]);
  expect(new Set(Object.values(SYMBOLS)).size).toBe(3);
});

test('what the user closed is drawn hollow', () => {
  const anomalies = anAnalysis().anomalies.map((anomaly, index) =>
    index === 0 ? { ...anomaly, verdict: 'expected' as const } : anomaly,
  );
  const marks = drawn({ anomalies }).find(({ name }) => name === 'high');
  expect(marks).toMatchObject({ marker: { symbol: ['diamond-open', 'diamond'] } });
});

test('an anomaly is marked even where its point was not drawn', () => {
  const { series, anomalies } = anAnalysis();
  const thin = { ...series, time: series.time.slice(10, 12), value: series.value.slice(10, 12) };
  const marks = drawn({ series: thin, anomalies }).find(({ name }) => name === 'high');
  expect(marks?.x).toEqual(['2024-01-03', '2024-01-27']);
});

test('band and average can be left out', () => {
  const names = drawn({ shown: { band: false, rolling: false } }).map(({ name }) => name);
  expect(names).toEqual(['Actual', 'medium', 'high']);
});

test('the selected anomaly is ringed on top of everything', () => {
  const { anomalies } = anAnalysis();
  expect(drawn({ selected: anomalies[0] ?? null }).at(-1)).toMatchObject({
    name: 'Selected',
    x: ['2024-01-03'],
    y: [89_000],
  });
});

test('offsets are cut off, so that nothing is shifted into another zone', () => {
  const { series } = anAnalysis();
  const local = { ...series, time: ['2024-01-03T05:00:00+05:30'], value: [1] };
  expect(drawn({ series: local, anomalies: [] }).at(-1)?.x).toEqual(['2024-01-03T05:00:00']);
});

test('the axis writes round ticks in the format of the metric', () => {
  const { tickvals, ticktext } = valueTicks([0, 95_000], NUMBERS, 5);
  expect(tickvals).toEqual([0, 20_000, 40_000, 60_000, 80_000]);
  expect(ticktext).toEqual(['₹0', '₹20,000', '₹40,000', '₹60,000', '₹80,000']);
});

test('a reported anomaly has a mark of its own', () => {
  const missed = [{ date: '2024-01-05', reason: 'cut', value: 24_400 }];
  const cross = drawn({ missed }).find(({ name }) => name === 'Reported');
  expect(cross).toMatchObject({ x: ['2024-01-05'], y: [24_400], marker: { symbol: 'x', color: 'ink' } });
  expect(Object.values(SYMBOLS)).not.toContain('x');
});

test('other settings are previewed: what goes fades, what comes is outlined', () => {
  const { anomalies } = anAnalysis();
  const [first] = anomalies;
  const preview = { added: [anAnomaly('2024-01-20', 30_000, 'low')], goneIds: new Set([first?.id ?? '']) };
  const marks = drawn({ preview });
  expect(marks.find(({ name }) => name === 'high')).toMatchObject({ marker: { opacity: [0.3, 1] } });
  expect(marks.find(({ name }) => name === 'New with these settings')).toMatchObject({ x: ['2024-01-20'] });
});

test('incomplete first and last buckets are dotted and not part of the line', () => {
  const { series } = anAnalysis();
  const ends = { ...series, firstIncomplete: true, lastIncomplete: true };
  const traces = drawn({ series: ends, anomalies: [] });
  const line = traces.find(({ name }) => name === 'Actual');
  expect([line?.y?.[0], line?.y?.[30]]).toEqual([null, null]);
  const dotted = traces.filter(({ name }) => name === 'Incomplete');
  expect(dotted.map(({ x }) => x)).toEqual([
    ['2024-01-01', '2024-01-02'],
    ['2024-01-30', '2024-01-31'],
  ]);
  expect(dotted[0]).toMatchObject({ line: { dash: 'dot' } });
});

test('very many points that go up and down are an envelope until they are zoomed into', () => {
  const time = Array.from({ length: 2_000 }, (_, day) =>
    new Date(Date.UTC(2018, 0, 1 + day)).toISOString().slice(0, 10),
  );
  const weekly = { ...anAnalysis().series, time, value: time.map((_, day) => (day % 7) * 10) };
  const whole = { from: wallTime(time[0] ?? ''), to: wallTime(time.at(-1) ?? '') };
  expect(isTooDense(weekly, whole)).toBe(true);
  expect(isTooDense({ ...weekly, value: time.map((_, day) => Math.sin(day / 300)) }, whole)).toBe(false);
  expect(isTooDense(weekly, { from: whole.from, to: wallTime(time[200] ?? '') })).toBe(false);
  const names = drawn({ series: weekly, visible: whole, anomalies: [] }).map(({ name }) => name);
  expect(names).toContain('Lowest to highest');
});

test('weekends are marked where the series has a weekly pattern and they can be told apart', () => {
  const marks = (hasWeekdays: boolean, to: string) =>
    chartLayout({ ...PLAIN, hasWeekdays, visible: { from: WHOLE.from, to: wallTime(to) } }).shapes ?? [];
  expect(marks(false, '2024-01-31')).toEqual([]);
  expect(marks(true, '2024-01-31').length).toBe(5);
  expect(marks(true, '2026-01-31')).toEqual([]);
});

test('between the days of a daily series no tick says a time of day', () => {
  const axis = (to: string, granularity: LayoutParts['granularity'] = 'day') =>
    chartLayout({ ...PLAIN, granularity, visible: { from: WHOLE.from, to: wallTime(to) } }).xaxis;
  expect(axis('2024-01-03')).toMatchObject({ dtick: 86_400_000 });
  expect(axis('2024-01-03', 'hour')).not.toHaveProperty('dtick');
  expect(axis('2024-03-03', 'month')).toMatchObject({ dtick: 'M1' });
  expect(axis('2024-01-31')).not.toHaveProperty('dtick');
});

test('a value axis begins at zero or is logarithmic on request, where the values allow it', () => {
  const { series, anomalies } = anAnalysis();
  const range = (axis: 'fitted' | 'zero' | 'log') => valueRange(series, anomalies, null, true, axis);
  expect(range('zero')[0]).toBe(0);
  const log = valueScale(range('log'), 'log', NUMBERS);
  expect(log.kind).toBe('log');
  expect(log.ticks.tickvals.every((tick) => tick >= log.range[0] && tick <= log.range[1])).toBe(true);
  expect(valueScale([0, 10], 'log', NUMBERS).kind).toBe('fitted');
});

/** The closed shapes of the expected range: the times and values that each goes through. */
function shapesOf(present: readonly boolean[]): [string, number][][] {
  const { series } = anAnalysis();
  const bound = (value: number) => present.map((isThere) => (isThere ? value : null));
  const time = series.time.slice(0, present.length);
  const [shape] = band({ ...series, time, lower: bound(10), upper: bound(20) }, COLOURS);
  expect(shape).toMatchObject({ fill: 'toself' });
  const [x, y] = [shape?.x as (string | null)[], shape?.y as (number | null)[]];
  const shapes: [string, number][][] = [[]];
  x.forEach((at, index) => {
    const value = y[index] ?? null;
    if (at === null || value === null) shapes.push([]);
    else shapes.at(-1)?.push([at, value]);
  });
  return shapes;
}

test('a missing value parts the expected range into two shapes, and neither reaches across it', () => {
  const [before, after] = shapesOf([true, true, false, true, true]);
  expect(before).toEqual([
    ['2024-01-01', 10],
    ['2024-01-02', 10],
    ['2024-01-02', 20],
    ['2024-01-01', 20],
  ]);
  expect(after?.map(([at]) => at)).toEqual(['2024-01-04', '2024-01-05', '2024-01-05', '2024-01-04']);
});

test('gaps at both ends leave one shape between them', () => {
  const shapes = shapesOf([false, true, true, false]);
  expect(shapes).toHaveLength(1);
  expect(shapes[0]?.map(([at]) => at)).toEqual(['2024-01-02', '2024-01-03', '2024-01-03', '2024-01-02']);
});

test('a single point between two gaps has a shape with an area of its own', () => {
  const shapes = shapesOf([true, true, false, true, false, true, true]);
  expect(shapes).toHaveLength(3);
  const [, single = []] = shapes;
  expect(single.map(([, value]) => value)).toEqual([10, 10, 20, 20]);
  const times = single.map(([at]) => wallTime(at));
  expect(Math.min(...times)).toBeGreaterThan(wallTime('2024-01-03'));
  expect(Math.max(...times)).toBeLessThan(wallTime('2024-01-05'));
  expect(times[1]).toBeGreaterThan(times[0] ?? Number.POSITIVE_INFINITY);
});

test('a value between two gaps is drawn as a dot', () => {
  const time = Array.from({ length: 200 }, (_, day) =>
    new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10),
  );
  const value = time.map((_, day) => (day === 99 || day === 101 ? null : day));
  const series = { ...anAnalysis().series, time, value };
  const dots = drawn({ series, anomalies: [] }).find(({ name }) => name === 'Single values');
  expect(dots).toMatchObject({ mode: 'markers', x: [time[100]], y: [100] });
});
