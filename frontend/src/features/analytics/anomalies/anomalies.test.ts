import { expect, test } from 'vitest';
import { anAnalysis, anAnomaly } from '@/testing/data';
import { anomaliesAsCsv } from '../exports';
import { atSensitivity, differences, differenceWords } from '../settings/dial';
import { chosenAnomalies, outsideBy } from './sortAnomalies';

const { anomalies, dial } = anAnalysis();
const dates = (found: { date: string }[]) => found.map(({ date }) => date);

test('the strongest come first, by severity and then by score', () => {
  expect(dates(chosenAnomalies(anomalies, null, { key: 'severity', descending: true }))).toEqual([
    '2024-01-03',
    '2024-01-27',
    '2024-01-15',
  ]);
});

test('a severity shows its own only, in the order asked for', () => {
  expect(dates(chosenAnomalies(anomalies, 'high', { key: 'time', descending: true }))).toEqual([
    '2024-01-27',
    '2024-01-03',
  ]);
  expect(chosenAnomalies(anomalies, 'low', { key: 'time', descending: true })).toEqual([]);
});

test('the distance is measured from the nearer bound, with its sign', () => {
  expect(outsideBy(anAnomaly('2024-01-03', 89_000, 'high'))).toBe(89_000 - 34_642);
  expect(outsideBy(anAnomaly('2024-01-27', 8_000, 'high'))).toBe(8_000 - 17_327);
});

test('the dial answers with the nearest sensitivity that was computed', () => {
  expect(atSensitivity(dial, 0.9)?.events).toBe(4);
  expect(atSensitivity(dial, 0.5)?.events).toBe(3);
  expect(atSensitivity([], 0.5)).toBeNull();
});

test('a change of settings is told against now', () => {
  expect([differenceWords(5, 3), differenceWords(1, 3), differenceWords(3, 3)]).toEqual([
    '2 more than now',
    '2 fewer than now',
    'as many as now',
  ]);
  const { added, gone } = differences(anomalies.slice(0, 2), anomalies.slice(1));
  expect([dates(added), dates(gone)]).toEqual([['2024-01-27'], ['2024-01-03']]);
});

test('an exported cell cannot become a formula, and quotes survive', () => {
  const nasty = anAnomaly('2024-01-03', -5, 'high', {
    explanation: '=HYPERLINK("x")',
    reason: 'said "no", twice',
  });
  const [header, line] = anomaliesAsCsv({ ...anAnalysis(), anomalies: [nasty] }).split('\r\n');
  expect(header).toContain('date,start,end');
  expect(line).toContain('"\'=HYPERLINK(""x"")"');
  expect(line).toContain('"said ""no"", twice"');
  expect(line).toContain(',-5,');
});
