import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import { beginSession } from '@/api/session';
import { renderPage } from '@/testing/render';
import { at, HttpResponse, http, problem, server } from '@/testing/server';
import { forgetRefusal } from './direct';
import { UploadPage } from './UploadPage';

const BUCKET = 'https://bucket.example.com/';
const PREVIEW = {
  format: 'csv',
  dialect: { encoding: 'utf-8', delimiter: ',' },
  columns: [
    { name: 'date', type: 'time', unit: null, samples: ['2024-01-01'] },
    { name: 'revenue', type: 'number', unit: null, samples: ['24000'] },
  ],
  timeColumn: 'date',
  metricColumns: ['revenue'],
  rows: [['2024-01-01', '24000']],
  warnings: [],
};
const TICKET = {
  datasetId: 'd1',
  version: 1,
  uploadId: 'x',
  url: BUCKET,
  fields: { key: 'users/u/datasets/d1/v1/x/source', policy: 'p' },
  sizeBytes: 37,
  expiresAt: '2026-11-26T00:00:00Z',
};
const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'POST',
  'Access-Control-Allow-Headers': '*',
};
const viaApi: string[] = [];
const followed: string[] = [];
const withdrawn: unknown[] = [];
let hasArrived = false;

beforeEach(() => {
  forgetRefusal();
  viaApi.length = 0;
  followed.length = 0;
  withdrawn.length = 0;
  hasArrived = false;
  beginSession({ accessToken: 'token', tokenType: 'Bearer', expiresIn: 900 });
  server.use(
    http.get(at('/samples'), () => HttpResponse.json({ items: [] })),
    http.get(at('/datasets/limits'), () => HttpResponse.json({ directUpload: true })),
    http.post(at('/datasets/preview'), () => HttpResponse.json(PREVIEW)),
    http.post(at('/datasets/upload-url'), () => HttpResponse.json(TICKET)),
    http.post(at('/datasets/upload-url/withdraw'), async ({ request }) => {
      withdrawn.push(await request.json());
      return HttpResponse.json({ datasetId: 'd1', version: 1, arrived: hasArrived });
    }),
    http.options(BUCKET, () => new HttpResponse(null, { status: 204, headers: CORS })),
    http.post(at('/datasets/upload'), () => {
      viaApi.push('upload');
      return HttpResponse.json({ datasetId: 'd1', datasetName: 'sales', version: 1, status: 'processing' });
    }),
    // No server knows the file yet.
    http.get(at('/datasets/d1'), () => problem(404, 'dataset_not_found', 'There is no such dataset.')),
    http.get(at('/datasets/d1/events'), ({ request }) => {
      followed.push(new URL(request.url).search);
      const news = { datasetId: 'd1', version: 1, status: 'uploaded', stage: 'storing', fraction: 0.01 };
      const event = `data: ${JSON.stringify({ ...news, message: 'Waiting for the file to arrive' })}\n\n`;
      return new Response(event, { headers: { 'Content-Type': 'text/event-stream' } });
    }),
  );
});

async function send() {
  renderPage(<UploadPage />, '/upload');
  const file = new File(['date,revenue\n2024-01-01,24000\n'], 'sales.csv', { type: 'text/csv' });
  await userEvent.upload(screen.getByLabelText('Choose a file'), file, { applyAccept: false });
  await userEvent.click(await screen.findByRole('button', { name: 'Upload and analyse' }));
}

test('the file goes to the bucket, after its fields and without a token, and is followed from there', async () => {
  let names: string[] = [];
  let token: string | null = 'not asked yet';
  server.use(
    http.post(BUCKET, async ({ request }) => {
      token = request.headers.get('Authorization');
      names = [...(await request.text()).matchAll(/; name="([^"]+)"/g)].map((match) => match[1] ?? '');
      return new HttpResponse(null, { status: 204, headers: CORS });
    }),
  );
  await send();
  expect(await screen.findByText('Processing sales')).toBeVisible();
  expect(await screen.findByText(/Waiting for the file to arrive/)).toBeVisible();
  expect(names).toEqual(['key', 'policy', 'file']);
  expect(token).toBeNull();
  expect(followed[0]).toBe('?version=1');
  expect(viaApi).toEqual([]);
  expect(screen.queryByRole('alert')).not.toBeInTheDocument();
});

test('what was chosen is said when the form is asked for', async () => {
  let asked: unknown;
  server.use(
    http.post(at('/datasets/upload-url'), async ({ request }) => {
      asked = await request.json();
      return problem(413, 'upload_too_large', 'The file has 37 bytes; the limit is 10.');
    }),
  );
  await send();
  expect(await screen.findByRole('alert')).toHaveTextContent('the limit is 10');
  expect(asked).toMatchObject({
    fileName: 'sales.csv',
    datasetName: 'sales',
    timeColumn: 'date',
    metricColumns: [],
  });
  expect(viaApi).toEqual([]); // a refusal is one wherever the file goes
});

test.each([
  ['cannot be reached', () => HttpResponse.error()],
  ['refuses the form', () => new HttpResponse('<Error/>', { status: 403, headers: CORS })],
])('a bucket that %s is gone round, and the page says so', async (_, answer) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  server.use(
    http.post(BUCKET, answer),
    http.post(at('/datasets/upload'), async () => {
      await held;
      viaApi.push('upload');
      return HttpResponse.json({ datasetId: 'd2', datasetName: 'sales', version: 1, status: 'processing' });
    }),
    http.get(at('/datasets/d2'), () =>
      HttpResponse.json({ id: 'd2', version: 1, status: 'processing', metricColumns: [] }),
    ),
    http.get(at('/datasets/d2/events'), () => new Response('')),
  );
  await send();
  expect(await screen.findByText(/could not be sent to the file store directly/)).toBeVisible();
  release();
  expect(await screen.findByText('Processing sales')).toBeVisible();
  expect(viaApi).toEqual(['upload']);
  expect(withdrawn).toEqual([{ datasetId: 'd1', version: 1, uploadId: 'x' }]);
});

test('a file whose answer was lost is not sent a second time', async () => {
  hasArrived = true;
  server.use(http.post(BUCKET, () => HttpResponse.error()));
  await send();
  expect(await screen.findByText('Processing sales')).toBeVisible();
  await waitFor(() => expect(followed[0]).toBe('?version=1'));
  expect(viaApi).toEqual([]);
});

test('a file that had arrived before it was cancelled is followed, not denied', async () => {
  hasArrived = true;
  server.use(http.post(BUCKET, () => new Promise<never>(() => undefined)));
  await send();
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  expect(await screen.findByText('Processing sales')).toBeVisible();
});

test('a server that offers no form takes the file itself', async () => {
  server.use(http.post(at('/datasets/upload-url'), () => problem(501, 'unsupported', 'Send it here.')));
  await send();
  await waitFor(() => expect(viaApi).toEqual(['upload']));
});

test('an upload to the bucket is cancelled', async () => {
  server.use(http.post(BUCKET, () => new Promise<never>(() => undefined)));
  await send();
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  expect(await screen.findByText(/was cancelled. Nothing was saved/)).toBeVisible();
  expect(withdrawn).toHaveLength(1);
  expect(viaApi).toEqual([]);
});
