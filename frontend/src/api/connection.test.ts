import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { at, HttpResponse, http, server } from '@/testing/server';
import { client } from './client';
import { isConnectionLost, reportReached, subscribeToConnection } from './connection';

beforeEach(() => vi.useFakeTimers({ shouldAdvanceTime: true }));
afterEach(() => {
  reportReached();
  vi.useRealTimers();
});

test('a server that does not answer is asked until it does, and the page is told both times', async () => {
  let isAway = true;
  const changes: boolean[] = [];
  const stop = subscribeToConnection(() => changes.push(isConnectionLost()));
  server.use(
    http.get(at('/samples'), () => HttpResponse.error()),
    http.get(at('/health/live'), () =>
      isAway ? HttpResponse.error() : HttpResponse.json({ status: 'alive' }),
    ),
  );
  await expect(client.get('/samples')).rejects.toThrow();
  expect(isConnectionLost()).toBe(true);
  await vi.advanceTimersByTimeAsync(3_100);
  expect(isConnectionLost()).toBe(true);
  isAway = false;
  await vi.advanceTimersByTimeAsync(3_100);
  await vi.waitFor(() => expect(isConnectionLost()).toBe(false));
  expect(changes).toEqual([true, false]);
  stop();
});

test('a refusal is an answer; a gateway without its server is none', async () => {
  server.use(http.get(at('/samples'), () => new HttpResponse(null, { status: 404 })));
  await expect(client.get('/samples')).rejects.toThrow();
  expect(isConnectionLost()).toBe(false);
  server.use(http.get(at('/samples'), () => new HttpResponse('<html>', { status: 502 })));
  await expect(client.get('/samples')).rejects.toThrow();
  expect(isConnectionLost()).toBe(true);
});
