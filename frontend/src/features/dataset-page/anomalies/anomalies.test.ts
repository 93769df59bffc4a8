import { expect, test } from 'vitest';
import { anAnalysis, anAnomaly } from '@/testing/data';
import { atSensitivity, differenceLabel, differences } from '../sensitivity/sensitivity-curve';
import { type AnomalyFilters, listAnomalies, NO_FILTERS, outsideBy } from './triage';

const { anomalies, sensitivityCurve } = anAnalysis();
const dates = (found: { date: string }[]) => found.map(({ date }) => date);

test('the strongest come first, by severity and then by score', () => {
  expect(dates(listAnomalies(anomalies, NO_FILTERS, { key: 'severity', descending: true }))).toEqual([
    '2024-01-03',
    '2024-01-27',
    '2024-01-15',
  ]);
});

test('a severity shows its own only, in the order asked for', () => {
  expect(
    dates(listAnomalies(anomalies, { ...NO_FILTERS, severity: 'high' }, { key: 'time', descending: true })),
  ).toEqual(['2024-01-27', '2024-01-03']);
  expect(
    listAnomalies(anomalies, { ...NO_FILTERS, severity: 'low' }, { key: 'time', descending: true }),
  ).toEqual([]);
});

test('the distance is measured from the nearer bound, with its sign', () => {
  expect(outsideBy(anAnomaly('2024-01-03', 89_000, 'high'))).toBe(89_000 - 34_642);
  expect(outsideBy(anAnomaly('2024-01-27', 8_000, 'high'))).toBe(8_000 - 17_327);
});

test('the sensitivity curve answers with the nearest sensitivity that was computed', () => {
  expect(atSensitivity(sensitivityCurve, 0.9)?.events).toBe(4);
  expect(atSensitivity(sensitivityCurve, 0.5)?.events).toBe(3);
  expect(atSensitivity([], 0.5)).toBeNull();
});

test('a change of settings is compared with now', () => {
  expect([differenceLabel(5, 3), differenceLabel(1, 3), differenceLabel(3, 3)]).toEqual([
    '2 more than now',
    '2 fewer than now',
    'as many as now',
  ]);
  const { added, gone } = differences(anomalies.slice(0, 2), anomalies.slice(1));
  expect([dates(added), dates(gone)]).toEqual([['2024-01-27'], ['2024-01-03']]);
});

test.each([
  ['status', { status: 'closed' }, ['2024-01-03']],
  ['open ones', { status: 'open' }, ['2024-01-15', '2024-01-27']],
  ['direction', { side: 'down' }, ['2024-01-27']],
  ['kind', { kind: 'dip' }, ['2024-01-27']],
  ['dates, both included', { since: '2024-01-03', until: '2024-01-15' }, ['2024-01-03', '2024-01-15']],
  ['text of the reason', { search: ' FLASH ' }, ['2024-01-03']],
  ['text of the date', { search: '27 jan' }, ['2024-01-27']],
] as [string, Partial<AnomalyFilters>, string[]][])(
  'anomalies are filtered by %s',
  (_, filters, expected) => {
    const [first, ...others] = anomalies;
    const judged = first ? [{ ...first, verdict: 'expected', reason: 'flash sale' }, ...others] : [];
    const listed = listAnomalies(
      judged as typeof anomalies,
      { ...NO_FILTERS, ...filters },
      {
        key: 'time',
        descending: false,
      },
    );
    expect(dates(listed)).toEqual(expected);
  },
);
