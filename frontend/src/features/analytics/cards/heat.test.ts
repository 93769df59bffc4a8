import { expect, test } from 'vitest';
import { wallTime } from '@/components/format';
import { anAnomaly } from '@/testing/data';
import { heatOf } from './heat';

const span = (from: string, to: string) => ({ from: wallTime(from), to: wallTime(to) });

test('a month of days is a calendar of weeks', () => {
  const heat = heatOf([anAnomaly('2024-01-03', 89_000, 'high')], span('2024-01-01', '2024-01-31'), 'day');
  expect(heat).toMatchObject({ kind: 'days', rows: 7, columns: 5 });
  expect(heat.cells).toHaveLength(31);
  const wednesday = heat.cells.find(({ label }) => label === '3 Jan 2024');
  expect(wednesday).toMatchObject({ column: 0, row: 2, count: 1, strongest: 'high' });
});

test('some days of hours are a table of days by hours', () => {
  const anomaly = anAnomaly('2024-01-02T05:00:00+05:30', 9, 'low');
  const heat = heatOf([anomaly], span('2024-01-01T00:00:00+05:30', '2024-01-03T23:00:00+05:30'), 'hour');
  expect(heat).toMatchObject({ kind: 'hours', rows: 3, columns: 24 });
  expect(heat.cells.filter(({ count }) => count > 0)).toMatchObject([
    { row: 1, column: 5, strongest: 'low' },
  ]);
});

test('years are a table of years by months', () => {
  const heat = heatOf([anAnomaly('2023-06-18', 9, 'medium')], span('2022-03-01', '2024-02-28'), 'day');
  expect(heat).toMatchObject({ kind: 'months', rows: 3, columns: 12 });
  expect(heat.cells).toHaveLength(24);
  expect(heat.cells.find(({ count }) => count > 0)).toMatchObject({ label: 'Jun 2023', row: 1, column: 5 });
});

test('an event marks every day it touches, and the strongest wins', () => {
  const long = anAnomaly('2024-01-05', 9, 'low', { start: '2024-01-04', end: '2024-01-06' });
  const strong = anAnomaly('2024-01-05', 9, 'high');
  const heat = heatOf([long, strong], span('2024-01-01', '2024-01-10'), 'day');
  expect(heat.cells.filter(({ count }) => count > 0).map(({ strongest }) => strongest)).toEqual([
    'low',
    'high',
    'low',
  ]);
});
