import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import labels from '@/api/labels.json';

/** The API's address of a path. */
export const at = (path: string) => new URL(`/api${path}`, window.location.origin).href;

/** The API: limits, which forms ask for, labels, and what each test adds. */
export const server = setupServer(
  http.get(at('/datasets/limits'), () =>
    HttpResponse.json({
      directUpload: false,
      previewBytes: 4 * 1024 * 1024,
      maxNameCharacters: 200,
      maxReasonCharacters: 500,
    }),
  ),
  http.get(at('/labels'), () => HttpResponse.json(labels)),
);

/** A refusal as the API writes it (RFC 9457 with our code). */
export function problem(status: number, code: string, detail: string, more: Record<string, unknown> = {}) {
  return HttpResponse.json(
    { type: `urn:driftline:problem:${code}`, title: code, status, detail, code, ...more },
    { status, headers: { 'Content-Type': 'application/problem+json' } },
  );
}

export { HttpResponse, http };
