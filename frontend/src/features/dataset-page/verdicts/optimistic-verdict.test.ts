import { expect, test } from 'vitest';
import { anAnalysis, anAnomaly } from '@/testing/data';
import { affectedVerdicts, withVerdict, withVerdictStates } from './optimistic-verdict';

const analysis = anAnalysis();
const EXPECTED = { metric: 'revenue', date: '2024-01-03', verdict: 'expected', reason: 'sale' } as const;

test('a verdict is written on its anomaly and counted as the server counts it', () => {
  const said = withVerdict(analysis, EXPECTED);
  expect(said.anomalies.map(({ verdict }) => verdict)).toEqual(['expected', null, null]);
  expect(said.anomalies[0]).toMatchObject({ reason: 'sale', verdictDate: '2024-01-03' });
  expect(said.verdicts).toMatchObject({ open: 2, judged: 1, confirmed: 0, confirmedShare: 0 });
  const total = Object.values(said.verdicts?.openSeverities ?? {}).reduce((sum, count) => sum + count, 0);
  expect(total).toBe(2);
  const two = withVerdict(said, { ...EXPECTED, date: '2024-01-15', verdict: 'confirmed' });
  expect(two.verdicts).toMatchObject({ open: 2, judged: 2, confirmed: 1, confirmedShare: 0.5 });
});

test('going back to what was said leaves nothing of the try', () => {
  const before = affectedVerdicts(analysis, EXPECTED);
  const back = withVerdictStates(withVerdict(analysis, EXPECTED), before);
  expect(back.anomalies).toEqual(analysis.anomalies);
  expect(back.verdicts).toMatchObject({ open: 3, judged: 0, confirmedShare: null });
});

test('taking back the word of a day takes it from every hour it spoke of', () => {
  const said = { verdict: 'expected', reason: null, verdictDate: '2024-01-03' } as const;
  const hours = ['2024-01-03T05:00:00', '2024-01-03T07:00:00'].map((hour) => anAnomaly(hour, 9, 'low', said));
  const back = withVerdict({ ...analysis, anomalies: hours }, { ...EXPECTED, verdict: null, reason: null });
  expect(back.anomalies.map(({ verdict, verdictDate }) => [verdict, verdictDate])).toEqual([
    [null, null],
    [null, null],
  ]);
});

test('what is said of another metric or of no anomaly changes nothing', () => {
  expect(withVerdict(analysis, { ...EXPECTED, metric: 'orders' })).toBe(analysis);
  expect(withVerdict(analysis, { ...EXPECTED, date: '2024-01-09' })).toBe(analysis);
});
