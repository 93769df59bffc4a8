import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import { beginSession } from '@/api/session';
import type { DatasetResponse } from '@/api/types';
import { renderPage } from '@/testing/render';
import { at, HttpResponse, http, problem, server } from '@/testing/server';
import { DatasetsPage } from './DatasetsPage';

const BEING_READ = {
  id: 'd1',
  datasetName: 'Pump',
  fileName: 'pump.csv',
  version: 1,
  status: 'processing',
  uploadedAt: '2026-01-02T00:00:00Z',
  rowCount: null,
  anomalyCount: null,
  sparkline: [],
  failure: null,
} as unknown as DatasetResponse;

function listOf(...items: DatasetResponse[]) {
  return HttpResponse.json({ items, total: items.length, sizeBytes: 0, limit: 50, offset: 0 });
}

beforeEach(() => beginSession({ accessToken: 'token', tokenType: 'Bearer', expiresIn: 900 }));

test('the status of a dataset moves while it is processed, without a reload', async () => {
  let current = BEING_READ;
  let notify: (news: object) => void = () => undefined;
  server.use(
    http.get(at('/datasets'), () => listOf(current)),
    http.get(at('/datasets/d1/events'), () => {
      const stream = new ReadableStream({
        start(controller) {
          notify = (news) =>
            controller.enqueue(
              new TextEncoder().encode(`data: ${JSON.stringify({ version: 1, ...news })}\n\n`),
            );
        },
      });
      return new HttpResponse(stream, { headers: { 'Content-Type': 'text/event-stream' } });
    }),
  );
  renderPage(<DatasetsPage />);
  expect(await screen.findByText(/^Processing/)).toBeInTheDocument();
  await waitFor(() => {
    notify({ status: 'processing', fraction: 0.42, message: 'Reading' });
    expect(screen.getByText(/Processing\s*42%/)).toBeInTheDocument();
  });
  current = { ...BEING_READ, status: 'cached', rowCount: 1_200, anomalyCount: 3 };
  notify({ status: 'cached', fraction: 1, message: 'Done' });
  expect(await screen.findByText('Ready')).toBeInTheDocument();
  expect(await screen.findByText('1,200')).toBeInTheDocument();
});

test('an empty list offers the examples', async () => {
  server.use(
    http.get(at('/datasets'), () => listOf()),
    http.get(at('/samples'), () =>
      HttpResponse.json({
        items: [{ name: 's', title: 'Store footfall', description: 'Visitors', planted: [] }],
      }),
    ),
  );
  renderPage(<DatasetsPage />);
  expect(await screen.findByRole('heading', { name: 'Upload your first dataset' })).toBeInTheDocument();
  expect(await screen.findByRole('button', { name: 'Open the example Store footfall' })).toBeInTheDocument();
});

test('a list that cannot be loaded says so and can be asked for again', async () => {
  let calls = 0;
  server.use(
    http.get(at('/datasets'), () => {
      calls += 1;
      return calls === 1 ? problem(503, 'unavailable', 'The store does not answer.') : listOf(BEING_READ);
    }),
    http.get(
      at('/datasets/d1/events'),
      () => new HttpResponse('', { headers: { 'Content-Type': 'text/event-stream' } }),
    ),
  );
  renderPage(<DatasetsPage />);
  expect(await screen.findByText('Your datasets could not be loaded')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('link', { name: 'Pump' })).toBeInTheDocument();
});

test('the server searches, filters, sorts and pages: no more than one page is loaded', async () => {
  const asked: string[] = [];
  server.use(
    http.get(at('/datasets'), ({ request }) => {
      const { searchParams } = new URL(request.url);
      asked.push(searchParams.toString());
      const name = `${searchParams.get('sort')} ${searchParams.get('offset')}`;
      const items = [{ ...BEING_READ, id: name, datasetName: name, status: 'cached' }];
      const total = searchParams.get('q') === 'nothing' ? 0 : 2_000;
      return HttpResponse.json({
        items: total ? items : [],
        total,
        sizeBytes: 9,
        limit: 50,
        offset: 0,
      });
    }),
  );
  renderPage(<DatasetsPage />);
  expect(await screen.findByText('1 to 50 of 2,000')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Page 2' }));
  expect(await screen.findByRole('link', { name: '-uploadedAt 50' })).toBeInTheDocument();
  expect(screen.getByText('51 to 100 of 2,000')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Rows' }));
  expect(await screen.findByRole('link', { name: '-rowCount 0' })).toBeInTheDocument();
  await userEvent.click(screen.getByRole('combobox', { name: 'Status' }));
  await userEvent.click(await screen.findByRole('option', { name: 'In progress' }));
  await waitFor(() => expect(asked.at(-1)).toContain('status=uploaded&status=processing'));
  await userEvent.type(screen.getByRole('textbox', { name: 'Search datasets' }), 'nothing');
  expect(await screen.findByText('No dataset has "nothing" in its name or file name.')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Show all' }));
  expect(await screen.findByRole('link', { name: '-rowCount 0' })).toBeInTheDocument();
  expect(asked.every((params) => params.includes('limit=50'))).toBe(true);
});
