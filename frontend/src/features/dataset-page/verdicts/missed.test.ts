import { expect, test } from 'vitest';
import { anAnalysis, anAnomaly } from '@/testing/data';
import { fieldOf, heightAt, missedOf, refusalOf } from './missed';

const { series, anomalies } = anAnalysis();

test('reports stand in order of time, with their reading where it is drawn', () => {
  const missed = [
    { date: '2024-01-20', reason: 'Power cut' },
    { date: '2024-01-05', reason: null },
  ];
  const verdicts = {
    open: 3,
    confirmed: 0,
    judged: 0,
    confirmedShare: null,
    openSeverities: { high: 2, medium: 1, low: 0 },
    unmatched: [],
    missed,
  };
  expect(missedOf({ verdicts, series, anomalies })).toEqual([
    { date: '2024-01-05', reason: null, value: 24_400, found: null, isOutside: false },
    { date: '2024-01-20', reason: 'Power cut', value: 24_500, found: null, isOutside: false },
  ]);
  expect(missedOf({ verdicts: null, series, anomalies })).toEqual([]);
  const later = [{ date: '2024-02-09', reason: null }];
  expect(missedOf({ verdicts: { ...verdicts, missed: later }, series, anomalies })).toMatchObject([
    { value: null, isOutside: true },
  ]);
  const byNow = [anAnomaly('2024-01-20', 24_500, 'low')];
  expect(missedOf({ verdicts, series, anomalies: byNow })[1]?.found).toEqual(byNow[0]);
});

test('a mark without a point of its own is drawn at the height of the nearest one', () => {
  expect(heightAt(series, '2024-01-05T11:00:00')).toBe(24_400);
  const value = series.value.map((height, day) => (day === 4 ? null : height));
  expect(heightAt({ ...series, value }, '2024-01-05')).toBe(24_500);
  expect(heightAt({ ...series, value: value.map(() => null) }, '2024-01-05')).toBeNull();
});

test('a time is refused outside the series and where an anomaly was found', () => {
  expect(refusalOf('2024-01-05', series, anomalies)).toBeNull();
  expect(refusalOf('2024-02-05', series, anomalies)).toMatch(/outside the series/);
  expect(refusalOf('2023-12-31', series, anomalies)).toMatch(/outside the series/);
  expect(refusalOf('2024-01-03', series, anomalies)).toMatch(/already/);
  expect(refusalOf('soon', series, anomalies)).toMatch(/Enter a time/);
});

test('a point of a week or a month stands for all its days', () => {
  const weeks = {
    ...series,
    granularity: 'week' as const,
    time: ['2024-01-01', '2024-01-08'],
    value: [1, 2],
  };
  expect(refusalOf('2024-01-14', weeks, [])).toBeNull();
  expect(refusalOf('2024-01-15', weeks, [])).toMatch(/outside the series/);
  const months = { ...weeks, granularity: 'month' as const, time: ['2024-01-01', '2024-02-01'] };
  expect(refusalOf('2024-02-29', months, [])).toBeNull();
  expect(refusalOf('2024-03-01', months, [])).toMatch(/outside the series/);
});

test('the field takes a date for days and a time for hours', () => {
  expect(fieldOf(series).type).toBe('date');
  const hours = { ...series, time: ['2024-01-03T05:00:00+02:00'] };
  expect(fieldOf(hours).type).toBe('datetime-local');
  expect(fieldOf(hours).text('2024-01-03T05:00:00+02:00')).toBe('2024-01-03T05:00:00');
  expect(refusalOf('2024-01-03T05:00', hours, [])).toBeNull();
});
