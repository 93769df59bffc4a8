import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import { beginSession } from '@/api/session';
import type { Preview } from '@/api/types';
import { renderPage } from '@/testing/render';
import { at, HttpResponse, http, server } from '@/testing/server';
import { offeredRoles, roleOf, withRole } from './column-roles';
import { appendFields, formFields, NO_OPTIONS } from './draft-options';
import { UploadPage } from './UploadPage';

const COLUMNS = [
  { name: 'date', type: 'time', role: 'time' },
  { name: 'revenue', type: 'number', role: 'metric' },
  { name: 'floor', type: 'number', role: 'metric' },
  { name: 'shop', type: 'text', role: 'dimension' },
  { name: 'plan', type: 'text', role: 'dimension' },
].map((column) => ({ ...column, unit: null, samples: [], evidence: '' }));

const PREVIEW = {
  format: 'csv',
  dialect: { encoding: 'utf-8', delimiter: ',', dateOrder: null },
  columns: COLUMNS,
  dimensions: [
    { name: 'shop', distinct: 2, values: [] },
    { name: 'plan', distinct: 3, values: [] },
  ],
  timeColumn: 'date',
  metricColumns: ['revenue', 'floor'],
  rows: [['2024-01-01', '24000', '3', 'A', 'Pro']],
  warnings: [],
  guesses: [],
} as unknown as Preview;

const rolesOf = (options = NO_OPTIONS) =>
  Object.fromEntries(PREVIEW.columns.map((column) => [column.name, roleOf(column, options, PREVIEW)]));

test('roles are those detected until the user says otherwise', () => {
  expect(rolesOf()).toEqual({
    date: 'time',
    revenue: 'metric',
    floor: 'metric',
    shop: 'dimension',
    plan: 'dimension',
  });
});

test('a dimension that is none is named as such, and the others stay to be detected', () => {
  const options = withRole(NO_OPTIONS, PREVIEW, 'shop', 'neither');
  expect(rolesOf(options)).toMatchObject({ shop: 'neither', plan: 'dimension' });
  expect(formFields(options)).toEqual([
    ['timeZone', 'UTC'],
    ['notDimension', 'shop'],
  ]);
  expect(withRole(options, PREVIEW, 'shop', 'dimension')).toEqual(NO_OPTIONS);
});

test('a column of numbers becomes a dimension and is no metric any more', () => {
  const options = withRole(NO_OPTIONS, PREVIEW, 'floor', 'dimension');
  expect(rolesOf(options)).toMatchObject({ revenue: 'metric', floor: 'dimension', shop: 'dimension' });
  expect(options).toMatchObject({ metricColumns: ['revenue'], dimensions: ['shop', 'plan', 'floor'] });
});

test('what was excluded before is not named as a dimension with the others', () => {
  const excluded = withRole(NO_OPTIONS, PREVIEW, 'shop', 'neither');
  const options = withRole(excluded, PREVIEW, 'floor', 'dimension');
  expect(options).toMatchObject({ dimensions: ['plan', 'floor'], notDimensions: ['shop'] });
  const none = ['plan', 'floor'].reduce(
    (chosen, name) => withRole(chosen, PREVIEW, name, 'neither'),
    options,
  );
  expect(none).toMatchObject({ dimensions: null, notDimensions: ['shop', 'plan', 'floor'] });
  expect(Object.values(rolesOf(none))).not.toContain('dimension');
});

test('another column becomes the time, whatever it was', () => {
  const typed = { ...NO_OPTIONS, columnTypes: { floor: 'number' as const } };
  const options = withRole(typed, PREVIEW, 'floor', 'time');
  expect(options).toMatchObject({ timeColumn: 'floor', metricColumns: ['revenue'], columnTypes: {} });
});

test('the time is changed by choosing another; a text is no metric, an empty column nothing', () => {
  const [date, revenue, , shop] = PREVIEW.columns;
  if (!date || !revenue || !shop) throw new Error('columns are missing');
  expect(offeredRoles(date, 'time')).toEqual(['time']);
  expect(offeredRoles(revenue, 'metric')).toEqual(['neither', 'time', 'metric', 'dimension']);
  expect(offeredRoles(shop, 'dimension')).toEqual(['neither', 'time', 'dimension']);
  expect(offeredRoles({ ...shop, type: 'empty' }, 'neither')).toEqual(['neither']);
});

test('rows that are added have the roles of the dataset', () => {
  const options = withRole(withRole(NO_OPTIONS, PREVIEW, 'shop', 'neither'), PREVIEW, 'floor', 'dimension');
  expect(appendFields(options)).toEqual([['mode', 'append']]);
});

const previews: string[] = [];
const uploads: string[] = [];

beforeEach(() => {
  previews.length = 0;
  uploads.length = 0;
  beginSession({ accessToken: 'token', tokenType: 'Bearer', expiresIn: 900 });
  server.use(
    http.get(at('/samples'), () => HttpResponse.json({ items: [] })),
    http.get(at('/datasets/limits'), () => HttpResponse.json({ directUpload: false })),
    http.post(at('/datasets/preview'), async ({ request }) => {
      previews.push(await request.text());
      return HttpResponse.json(PREVIEW);
    }),
    http.post(at('/datasets/upload'), async ({ request }) => {
      uploads.push(await request.text());
      return HttpResponse.json({ datasetId: 'd1', datasetName: 'sales', version: 1, status: 'processing' });
    }),
    http.post(at('/datasets/upload-url'), async ({ request }) => {
      uploads.push(await request.text());
      return HttpResponse.error();
    }),
    http.get(at('/datasets/d1'), () => HttpResponse.json({ id: 'd1', version: 1, status: 'processing' })),
    http.get(
      at('/datasets/d1/events'),
      () => new Response('', { headers: { 'Content-Type': 'text/event-stream' } }),
    ),
  );
});

async function choose() {
  renderPage(<UploadPage />, '/upload');
  await userEvent.upload(screen.getByLabelText('Choose a file'), new File(['date\n'], 'sales.csv'));
  return screen.findByRole('combobox', { name: 'Role of shop' });
}

test('a role is chosen by keyboard, stays when the preview is read again, and goes with the upload', async () => {
  const role = await choose();
  expect(role).toHaveValue('dimension');
  expect(screen.getByRole('combobox', { name: 'Role of date' })).toBeDisabled();
  await userEvent.selectOptions(role, 'Neither');
  await waitFor(() => expect(previews.at(-1)).toMatch(/name="notDimension"\s+shop/));
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Type of plan' }), 'Yes or no');
  await waitFor(() => expect(previews.at(-1)).toMatch(/name="columnType"\s+boolean:plan/));
  expect(previews.at(-1)).toMatch(/name="notDimension"\s+shop/);
  expect(screen.getByRole('combobox', { name: 'Role of shop' })).toHaveValue('neither');
  await userEvent.click(screen.getByRole('button', { name: 'Upload and analyse' }));
  await screen.findByText('Processing sales');
  expect(uploads[0]).toMatch(/name="notDimension"\s+shop/);
});

test('the presigned form is asked for with the roles', async () => {
  server.use(http.get(at('/datasets/limits'), () => HttpResponse.json({ directUpload: true })));
  await choose();
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Role of floor' }), 'Dimension');
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Role of shop' }), 'Neither');
  await userEvent.click(screen.getByRole('button', { name: 'Upload and analyse' }));
  await waitFor(() => expect(uploads).toHaveLength(1));
  expect(JSON.parse(uploads[0] ?? '')).toMatchObject({
    metricColumns: ['revenue'],
    dimensions: ['plan', 'floor'],
    notDimensions: ['shop'],
  });
});
