import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { beginSession } from '@/api/session';
import type { ReportResponse } from '@/api/types';
import { aReport } from '@/testing/data';
import { renderPage } from '@/testing/render';
import { at, HttpResponse, http, problem, server } from '@/testing/server';
import { ReportsPage } from './ReportsPage';

const DRAWING = aReport({ stage: 'drawing', fraction: 0.25, message: 'Drawing the charts' });
const READY = aReport({ status: 'ready', stage: 'ready', fraction: 1, message: 'Ready' });
const STORE = 'https://bucket.example.com';

const opened: { url: string; name: string }[] = [];

beforeEach(() => {
  beginSession({ accessToken: 'token', tokenType: 'Bearer', expiresIn: 900 });
  opened.length = 0;
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    opened.push({ url: this.href, name: this.download });
  });
});

const linkTo = (url: string) => ({ url, expiresAt: '2026-11-26T00:15:00Z' });

function listed(...items: ReportResponse[]) {
  server.use(
    http.get(at('/reports'), () => HttpResponse.json({ items, total: items.length, limit: 200, offset: 0 })),
  );
  renderPage(<ReportsPage />);
}

test('the list shows how far a report is, by a bar with a name', async () => {
  listed(DRAWING);
  expect(await screen.findByText('Drawing the charts')).toBeInTheDocument();
  const bar = screen.getByRole('progressbar', { name: 'Sales-revenue-v1.pdf is being made' });
  expect(bar).toHaveAttribute('aria-valuenow', '25');
  expect(screen.queryByRole('button', { name: /^Download/ })).toBeNull();
});

test('each click asks for a link of its own, so that none is ever too old', async () => {
  let asked = 0;
  server.use(
    http.get(at('/reports/r1/link'), () => {
      asked += 1;
      return HttpResponse.json(linkTo(`${STORE}/file?number=${asked}`));
    }),
    http.get(`${STORE}/`, () => new HttpResponse(null, { status: 403 })),
  );
  listed(READY);
  for (const number of [1, 2]) {
    await userEvent.click(await screen.findByRole('button', { name: 'Download Sales-revenue-v1.pdf' }));
    await waitFor(() => expect(opened.at(-1)?.url).toBe(`${STORE}/file?number=${number}`));
  }
});

test('where the browser does not reach the store the file comes through the API', async () => {
  URL.createObjectURL = () => 'blob:report';
  URL.revokeObjectURL = () => undefined;
  server.use(
    http.get(at('/reports/r1/link'), () => HttpResponse.json(linkTo(`${STORE}/file`))),
    http.get(`${STORE}/`, () => HttpResponse.error()),
    http.get(at('/reports/r1'), () => new HttpResponse('%PDF-')),
  );
  listed(READY);
  await userEvent.click(await screen.findByRole('button', { name: 'Download Sales-revenue-v1.pdf' }));
  await waitFor(() => expect(opened).toEqual([{ url: 'blob:report', name: 'Sales-revenue-v1.pdf' }]));
});

test('a report whose file is gone says so', async () => {
  server.use(http.get(at('/reports/r1/link'), () => problem(404, 'not_found', "The report's file is gone.")));
  listed(READY);
  await userEvent.click(await screen.findByRole('button', { name: 'Download Sales-revenue-v1.pdf' }));
  await waitFor(() => expect(screen.getByRole('button', { name: /^Download/ })).not.toBeDisabled());
  expect(opened).toEqual([]);
});
