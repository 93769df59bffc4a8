import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { beginSession } from '@/api/session';
import type { ReportResponse } from '@/api/types';
import { aReport } from '@/testing/data';
import { renderPage } from '@/testing/render';
import { at, HttpResponse, http, server } from '@/testing/server';
import { PLAIN_VIEW } from '../view';
import { ReportMenu } from './ReportMenu';

const DRAWING = aReport({ stage: 'drawing', fraction: 0.25, message: 'Drawing the charts' });
const READY = aReport({ status: 'ready', stage: 'ready', fraction: 1, message: 'Ready' });
const FAILED: ReportResponse = {
  ...DRAWING,
  status: 'failed',
  stage: 'failed',
  message: 'No ink.',
  failure: { code: 'unsupported', message: 'No ink.' },
};

let notify: (report: ReportResponse, last?: boolean) => void = () => undefined;
const opened: { url: string; name: string }[] = [];

beforeEach(() => {
  beginSession({ accessToken: 'token', tokenType: 'Bearer', expiresIn: 900 });
  opened.length = 0;
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    opened.push({ url: this.href, name: this.download });
  });
  server.use(
    http.post(at('/reports/generate'), () => HttpResponse.json(aReport())),
    http.get(at('/reports/r1/events'), () => {
      const stream = new ReadableStream({
        start(controller) {
          notify = (report, last = false) => {
            controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(report)}\n\n`));
            if (last) controller.close();
          };
        },
      });
      return new HttpResponse(stream, { headers: { 'Content-Type': 'text/event-stream' } });
    }),
    http.get(at('/reports/r1/link'), () =>
      HttpResponse.json({ url: '/api/reports/linked/abc', expiresAt: '2026-11-26T00:15:00Z' }),
    ),
  );
});

async function ask() {
  renderPage(<ReportMenu datasetId="d1" metrics={['revenue']} version={1} view={PLAIN_VIEW} />);
  await userEvent.click(screen.getByRole('button', { name: 'Download report' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: /PDF/ }));
  await screen.findByRole('button', { name: /Waiting for its turn/ });
}

test('each step of a report is shown and said, and at its end the link is opened', async () => {
  await ask();
  await waitFor(() => {
    notify(DRAWING);
    expect(screen.getByRole('button')).toHaveTextContent('Drawing the charts');
  });
  expect(screen.getByRole('status')).toHaveTextContent('Report: Drawing the charts, 25% done.');
  expect(opened).toEqual([]);
  notify(READY, true);
  await screen.findByRole('button', { name: 'Download report' });
  expect(screen.getByRole('status')).toHaveTextContent('The report is downloaded.');
  expect(opened).toEqual([{ url: at('/reports/linked/abc'), name: 'Sales-revenue-v1.pdf' }]);
});

test('a report that fails downloads nothing and the menu can be used again', async () => {
  await ask();
  await waitFor(() => {
    notify(DRAWING);
    expect(screen.getByRole('button')).toHaveTextContent('Drawing the charts');
  });
  notify(FAILED, true);
  await screen.findByRole('button', { name: 'Download report' });
  expect(screen.getByRole('status')).toHaveTextContent('');
  expect(opened).toEqual([]);
});

test('where no events come through it asks instead', async () => {
  server.use(
    http.get(at('/reports/r1/events'), () => HttpResponse.error()),
    http.get(at('/reports/r1/status'), () => HttpResponse.json(READY)),
  );
  await ask();
  await waitFor(() => expect(opened).toHaveLength(1), { timeout: 3_000 });
});

test('of several metrics each gets a report of its own', async () => {
  const asked: unknown[] = [];
  server.use(
    http.post(at('/reports/generate'), async ({ request }) => {
      asked.push(((await request.json()) as { metric: string }).metric);
      return HttpResponse.json(READY);
    }),
    http.get(at('/reports/r1/events'), () => HttpResponse.error()),
    http.get(at('/reports/r1/status'), () => HttpResponse.json(READY)),
  );
  renderPage(<ReportMenu datasetId="d1" metrics={['revenue', 'orders']} version={1} view={PLAIN_VIEW} />);
  await userEvent.click(screen.getByRole('button', { name: 'Download report' }));
  expect(await screen.findByText('A file for each of the 2 metrics')).toBeVisible();
  await userEvent.click(screen.getByRole('menuitem', { name: /PDF/ }));
  await waitFor(() => expect(opened).toHaveLength(2), { timeout: 6_000 });
  expect(asked).toEqual(['revenue', 'orders']);
  expect(screen.getByRole('status')).toHaveTextContent('2 reports are downloaded.');
});
