import { expect, test } from 'vitest';
import { wallTime } from '@/components/format';
import { anAnomaly } from '@/testing/data';
import { calendarOf, shownYears } from './calendar';

const span = (from: string, to: string) => ({ from: wallTime(from), to: wallTime(to) });

test('every day of the data has one cell, in columns of weeks that begin on Monday', () => {
  const [year, ...others] = calendarOf(
    [anAnomaly('2024-01-03', 89_000, 'high')],
    span('2024-01-01', '2024-01-31'),
    'day',
  );
  expect(others).toEqual([]);
  expect(year?.days).toHaveLength(30);
  expect(year?.marked).toMatchObject([{ day: '2024-01-03', week: 0, weekday: 2, count: 1 }]);
});

test('hours of one day are one cell, and so are years of days', () => {
  const hours = calendarOf(
    [anAnomaly('2024-01-02T05:00:00+05:30', 9, 'low'), anAnomaly('2024-01-02T09:00:00+05:30', 9, 'high')],
    span('2024-01-01T00:00:00+05:30', '2024-01-03T23:00:00+05:30'),
    'hour',
  );
  expect(hours[0]?.marked).toMatchObject([{ day: '2024-01-02', count: 2, anomaly: { severity: 'high' } }]);
  const years = calendarOf([], span('2022-03-01', '2024-02-28'), 'day');
  expect(years.map(({ year, days }) => [year, days.length])).toEqual([
    [2022, 306],
    [2023, 365],
    [2024, 59],
  ]);
});

test('an anomaly of a month marks all of its days', () => {
  const [year] = calendarOf([anAnomaly('2024-02-01', 9, 'low')], span('2024-01-01', '2024-03-01'), 'month');
  expect(year?.marked).toHaveLength(29);
  expect(year?.days).toHaveLength(62);
});

test('an event marks every day it touches, and the most severe wins', () => {
  const long = anAnomaly('2024-01-05', 9, 'low', { start: '2024-01-04', end: '2024-01-06' });
  const strong = anAnomaly('2024-01-05', 9, 'high');
  const [year] = calendarOf([long, strong], span('2024-01-01', '2024-01-10'), 'day');
  expect(year?.marked.map(({ anomaly }) => anomaly.severity)).toEqual(['low', 'high', 'low']);
});

test('of many years only those with anomalies are shown: two and a half centuries stay one row', () => {
  const whole = span('1749-01-01', '2013-09-01');
  const years = calendarOf([anAnomaly('1957-10-01', 9, 'low')], whole, 'month');
  expect(years).toHaveLength(265);
  expect(shownYears(years).map(({ year }) => year)).toEqual([1957]);
  const few = calendarOf([], span('2022-03-01', '2024-02-28'), 'day');
  expect(shownYears(few)).toHaveLength(3);
});
