import { expect, test } from 'vitest';
import { anAnalysis } from '@/testing/data';
import { combinedCurve, countFlagged, unitOf } from './draft-settings';

const point = (sensitivity: number, events: number, flaggedPoints: number) => ({
  sensitivity,
  events,
  flaggedPoints,
});

test('several metrics flag together what each of them flags', () => {
  const { anomalies } = anAnalysis();
  const one = countFlagged([{ anomalies }]);
  expect(one.events).toBe(anomalies.length);
  expect(countFlagged([{ anomalies }, { anomalies }])).toEqual({
    events: 2 * one.events,
    points: 2 * one.points,
  });
});

test('their sensitivityCurves add up, step by step, each at its nearest step', () => {
  const revenue = [point(0, 1, 2), point(0.5, 3, 4), point(1, 9, 20)];
  const orders = [point(0, 0, 0), point(1, 5, 6)];
  expect(combinedCurve([revenue, orders])).toMatchObject([
    point(0, 1, 2),
    point(0.5, 3, 4),
    point(1, 14, 26),
  ]);
  expect(combinedCurve([revenue])).toEqual(revenue);
  expect(combinedCurve([])).toEqual([]);
});

test('an amount has a unit where all metrics share it', () => {
  expect(unitOf([{ unit: '₹' }, { unit: '₹' }])).toBe('₹');
  expect(unitOf([{ unit: '₹' }, { unit: null }])).toBeNull();
});
