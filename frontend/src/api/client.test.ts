import { expect, test } from 'vitest';
import { at, HttpResponse, http, problem, server } from '@/testing/server';
import { client, refreshSession } from './client';
import { accessToken, beginSession, isSignedIn, sessionHint } from './session';

const FRESH = { accessToken: 'fresh', tokenType: 'Bearer', expiresIn: 900 } as const;
const STALE = { accessToken: 'stale', tokenType: 'Bearer', expiresIn: 900 } as const;

/** An API that takes the fresh token only, and counts how often it is asked for one. */
function strictApi(): { refreshes: number; reads: number } {
  const seen = { refreshes: 0, reads: 0 };
  server.use(
    http.post(at('/auth/refresh'), () => {
      seen.refreshes += 1;
      return HttpResponse.json(FRESH);
    }),
    http.get(at('/datasets'), ({ request }) => {
      seen.reads += 1;
      if (request.headers.get('Authorization') !== 'Bearer fresh')
        return problem(401, 'token_expired', 'Expired.');
      return HttpResponse.json({ items: [] });
    }),
  );
  return seen;
}

test('five calls refused at once renew the session once and all succeed', async () => {
  const seen = strictApi();
  beginSession(STALE);
  const answers = await Promise.all(Array.from({ length: 5 }, () => client.get('/datasets')));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect(seen.refreshes).toBe(1);
  expect(accessToken()).toBe('fresh');
});

test('a call refused after another one has renewed the session is sent again without a second renewal', async () => {
  const seen = { refreshes: 0 };
  let letSlowAnswer: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => {
    letSlowAnswer = resolve;
  });
  server.use(
    http.post(at('/auth/refresh'), () => {
      seen.refreshes += 1;
      return HttpResponse.json(FRESH);
    }),
    http.get(at('/:path'), async ({ request, params }) => {
      if (request.headers.get('Authorization') === 'Bearer fresh') return HttpResponse.json({});
      if (params.path === 'slow') await slow;
      return problem(401, 'token_expired', 'Expired.');
    }),
  );
  beginSession(STALE);
  const late = client.get('/slow');
  await client.get('/quick');
  letSlowAnswer();
  await late;
  expect(seen.refreshes).toBe(1);
});

test('a token about to end is renewed before it is used', async () => {
  const seen = strictApi();
  beginSession({ ...STALE, expiresIn: 5 });
  await client.get('/datasets');
  expect(seen).toEqual({ refreshes: 1, reads: 1 });
});

test('a refused renewal ends the session and hands the first refusal on', async () => {
  server.use(
    http.post(at('/auth/refresh'), () => problem(401, 'token_reused', 'Used before.')),
    http.get(at('/datasets'), () => problem(401, 'token_expired', 'Expired.')),
  );
  beginSession(STALE);
  await expect(client.get('/datasets')).rejects.toMatchObject({
    response: { data: { code: 'token_expired' } },
  });
  expect(isSignedIn()).toBe(false);
  expect(sessionHint()).toBe('no');
});

test('a server that fails while renewing does not sign anybody out', async () => {
  server.use(http.post(at('/auth/refresh'), () => problem(503, 'unavailable', 'Not now.')));
  beginSession(STALE);
  await expect(refreshSession()).rejects.toThrow();
  expect(isSignedIn()).toBe(true);
});

test('a wrong password is not answered by a renewal', async () => {
  server.use(http.post(at('/auth/login'), () => problem(401, 'invalid_credentials', 'Wrong.')));
  await expect(client.post('/auth/login', {})).rejects.toMatchObject({ response: { status: 401 } });
});

test('the access token is kept in memory and in no storage', () => {
  beginSession(FRESH);
  expect(JSON.stringify({ ...window.localStorage, ...window.sessionStorage })).not.toContain('fresh');
  expect(document.cookie).toBe('');
});
