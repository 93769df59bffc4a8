import { expect, test } from 'vitest';
import { at, http, problem, server } from '@/testing/server';
import { EventParser, listen } from './events';
import { beginSession } from './session';

test('events that arrive in pieces are put together', () => {
  const parser = new EventParser();
  expect(parser.push('event: progress\nda')).toEqual([]);
  expect(parser.push('ta: {"a":1}\n')).toEqual([]);
  expect(parser.push('\ndata: {"a":2}\n\n: a comment\n\n')).toEqual(['{"a":1}', '{"a":2}']);
});

test('a line end cut between its two characters does not end two lines', () => {
  const parser = new EventParser();
  expect(parser.push('data: one\r')).toEqual([]);
  expect(parser.push('\ndata: two\r\n\r\n')).toEqual(['one\ntwo']);
});

test('the stream is asked for with the access token and read to its end', async () => {
  const heard: string[] = [];
  let asked: string | null = null;
  server.use(
    http.get(at('/datasets/d1/events'), ({ request }) => {
      asked = request.headers.get('Authorization');
      return new Response('data: {"fraction":0.5}\n\ndata: {"fraction":1}\n\n', {
        headers: { 'Content-Type': 'text/event-stream' },
      });
    }),
  );
  beginSession({ accessToken: 'token', tokenType: 'Bearer', expiresIn: 900 });
  await listen('/datasets/d1/events', (data) => heard.push(data), new AbortController().signal);
  expect(heard).toEqual(['{"fraction":0.5}', '{"fraction":1}']);
  expect(asked).toBe('Bearer token');
});

test('a refusal before the stream begins is a problem with its code', async () => {
  server.use(http.get(at('/datasets/d1/events'), () => problem(404, 'dataset_not_found', 'None.')));
  beginSession({ accessToken: 'token', tokenType: 'Bearer', expiresIn: 900 });
  const listening = listen('/datasets/d1/events', () => undefined, new AbortController().signal);
  await expect(listening).rejects.toMatchObject({ problem: { code: 'dataset_not_found', status: 404 } });
});
