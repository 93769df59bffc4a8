import { describe, expect, test } from 'vitest';
import { changeText, differenceText, percent, percentChange } from './changes';
import {
  counted,
  decimalsFor,
  formatAgo,
  formatBytes,
  formatDuration,
  formatEvent,
  formatSpan,
  formatTime,
  numberFormat,
  wallText,
  wallTime,
  withoutOffset,
} from './format';

describe('numbers', () => {
  test('a currency stands before the number, another unit behind it', () => {
    expect(numberFormat('₹', 0).full(123_456)).toBe('₹123,456');
    expect(numberFormat('°C', 1).full(842.24)).toBe('842.2\u00a0°C');
    expect(numberFormat('%', 1).full(7)).toBe('7.0%');
  });

  test('millions are shortened where space is short', () => {
    expect(numberFormat(null, 0).short(1_234_567)).toBe('1.235M');
    expect(numberFormat(null, 0).short(89_000)).toBe('89,000');
    expect(numberFormat('$', 0).short(-2_500_000)).toBe('\u2212$2.5M');
  });

  test('an axis writes no more decimals than its steps have', () => {
    const numbers = numberFormat('€', 1);
    expect([numbers.tick(2000, 2000), numbers.tick(842.5, 0.5), numbers.tick(0.25, 0.05)]).toEqual([
      '€2,000',
      '€842.5',
      '€0.25',
    ]);
    expect([numbers.tick(1_500_000, 500_000), numbers.tick(200_000, 50_000)]).toEqual(['€1.5M', '€200K']);
  });

  test('what rounds to nothing has no sign', () => {
    expect(numberFormat(null, 1).full(-0.01)).toBe('0.0');
    expect(numberFormat(null, 1).change(-0.01)).toBe('0.0');
  });

  test('differences carry their sign', () => {
    expect(numberFormat(null, 0).change(54_358)).toBe('+54,358');
    expect(numberFormat(null, 0).change(-9_327)).toBe('\u22129,327');
  });

  test('a difference and a range carry the unit, a range carries it once', () => {
    expect(numberFormat('°C', 1).change(-12.1)).toBe('\u221212.1\u00a0°C');
    expect(numberFormat('₹', 0).change(54_358)).toBe('+₹54,358');
    expect(numberFormat('%', 1).change(-2.4)).toBe('\u22122.4\u00a0pp');
    expect([percentChange(12.5), percentChange(-0.01)]).toEqual(['+12.5%', '\u22120.01%']);
    expect(numberFormat('°C', 1).range(827.2, 840.9)).toBe('827.2 to 840.9\u00a0°C');
    expect(numberFormat('₹', 0).range(-500, 1_000)).toBe('\u2212₹500 to ₹1,000');
    expect(numberFormat('%', 1).range(null, 1)).toBe('–');
  });

  test('a percentage has a decimal only where it tells, as in reports and sentences', () => {
    expect([0.44, 12.5, 12, 61, 263.4, 1_234.5, 0, 100].map(percent)).toEqual([
      '0.44%',
      '12.5%',
      '12%',
      '61%',
      '263%',
      '1,234%',
      '0%',
      '100%',
    ]);
    expect(percentChange(-67.2)).toBe('\u221267%');
  });

  test('a difference has a share only where the expected value cannot be near zero', () => {
    const numbers = numberFormat(null, 0);
    expect([
      differenceText(64_500, 263.2, numbers, true),
      differenceText(64_500, 263.2, numbers, false),
      differenceText(64_500, 64_500, numbers, true),
      differenceText(64_500, null, numbers, true),
    ]).toEqual(['+64,500 (+263%)', '+64,500', '+64,500', '+64,500']);
  });

  test('a change is an amount where a share says nothing', () => {
    const count = numberFormat(null, 0);
    expect([
      changeText(984, 921, count),
      changeText(10, 0, count),
      changeText(0, 0, count),
      changeText(-454, 18, count),
      changeText(2_000, 10, count),
      changeText(42.2, 47.9, numberFormat('%', 1)),
    ]).toEqual(['+6.8%', '+10', 'unchanged', '\u2212472', '+1,990', '\u22125.7\u00a0pp']);
  });

  test('what is very small or very large is written with a power of ten, as in sentences', () => {
    const raw = numberFormat(null, 8, false, 1.2e-5);
    expect([raw.full(0.000026), raw.range(0.0000235, 0.0000285), raw.change(-0.0000895)]).toEqual([
      '2.60×10⁻⁵',
      '2.35×10⁻⁵ to 2.85×10⁻⁵',
      '\u22128.95×10⁻⁵',
    ]);
    expect(numberFormat('$', 0, false, 1e17).full(-1.234e18)).toBe('\u2212$1.23×10¹⁸');
  });

  test('the ticks of one axis are shortened together or not at all', () => {
    const numbers = numberFormat('₹', 0);
    expect([90_000, 100_000].map((tick) => numbers.tick(tick, 10_000, 100_000))).toEqual(['₹90K', '₹100K']);
  });

  test('with a known spread an estimate has the digits of the sentences, a measured value its own', () => {
    const monthly = numberFormat(null, 0, true, 2_219);
    expect([monthly.range(10_734.2, 12_926.1), monthly.change(-9_534.2), monthly.about(11_777.7)]).toEqual([
      '10,700 to 12,900',
      '\u22129,530',
      '11,800',
    ]);
    expect([monthly.full(13_679), monthly.full(2_582_451)]).toEqual(['13,679', '2.5825M']);
    const furnace = numberFormat('°C', 1, false, 4.8);
    expect([furnace.full(865.24), furnace.range(827.21, 840.94)]).toEqual([
      '865.2\u00a0°C',
      '827.2 to 840.9\u00a0°C',
    ]);
    const revenue = numberFormat('$', 0, false, 161_971);
    expect([revenue.range(1_037_638, 1_315_836), revenue.full(-0.001)]).toEqual(['$1.04M to $1.32M', '$0']);
  });

  test('a missing value is a dash, never NaN', () => {
    expect(numberFormat('€', 2).full(null)).toBe('–');
  });

  test('whole numbers stay whole', () => {
    expect(numberFormat(null, 1, true).full(120)).toBe('120');
    expect(numberFormat(null, 1, true).full(120.26)).toBe('120.3');
  });

  test('decimals follow the spread', () => {
    expect([13_000, 48, 4.8, 0.48, 0.03].map((spread) => decimalsFor(spread))).toEqual([0, 1, 1, 2, 3]);
    expect(decimalsFor(0, 0)).toBe(0);
  });

  test('counts agree with their noun', () => {
    expect(counted(1, 'anomaly', 'anomalies')).toBe('1 anomaly');
    expect(counted(1_500, 'row')).toBe('1,500 rows');
  });
});

