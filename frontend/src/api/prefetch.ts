import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';

/**
 * Answers asked for ahead: `app/early.ts` sends a page's first requests while the page's own code is still on its
 * way. The client takes each of them once, in place of a request of its own, if it wants it soon.
 */
const FRESH_MS = 15_000; // a later request wants the state at that time

/** An answer, read to its end at once: a body left unread would keep its connection from others. */
interface Answer extends Pick<Response, 'ok' | 'status' | 'statusText' | 'headers'> {
  body: string;
}

const asked = new Map<string, { answer: Promise<Answer>; since: number }>();

function keyOf(method: string, url: string): string {
  const { pathname, searchParams } = new URL(url, window.location.origin);
  searchParams.sort();
  return `${method.toUpperCase()} ${pathname}?${searchParams}`;
}

/** Send a request now, or as soon as there is a token. That it fails means no more than that it is sent again. */
export function prefetch(method: 'GET' | 'POST', url: string, token?: Promise<string>): Promise<Answer> {
  const answer = send(method, url, token);
  answer.catch(() => undefined);
  asked.set(keyOf(method, url), { answer, since: performance.now() });
  return answer;
}

async function send(method: string, url: string, token?: Promise<string>): Promise<Answer> {
  const headers = token ? { Authorization: `Bearer ${await token}` } : null;
  const answer = await fetch(url, {
    method,
    priority: 'high', // before the many files of code
    ...(headers && { headers }),
  });
  const { ok, status, statusText } = answer;
  return { ok, status, statusText, headers: answer.headers, body: await answer.text() };
}

async function takePrefetched(method: string, url: string): Promise<Answer | null> {
  const key = keyOf(method, url);
  const asking = asked.get(key);
  asked.delete(key);
  if (!asking || performance.now() - asking.since > FRESH_MS) return null;
  const answer = await asking.answer.catch(() => null);
  return answer?.ok ? answer : null;
}

/** The way to the network, past what was asked for ahead. `addressOf` writes a request's whole address. */
export function withPrefetched(
  network: AxiosAdapter,
  addressOf: (config: InternalAxiosRequestConfig) => string,
): AxiosAdapter {
  return async (config): Promise<AxiosResponse> => {
    if (asked.size === 0) return network(config);
    const { method = 'get' } = config;
    const address = addressOf(config);
    const answer = await takePrefetched(method, address);
    // What changes things makes every answer from before it old. A renewed session changes nothing that is read.
    if (method !== 'get' && !address.endsWith('/auth/refresh')) asked.clear();
    if (!answer) return network(config);
    const { body, status, statusText, headers } = answer;
    return { data: body, status, statusText, headers: Object.fromEntries(headers), config };
  };
}
