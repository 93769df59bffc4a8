import { expect, test } from 'vitest';
import { numberWords, wallTime } from '@/components/format';
import { anAnalysis } from '@/testing/data';
import type { Inks } from '../useInks';
import { valueTicks } from './axis';
import { layout, SYMBOLS, stretchOfRelayout, traces } from './traces';

const INKS = Object.fromEntries(
  ['ink', 'ink-muted', 'line', 'surface', 'accent', 'band', 'rolling', 'high', 'medium', 'low'].map(
    (name) => [name, name],
  ),
) as Inks;
const WORDS = numberWords('₹', 0);
const PLAIN = {
  stretch: { from: 0, to: 86_400_000 },
  range: [0, 1] as [number, number],
  ticks: valueTicks([0, 1], WORDS),
  inks: INKS,
  selected: null,
  highlight: null,
  shifts: [],
  narrow: false,
  revision: 'r',
};

function drawn(more: Partial<Parameters<typeof traces>[0]> = {}) {
  const { series, anomalies } = anAnalysis();
  return traces({
    series,
    anomalies,
    selected: null,
    shown: { band: true, rolling: true },
    inks: INKS,
    words: WORDS,
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

test('what the user closed is drawn hollow and says so', () => {
  const anomalies = anAnalysis().anomalies.map((anomaly, index) =>
    index === 0 ? { ...anomaly, verdict: 'expected' } : anomaly,
  );
  const marks = drawn({ anomalies }).find(({ name }) => name === 'high');
  expect(marks).toMatchObject({ marker: { symbol: ['diamond-open', 'diamond'] } });
  expect(marks?.hovertext).toContainEqual(expect.stringContaining('Verdict: expected'));
});

test('an anomaly is marked even where its point was not drawn', () => {
  const { series, anomalies } = anAnalysis();
  const thin = { ...series, time: series.time.slice(10, 12), value: series.value.slice(10, 12) };
  const marks = drawn({ series: thin, anomalies }).find(({ name }) => name === 'high');
  expect(marks?.x).toEqual(['2024-01-03', '2024-01-27']);
});

test('band and average can be left out', () => {
  const names = drawn({ shown: { band: false, rolling: false } }).map(({ name }) => name);
  expect(names).toEqual(['Reading', 'medium', 'high']);
});

test('the selected anomaly is ringed on top of everything', () => {
  const { anomalies } = anAnalysis();
  expect(drawn({ selected: anomalies[0] ?? null }).at(-1)).toMatchObject({
    name: 'Selected',
    x: ['2024-01-03'],
    y: [89_000],
  });
});

test('what is pointed at is said with its unit and its expected range', () => {
  const reading = drawn().find(({ name }) => name === 'Reading');
  expect(reading?.hovertext).toContain('3 Jan 2024<br><b>₹89,000</b><br>Expected ₹17,327 to ₹34,642');
});

test('offsets are cut off, so that nothing is shifted into another zone', () => {
  const { series } = anAnalysis();
  const local = { ...series, time: ['2024-01-03T05:00:00+05:30'], value: [1] };
  expect(drawn({ series: local, anomalies: [] }).at(-1)?.x).toEqual(['2024-01-03T05:00:00']);
});

test('a drag on the chart tells the stretch in wall-clock time', () => {
  expect(
    stretchOfRelayout({ 'xaxis.range[0]': '2024-01-03 05:30:15.25', 'xaxis.range[1]': '2024-01-04' }),
  ).toEqual({
    from: wallTime('2024-01-03T05:30:15') + 250,
    to: wallTime('2024-01-04'),
  });
  expect(stretchOfRelayout({ 'xaxis.autorange': true })).toBeNull();
  expect(stretchOfRelayout({ autosize: true })).toBeUndefined();
});

test('the axis writes round ticks in the words of the metric', () => {
  const { tickvals, ticktext } = valueTicks([0, 95_000], WORDS, 5);
  expect(tickvals).toEqual([0, 20_000, 40_000, 60_000, 80_000]);
  expect(ticktext).toEqual(['₹0', '₹20,000', '₹40,000', '₹60,000', '₹80,000']);
});

test('a finger on the chart scrolls the page', () => {
  expect(layout({ ...PLAIN, touch: true })).toMatchObject({ dragmode: false, xaxis: { fixedrange: true } });
  expect(layout({ ...PLAIN, touch: false })).toMatchObject({ dragmode: 'zoom', uirevision: 'r' });
});

test('while a time is picked, a click anywhere meets the reading below it', () => {
  const speaking = drawn({ isPicking: true }).filter(({ hoverinfo }) => hoverinfo !== 'skip');
  expect(speaking.map(({ name }) => name)).toEqual(['Reading']);
  expect(layout({ ...PLAIN, touch: false, isPicking: true })).toMatchObject({
    hovermode: 'x',
    hoverdistance: -1,
  });
  expect(layout({ ...PLAIN, touch: false })).toMatchObject({ hovermode: 'closest' });
});

test('what the reader reported has a mark of its own, and its words are no markup', () => {
  const missed = [{ date: '2024-01-05', reason: '<b>cut</b>', value: 24_400 }];
  const cross = drawn({ missed }).find(({ name }) => name === 'Reported');
  expect(cross).toMatchObject({ x: ['2024-01-05'], y: [24_400], marker: { symbol: 'x', color: 'ink' } });
  expect(Object.values(SYMBOLS)).not.toContain('x');
  expect(cross?.hovertext).toEqual(['5 Jan 2024<br><b>₹24,400</b><br>Reported by you: &lt;b>cut&lt;/b>']);
});
