import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { beginSession } from '@/api/session';
import { anAnalysis } from '@/testing/data';
import { renderPage } from '@/testing/render';
import { at, HttpResponse, http, server } from '@/testing/server';
import { PLAIN_VIEW } from '../view';
import { CalendarDialog } from './CalendarDialog';
import {
  eventsOf,
  linesOf,
  MOST_EVENT_CHARACTERS,
  problemWith,
  readEvents,
  withEvents,
} from './calendar-events';

test('events are edited one a line and given with semicolons', () => {
  expect(linesOf('2024-11-29 Sale; 2024-12-24 Eve')).toBe('2024-11-29 Sale\n2024-12-24 Eve');
  expect(eventsOf('2024-11-29 Sale; big\n\n 2024-12-24 Eve ')).toBe('2024-11-29 Sale, big; 2024-12-24 Eve');
  expect(eventsOf(' \n')).toBeNull();
});

test('a line without a date or a name is pointed at', () => {
  expect(problemWith('2024-11-29 Sale')).toBeNull();
  expect(problemWith('')).toBeNull();
  for (const line of ['Sale', '2024-11-29', '2024-02-30 Sale', '29.11.2024 Sale']) {
    expect(problemWith(`2024-11-28 Eve\n${line}`)).toContain(line);
  }
  expect(problemWith(`2024-11-29 ${'x'.repeat(MOST_EVENT_CHARACTERS)}`)).toContain('Too long');
});

test('an address keeps the events that make sense', () => {
  expect(readEvents('2024-11-29 Sale; someday; 2024-13-01 Never')).toBe('2024-11-29 Sale');
  expect(readEvents('someday')).toBeNull();
});

test('imported events join those there are: within the data, each once, by date', () => {
  const read = [
    { date: '2024-01-03', name: 'Sale' },
    { date: '2024-01-01', name: 'New Year' },
    { date: '2023-12-31', name: 'Before' },
  ];
  expect(withEvents('2024-01-03 Sale', read, '2024-01-01', '2024-01-31')).toBe(
    '2024-01-01 New Year\n2024-01-03 Sale',
  );
});

test('a country and events are chosen and applied together', async () => {
  beginSession({ accessToken: 'token', tokenType: 'Bearer', expiresIn: 900 });
  server.use(
    http.get(at('/calendar/countries'), () =>
      HttpResponse.json({
        items: [
          { code: 'DE', name: 'Germany' },
          { code: 'IN', name: 'India' },
        ],
      }),
    ),
  );
  const onApply = vi.fn();
  renderPage(
    <CalendarDialog analysis={anAnalysis()} view={PLAIN_VIEW} onApply={onApply} onClose={() => undefined} />,
  );
  const user = userEvent.setup();
  const country = await screen.findByRole('combobox', { name: 'Public holidays of' });
  await user.click(country);
  await user.click(await screen.findByRole('option', { name: 'Germany' }));
  await user.type(screen.getByRole('textbox', { name: 'Own events' }), '2024-01-03 Sale');
  await user.click(screen.getByRole('button', { name: 'Apply' }));
  expect(onApply).toHaveBeenCalledWith({ country: 'DE', events: '2024-01-03 Sale' });
});
