import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';

/**
 * Answers asked for ahead: `app/early.ts` sends a page's first requests while the page's own code is still on its
 * way. The client takes each of them once, in place of a request of its own, and only in the page's first moments.
 */
const FRESH_MS = 15_000; // of the page's life; whoever asks later wants to know how things are then

const asked = new Map<string, Promise<Response>>();

function keyOf(method: string, url: string): string {
  const { pathname, searchParams } = new URL(url, window.location.origin);
  searchParams.sort();
  return `${method.toUpperCase()} ${pathname}?${searchParams}`;
}

/** Send a request now, or as soon as there is a token. That it fails means no more than that it is sent again. */
export function askAhead(method: 'GET' | 'POST', url: string, token?: Promise<string>): Promise<Response> {
  const how = { method, priority: 'high' } as const; // before the many files of code
  const answer = token
    ? token.then((known) => fetch(url, { ...how, headers: { Authorization: `Bearer ${known}` } }))
    : fetch(url, how);
  answer.catch(() => undefined);
  asked.set(keyOf(method, url), answer);
  return answer;
}

async function takeAhead(method: string, url: string): Promise<Response | null> {
  const key = keyOf(method, url);
  const answer = asked.get(key);
  asked.delete(key);
  if (!answer || performance.now() > FRESH_MS) return null;
  const response = await answer.catch(() => null);
  return response?.ok ? response : null;
}

/** The way to the network, past what was asked for ahead. `addressOf` writes a request's whole address. */
export function aheadOf(
  network: AxiosAdapter,
  addressOf: (config: InternalAxiosRequestConfig) => string,
): AxiosAdapter {
  return async (config): Promise<AxiosResponse> => {
    if (asked.size === 0) return network(config);
    const { method = 'get' } = config;
    const address = addressOf(config);
    const response = await takeAhead(method, address);
    // What changes things makes every answer from before it old. A renewed session changes nothing that is read.
    if (method !== 'get' && !address.endsWith('/auth/refresh')) asked.clear();
    if (!response) return network(config);
    return {
      data: await response.text(),
      status: response.status,
      statusText: response.statusText,
      headers: Object.fromEntries(response.headers),
      config,
    };
  };
}
