import { expect, test } from 'vitest';
import { numberFormat, wallTime } from '@/components/format';
import { anAnalysis, anAnomaly } from '@/testing/data';
import { stepped } from '../chart/cursor';
import type { ThemeColours } from '../chart/useThemeColours';
import { figuresOf } from './figures';
import { panelLayout, panelTraces } from './panel-layout';
import { firstPanels, type Panel, panelAnomalies, readingAt, timesOf, wholeOf } from './panels';

function aPanel(name: string, more: Partial<Panel> = {}): Panel {
  const analysis = anAnalysis({ metric: name });
  return {
    metric: { name, title: name, unit: null },
    analysis,
    series: analysis.series,
    times: analysis.series.time.map(wallTime),
    anomalies: analysis.anomalies,
    numbers: numberFormat(null, 0),
    ...more,
  };
}

test('the metric at hand comes first, and no more than fit', () => {
  expect(firstPanels(['a', 'b', 'c', 'd', 'e'], 'c')).toEqual(['c', 'a', 'b', 'd']);
  expect(firstPanels(['a', 'b'], null)).toEqual(['a', 'b']);
  expect(firstPanels(['a', 'b'], 'gone')).toEqual(['a', 'b']);
});

test('times of all panels are one axis, each once and in order', () => {
  const late = aPanel('late', { times: [wallTime('2024-01-31'), wallTime('2024-02-01')] });
  const times = timesOf([aPanel('a'), late], null);
  expect(times).toHaveLength(32);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  expect(wholeOf([aPanel('a'), late])).toEqual({ from: wallTime('2024-01-01'), to: wallTime('2024-02-01') });
  const january = { from: wallTime('2024-01-02'), to: wallTime('2024-01-04') };
  expect(timesOf([aPanel('a')], january)).toHaveLength(3);
});

test('a reading is that of the very time, not of the nearest point', () => {
  const { series, times } = aPanel('a');
  expect(readingAt(series, times, wallTime('2024-01-03'))).toMatchObject({ value: 89_000, lower: 17_327 });
  expect(readingAt(series, times, wallTime('2024-01-03T05:00:00'))).toBeNull();
});

test('keys step from time to time and stop at the ends', () => {
  expect(stepped('ArrowRight', 2, 31)).toBe(3);
  expect(stepped('ArrowLeft', 0, 31)).toBe(0);
  expect(stepped('PageUp', 29, 31)).toBe(30);
  expect(stepped('Home', 9, 31)).toBe(0);
  expect(stepped('j', 9, 31)).toBeNull();
  expect(stepped('End', 0, 0)).toBeNull();
});

test('anomalies stand in order of time and know who else has one then', () => {
  const other = aPanel('other', {
    anomalies: [anAnomaly('2024-01-15', 9, 'low', { start: '2024-01-14', end: '2024-01-16' })],
  });
  const found = panelAnomalies([aPanel('a'), other]);
  expect(found.map(({ panel, anomaly }) => [panel.metric.name, anomaly.date])).toEqual([
    ['a', '2024-01-03'],
    ['a', '2024-01-15'],
    ['other', '2024-01-15'],
    ['a', '2024-01-27'],
  ]);
  expect(found.map(({ together }) => together)).toEqual([[], ['other'], ['a'], []]);
});

test('panels share the time axis and do not overlap', () => {
  const colours = {} as ThemeColours;
  const panels = [aPanel('a'), aPanel('b'), aPanel('c')];
  const data = panelTraces(
    panels,
    null,
    { band: true, rolling: false },
    { from: 0, to: 1 },
    new Map(),
    colours,
  );
  expect(new Set(data.map(({ yaxis }) => yaxis))).toEqual(new Set(['y', 'y2', 'y3']));
  expect(data.every(({ xaxis }) => xaxis === undefined)).toBe(true);
  const layout = panelLayout({
    frames: panels.map(() => ({ range: [0, 1], ticks: { tickvals: [], ticktext: [], room: 10 } })),
    panelHeight: 100,
    room: 40,
    visible: { from: 0, to: 1 },
    selected: null,
    colours,
    narrow: false,
  });
  const domains = [layout.yaxis, layout.yaxis2, layout.yaxis3].map((axis) => axis?.domain);
  expect(domains[0]?.[1]).toBe(1);
  expect(domains[2]?.[0]).toBeCloseTo(0);
  expect(domains[0]?.[0]).toBeGreaterThan(domains[1]?.[1] ?? 1);
  expect(domains[1]?.[0]).toBeGreaterThan(domains[2]?.[1] ?? 1);
});

test('the table has a line for each time and a column for each metric', () => {
  const { columns, rows } = figuresOf([aPanel('a'), aPanel('b')], null, 'UTC');
  expect(columns).toEqual(['Time (UTC)', 'a', 'b']);
  expect(rows[2]).toEqual(['3 Jan 2024', '89,000', '89,000']);
});