describe('times', () => {
  test('a time of the dataset is written as it stands, whatever its offset', () => {
    expect(formatTime('2024-01-03')).toBe('3 Jan 2024');
    expect(formatTime('2024-01-03T05:00:00+05:30')).toBe('3 Jan 2024, 05:00');
    expect(formatTime('2024-09-03T23:30:00-08:00')).toBe('3 Sep 2024, 23:30');
  });

  test('wall-clock time goes there and back', () => {
    expect(wallText(wallTime('2024-03-31T02:30:00+01:00'))).toBe('2024-03-31T02:30:00');
    expect(withoutOffset('2024-03-31T02:30:00Z')).toBe('2024-03-31T02:30:00');
    expect(withoutOffset('2024-03-31')).toBe('2024-03-31');
  });

  test('ages and durations are rounded to what people say', () => {
    const now = Date.parse('2026-11-23T12:00:00Z');
    expect(formatAgo('2026-11-23T11:59:40Z', now)).toBe('just now');
    expect(formatAgo('2026-11-23T09:00:00Z', now)).toBe('3 hours ago');
    expect(formatAgo('2026-11-22T12:00:00Z', now)).toBe('yesterday');
    expect(formatDuration(0.102)).toBe('102 ms');
    expect(formatDuration(86_400)).toBe('24 hours');
  });
});

test('sizes use the units of disks', () => {
  expect(formatBytes(0)).toBe('0 bytes');
  expect(formatBytes(1_234)).toBe('1.2 kB');
  expect(formatBytes(467_000_000)).toBe('467 MB');
});

describe('events', () => {
  const DAY = 86_400;

  test('an event of one month, quarter or year is named by it', () => {
    const event = (start: string, end: string, durationSeconds: number, points = 1) =>
      formatEvent({ date: start, start, end, points, durationSeconds, direction: 'up' });
    expect([
      event('2020-04-01', '2020-04-01', 30 * DAY),
      event('2020-04-01', '2020-04-01', 91 * DAY),
      event('2020-01-01', '2020-01-01', 366 * DAY),
      event('2020-04-01', '2020-04-01', DAY),
      event('2020-04-01', '2020-05-01', 61 * DAY, 2),
    ]).toEqual(['Apr 2020', 'Q2 2020', '2020', '1 Apr 2020', 'Apr 2020 to May 2020 (2 months)']);
  });

  test('a day or a year that both ends share is written once', () => {
    expect(formatSpan('2024-11-05T09:00:00', '2024-11-05T17:00:00')).toBe('5 Nov 2024, 09:00 to 17:00');
    expect(formatSpan('2024-02-25T05:00:00', '2024-03-01T12:00:00')).toBe(
      '25 Feb, 05:00 to 1 Mar 2024, 12:00',
    );
  });
});
