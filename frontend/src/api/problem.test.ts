import { AxiosError, AxiosHeaders } from 'axios';
import { expect, test } from 'vitest';
import { problemText, toProblem } from './problem';

function refusal(status: number, data: unknown): AxiosError {
  const config = { headers: new AxiosHeaders() };
  return new AxiosError('failed', undefined, config, null, {
    status,
    data,
    statusText: '',
    headers: {},
    config,
  });
}

test("the server's own sentence is shown when nothing better is known", () => {
  const error = refusal(422, { code: 'no_time_column', detail: 'No time column found. Columns: a, b.' });
  expect(problemText(error)).toBe('No time column found. Columns: a, b.');
});

test('a known code speaks to the reader', () => {
  expect(problemText(refusal(409, { code: 'email_taken', detail: 'taken' }))).toMatch(/already exists/);
});

test('a rate limit says how long to wait', () => {
  const wait = (retryAfterSeconds: number) =>
    problemText(refusal(429, { code: 'rate_limited', detail: '', retryAfterSeconds }));
  expect(wait(42)).toBe('Too many attempts. Try again in 42 seconds.');
  expect(wait(358)).toBe('Too many attempts. Try again in 6 minutes.');
});

test('a proxy that answers in HTML is translated by its status', () => {
  expect(problemText(refusal(413, '<html>'))).toMatch(/larger than the server accepts/);
  expect(problemText(refusal(502, '<html>'))).toMatch(/cannot be reached/);
});

test('no answer at all is said to be the connection', () => {
  expect(problemText(new AxiosError('Network Error'))).toMatch(/Check your connection/);
});

test('members beside the code are kept', () => {
  expect(toProblem({ code: 'weak_password', detail: 'x', field: 'password' }, 400)).toMatchObject({
    field: 'password',
    status: 400,
  });
});
