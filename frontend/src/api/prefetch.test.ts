import { expect, test } from 'vitest';
import { at, HttpResponse, http, server } from '@/testing/server';
import { client, refreshSession } from './client';
import { prefetch } from './prefetch';
import { accessToken } from './session';

/** An API that counts how often it is asked for a dataset, and takes the fresh token only. */
function countingApi(): { reads: number; refreshes: number } {
  const seen = { reads: 0, refreshes: 0 };
  server.use(
    http.post(at('/auth/refresh'), () => {
      seen.refreshes += 1;
      return HttpResponse.json({ accessToken: 'fresh', tokenType: 'Bearer', expiresIn: 900 });
    }),
    http.get(at('/datasets/:id'), ({ request, params }) => {
      seen.reads += 1;
      if (request.headers.get('Authorization') !== 'Bearer fresh')
        return new HttpResponse(null, { status: 401 });
      return HttpResponse.json({ id: params.id, read: seen.reads });
    }),
    http.patch(at('/datasets/:id'), () => HttpResponse.json({})),
  );
  return seen;
}

const here = (path: string) => new URL(path, window.location.origin).href;

test('what was asked for ahead is taken once; the next call asks again', async () => {
  const seen = countingApi();
  await refreshSession();
  prefetch('GET', here('/api/datasets/7?b=2&a=x+y'), Promise.resolve('fresh'));
  const params = { a: 'x y', b: 2 };
  expect((await client.get('/datasets/7', { params })).data).toEqual({ id: '7', read: 1 });
  expect(seen.reads).toBe(1);
  expect((await client.get('/datasets/7', { params })).data).toEqual({ id: '7', read: 2 });
});

test('a session renewed ahead is begun without a second renewal', async () => {
  const seen = countingApi();
  prefetch('POST', here('/api/auth/refresh'));
  expect(await refreshSession()).toBe(true);
  expect(seen.refreshes).toBe(1);
  expect(accessToken()).toBe('fresh');
});

test('an answer that was refused is asked for again, the usual way', async () => {
  const seen = countingApi();
  prefetch('GET', here('/api/datasets/8'), Promise.resolve('stale'));
  expect((await client.get('/datasets/8')).data).toEqual({ id: '8', read: 3 });
  expect(seen).toEqual({ reads: 3, refreshes: 1 });
});

test('a request that never left is sent again', async () => {
  const seen = countingApi();
  prefetch('GET', here('/api/datasets/9'), Promise.reject(new TypeError('Failed to fetch')));
  expect((await client.get('/datasets/9')).data).toMatchObject({ id: '9' });
  expect(seen.refreshes).toBe(1);
});

test('a change makes what was asked for before it old', async () => {
  const seen = countingApi();
  await refreshSession();
  await prefetch('GET', here('/api/datasets/10'), Promise.resolve('fresh'));
  await client.patch('/datasets/10', { datasetName: 'new' });
  expect((await client.get('/datasets/10')).data).toMatchObject({ read: 2 });
  expect(seen.reads).toBe(2);
});
