import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { anAnomaly } from '@/testing/data';
import { renderPage } from '@/testing/render';
import { at, HttpResponse, http, server } from '@/testing/server';
import { VerdictForm } from './VerdictForm';

function saved(): unknown[] {
  const bodies: unknown[] = [];
  server.use(
    http.put(at('/analytics/d1/verdicts'), async ({ request }) => {
      bodies.push(await request.json());
      return HttpResponse.json({});
    }),
  );
  return bodies;
}

test('what the file says is offered with its column and saved only with a verdict', async () => {
  const bodies = saved();
  const anomaly = anAnomaly('2024-01-03', 89_000, 'high', {
    suggestedReason: { column: 'event', text: 'flash sale' },
  });
  renderPage(<VerdictForm datasetId="d1" metric="revenue" granularity="day" anomaly={anomaly} />);
  expect(screen.getByLabelText('Reason')).toHaveValue('flash sale');
  expect(screen.getByText(/From column “event” of the file/)).toBeVisible();
  expect(bodies).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Real' }));
  await waitFor(() =>
    expect(bodies).toEqual([
      {
        metric: 'revenue',
        date: '2024-01-03',
        granularity: 'day',
        verdict: 'confirmed',
        reason: 'flash sale',
      },
    ]),
  );
});

test('a digit says it as its button does, and not while a reason is written', async () => {
  const bodies = saved();
  const anomaly = anAnomaly('2024-01-03', 89_000, 'high', { verdict: 'expected' });
  renderPage(<VerdictForm datasetId="d1" metric="revenue" granularity="day" anomaly={anomaly} />);
  await userEvent.type(screen.getByLabelText('Reason'), '1');
  expect(bodies).toEqual([]);
  await userEvent.click(document.body);
  await userEvent.keyboard('3');
  await waitFor(() => expect(bodies).toHaveLength(1));
  expect(bodies[0]).toMatchObject({ verdict: 'false_alarm', reason: '1' });
});

test('the same digit again takes the verdict back', async () => {
  const bodies = saved();
  const anomaly = anAnomaly('2024-01-03', 89_000, 'high', { verdict: 'expected', reason: 'sale' });
  renderPage(<VerdictForm datasetId="d1" metric="revenue" granularity="day" anomaly={anomaly} />);
  await userEvent.keyboard('2');
  await waitFor(() => expect(bodies).toHaveLength(1));
  expect(bodies[0]).toMatchObject({ verdict: null, reason: null });
});

test('what was said of the day is taken back from its hour', async () => {
  const bodies = saved();
  const said = { verdict: 'expected', verdictDate: '2024-01-03' } as const;
  const anomaly = anAnomaly('2024-01-03T05:00:00', 89_000, 'high', said);
  renderPage(<VerdictForm datasetId="d1" metric="revenue" granularity="hour" anomaly={anomaly} />);
  expect(screen.getByText('Given for 3 Jan 2024.')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Expected' }));
  await waitFor(() => expect(bodies).toHaveLength(1));
  expect(bodies[0]).toMatchObject({ verdict: null, date: '2024-01-03' });
});

test('the reader’s own reason stands before what the file says', () => {
  const anomaly = anAnomaly('2024-01-03', 89_000, 'high', {
    verdict: 'expected',
    reason: 'till test',
    suggestedReason: { column: 'event', text: 'flash sale' },
  });
  renderPage(<VerdictForm datasetId="d1" metric="revenue" granularity="day" anomaly={anomaly} />);
  expect(screen.getByLabelText('Reason')).toHaveValue('till test');
  expect(screen.queryByText(/From column/)).not.toBeInTheDocument();
});
