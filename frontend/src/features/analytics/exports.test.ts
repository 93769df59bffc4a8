import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { Anomaly } from '@/api/types';
import { anAnalysis } from '@/testing/data';
import { anomaliesAsCsv } from './exports';

const DATA = resolve(import.meta.dirname, '../../../../tests/data');

test('the export is the CSV report of the same anomalies, byte for byte', () => {
  const anomalies = JSON.parse(readFileSync(resolve(DATA, 'anomalies.json'), 'utf8')) as Anomaly[];
  const report = readFileSync(resolve(DATA, 'anomalies.csv'), 'utf8');
  expect(anomaliesAsCsv(anAnalysis({ anomalies }))).toBe(report);
});
