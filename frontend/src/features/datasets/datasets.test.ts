import { expect, test } from 'vitest';
import type { DatasetResponse, Preview } from '@/api/types';
import { chosenDatasets } from './sortDatasets';
import { headOf } from './upload/api';
import {
  chosenMetrics,
  formFields,
  NO_OPTIONS,
  nameFromFile,
  parseFields,
  parseSummary,
} from './upload/draft-options';

function aDataset(datasetName: string, more: Partial<DatasetResponse> = {}): DatasetResponse {
  return {
    datasetName,
    fileName: `${datasetName}.csv`,
    uploadedAt: '2026-01-01T00:00:00Z',
    rowCount: null,
    ...more,
  } as DatasetResponse;
}

const LIST = [
  aDataset('beta', { rowCount: 5, uploadedAt: '2026-01-02T00:00:00Z' }),
  aDataset('Alpha', { rowCount: 50 }),
  aDataset('gamma', { fileName: 'alpine.json', uploadedAt: '2026-01-03T00:00:00Z' }),
];
const names = (list: DatasetResponse[]) => list.map(({ datasetName }) => datasetName);

test('the list is sorted by what is asked for, names without regard to case', () => {
  expect(names(chosenDatasets(LIST, '', { key: 'name', descending: false }))).toEqual([
    'Alpha',
    'beta',
    'gamma',
  ]);
  expect(names(chosenDatasets(LIST, '', { key: 'rows', descending: true }))).toEqual([
    'Alpha',
    'beta',
    'gamma',
  ]);
  expect(names(chosenDatasets(LIST, '', { key: 'uploaded', descending: true }))).toEqual([
    'gamma',
    'beta',
    'Alpha',
  ]);
});

test('the search looks at names and files', () => {
  expect(names(chosenDatasets(LIST, ' ALP ', { key: 'name', descending: false }))).toEqual([
    'Alpha',
    'gamma',
  ]);
});

test('what the user left to the file is not sent', () => {
  expect(formFields(NO_OPTIONS)).toEqual([['timeZone', 'UTC']]);
});

test('every choice is sent, one field per metric', () => {
  const choices = {
    timeColumn: 'day',
    metricColumns: ['a', 'b'],
    timeZone: 'Asia/Kolkata',
    dayFirst: true,
    decimalComma: false,
    delimiter: '\t',
    headerLine: 3,
    format: null,
    encoding: null,
    columnTypes: {},
  };
  expect(formFields(choices)).toEqual([
    ['timeColumn', 'day'],
    ['timeZone', 'Asia/Kolkata'],
    ['dayFirst', 'true'],
    ['decimalComma', 'false'],
    ['delimiter', '\t'],
    ['headerLine', '3'],
    ['metricColumn', 'a'],
    ['metricColumn', 'b'],
  ]);
  expect(parseFields(choices).map(([name]) => name)).not.toContain('metricColumn');
});

test('a preview needs the head of a text only, more of a packed file', () => {
  const big = new Uint8Array(5 * 1024 * 1024);
  expect(headOf(new File([big], 'big.csv'), 4 * 1024 * 1024).size).toBe(256 * 1024);
  expect(headOf(new File([big], 'big.csv.gz'), 4 * 1024 * 1024).size).toBe(4 * 1024 * 1024);
  expect(headOf(new File(['a,b'], 'small.csv'), 4 * 1024 * 1024).size).toBe(3);
});

test('a dataset is named after its file', () => {
  expect(['sales.csv', 'Sales 2024.csv.gz', 'a.b.parquet', '.csv'].map(nameFromFile)).toEqual([
    'sales',
    'Sales 2024',
    'a.b',
    '.csv',
  ]);
});

test('the reading of a file is told in words', () => {
  const preview = {
    format: 'csv',
    dialect: {
      delimiter: ';',
      encoding: 'utf-8',
      headerLine: 3,
      decimal: ',',
      thousands: null,
      dateOrder: 'day first',
      compression: null,
    },
    metricColumns: ['x'],
  } as unknown as Preview;
  expect(parseSummary(preview)).toEqual([
    'CSV',
    'separated by semicolon',
    'UTF-8',
    'header in line 3',
    'decimal comma',
    'dates: day first',
  ]);
  expect(chosenMetrics(NO_OPTIONS, preview)).toEqual(['x']);
});
