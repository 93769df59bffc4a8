import { expect, test } from 'vitest';
import type { SeriesView } from '@/api/types';
import { wallTime } from '@/components/format';
import { anAnalysis, anAnomaly } from '@/testing/data';
import {
  around,
  extentOf,
  moved,
  neighboursOf,
  shapeOf,
  splice,
  textOf,
  valueRange,
  within,
  zoomed,
} from './series';

function seriesOf(points: [string, number | null][]): SeriesView {
  const value = points.map(([, one]) => one);
  return {
    granularity: 'hour',
    time: points.map(([time]) => time),
    value,
    rolling: value,
    expected: value,
    lower: value,
    upper: value,
    totalPoints: points.length,
    downsampled: true,
    rangeSummary: null,
    firstIncomplete: false,
    lastIncomplete: false,
  };
}

const THIN = seriesOf([
  ['2024-01-01', 1],
  ['2024-01-05', 5],
  ['2024-01-10', 10],
  ['2024-01-20', 20],
]);

test('the dense points of a window replace the thin ones there and nowhere else', () => {
  const dense = seriesOf([
    ['2024-01-04', 4],
    ['2024-01-05', 5],
    ['2024-01-06', 6],
    ['2024-01-10', 10],
  ]);
  const joined = splice(THIN, dense);
  expect(joined.value).toEqual([1, 4, 5, 6, 10, 20]);
  expect(joined.time).toEqual(joined.time.toSorted());
  expect(joined.upper).toHaveLength(6);
});

test('a window between two thin points goes between them', () => {
  expect(splice(THIN, seriesOf([['2024-01-12', 12]])).value).toEqual([1, 5, 10, 12, 20]);
});

test('without a window the whole stays as it is', () => {
  expect(splice(THIN, undefined)).toBe(THIN);
  expect(splice(THIN, seriesOf([]))).toBe(THIN);
});

test('the value axis shows every anomaly of the zoom, drawn or thinned out', () => {
  const { series } = anAnalysis();
  const [, high] = valueRange(series, [anAnomaly('2024-01-04', 500_000, 'high')], null, true);
  expect(high).toBeGreaterThan(500_000);
  const zoom = { from: wallTime('2024-01-05'), to: wallTime('2024-01-10') };
  const [low, top] = valueRange(series, [], zoom, false);
  expect(low).toBeGreaterThan(20_000);
  expect(top).toBeLessThan(30_000);
});

test('a band far wider than the readings does not flatten them', () => {
  const { series } = anAnalysis();
  const wide = {
    ...series,
    value: series.value.map((_, day) => 100 + day),
    upper: series.value.map(() => 1e6),
    lower: series.value.map(() => 90),
  };
  const [low, high] = valueRange(wide, [], null, true);
  expect(high).toBeLessThan(160);
  expect(low).toBeLessThan(90);
});

test('a series that is never negative gets no room below zero', () => {
  const [low] = valueRange(
    seriesOf([
      ['2024-01-01', 0],
      ['2024-01-02', 10],
    ]),
    [],
    null,
    false,
  );
  expect(low).toBe(0);
});

test('a series of gaps only still has an axis', () => {
  expect(valueRange(seriesOf([['2024-01-01', null]]), [], null, true)).toEqual([0, 1]);
});

test('zooming and moving never leave the series', () => {
  const whole = { from: 0, to: 1000 };
  const half = zoomed(null, whole, 0.5);
  expect(half).toEqual({ from: 250, to: 750 });
  expect(zoomed(half, whole, 4)).toBeNull();
  expect(moved(half, whole, 5)).toEqual({ from: 500, to: 1000 });
  expect(moved(half, whole, -5)).toEqual({ from: 0, to: 500 });
  expect(moved(null, whole, 1)).toBeNull();
  expect(within({ from: -5, to: 2000 }, whole)).toBeNull();
});

test('the range around an event shows what is usual there', () => {
  const whole = extentOf(anAnalysis().series);
  expect(whole).not.toBeNull();
  const zoom = whole && around('2024-01-15', '2024-01-15', whole);
  expect(zoom && textOf(zoom).from?.slice(0, 10)).toBe('2024-01-13');
});

test('a shape is the means of equal parts, with its gaps', () => {
  expect(shapeOf([1, 3, null, null, 5, 7], 3)).toEqual([2, null, 6]);
  expect(shapeOf([1, 2], 5)).toEqual([1, 2]);
});

test('the neighbours of a peak stand around it, fewer at the edges', () => {
  const { series } = anAnalysis();
  const around = neighboursOf(series, '2024-01-03', 2);
  expect(around.map(({ time }) => time)).toEqual([
    '2024-01-01',
    '2024-01-02',
    '2024-01-03',
    '2024-01-04',
    '2024-01-05',
  ]);
  expect(around.find(({ isPeak }) => isPeak)?.value).toBe(89_000);
  expect(neighboursOf(series, '2024-01-31', 2)).toHaveLength(3);
});
