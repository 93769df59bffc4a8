import { expect, test } from 'vitest';
import { at, http, problem, server } from '@/testing/server';
import { listen } from './events';
import { beginSession } from './session';

test('events that arrive in pieces are put together, comments and other fields left out', async () => {
  const pieces = [
    'event: progress\nda',
    'ta: {"a":1}\n',
    '\ndata: one\r',
    '\ndata: two\r\n\r\n',
    ': a comment\n\n',
  ];
  server.use(
    http.get(at('/datasets/d1/events'), () => {
      const stream = new ReadableStream({
        start(controller) {
          for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
          controller.close();
        },
      });
      return new Response(stream, { headers: { 'Content-Type': 'text/event-stream' } });
    }),
  );
  beginSession({ accessToken: 'token', tokenType: 'Bearer', expiresIn: 900 });
  const events: string[] = [];
  await listen('/datasets/d1/events', (data) => events.push(data), new AbortController().signal);
  expect(events).toEqual(['{"a":1}', 'one\ntwo']);
});

test('the stream is requested with the access token and read to its end', async () => {
  const events: string[] = [];
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
  await listen('/datasets/d1/events', (data) => events.push(data), new AbortController().signal);
  expect(events).toEqual(['{"fraction":0.5}', '{"fraction":1}']);
  expect(asked).toBe('Bearer token');
});

test('a refusal before the stream begins is a problem with its code', async () => {
  server.use(http.get(at('/datasets/d1/events'), () => problem(404, 'dataset_not_found', 'None.')));
  beginSession({ accessToken: 'token', tokenType: 'Bearer', expiresIn: 900 });
  const listening = listen('/datasets/d1/events', () => undefined, new AbortController().signal);
  await expect(listening).rejects.toMatchObject({ problem: { code: 'dataset_not_found', status: 404 } });
});
