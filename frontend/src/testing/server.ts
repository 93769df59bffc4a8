import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';

/** The API as far as a test says; each test adds the answers that it is about. */
export const server = setupServer();

/** A refusal as the API writes it (RFC 9457 with our code). */
export function problem(status: number, code: string, detail: string, more: Record<string, unknown> = {}) {
  return HttpResponse.json(
    { type: `urn:driftline:problem:${code}`, title: code, status, detail, code, ...more },
    { status, headers: { 'Content-Type': 'application/problem+json' } },
  );
}

export const at = (path: string) => new URL(`/api${path}`, window.location.origin).href;

export { HttpResponse, http };
