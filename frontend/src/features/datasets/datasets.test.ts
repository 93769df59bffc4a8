import { expect, test } from 'vitest';
import { LATEST } from '@/api/datasets';
import type { Preview } from '@/api/types';
import { headOf } from './upload/api';
import {
  chosenMetrics,
  formFields,
  NO_OPTIONS,
  nameFromFile,
  parseFields,
  parseSummary,
} from './upload/draft-options';
import { readChoice, writeChoice } from './useDatasetChoice';

test('search, status, order and page survive their way through the address', () => {
  const choice = { search: 'north & south', status: 'failed', sort: '-rowCount', page: 3 } as const;
  expect(readChoice(new URLSearchParams(writeChoice(choice).toString()))).toEqual(choice);
  expect(writeChoice(LATEST).toString()).toBe('');
});

test.each(['page=0', 'page=x', 'page=1.5', 'sort=size', 'status=deleting', ''])(
  'an address with %s shows the latest uploads',
  (search) => {
    expect(readChoice(new URLSearchParams(search))).toEqual(LATEST);
  },
);

test('what the user left to the file is not sent', () => {
  expect(formFields(NO_OPTIONS)).toEqual([['timeZone', 'UTC']]);
});

test('every choice is sent, one field per metric', () => {
  const choices = {
    ...NO_OPTIONS,
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
    ['timeZone', 'Asia/Kolkata'],
    ['timeColumn', 'day'],
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
