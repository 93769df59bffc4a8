import { AxiosError } from 'axios';

/** RFC 9457 problem details with our stable code. */
export interface Problem {
  code: string;
  detail: string;
  status: number;
  [member: string]: unknown;
}

/** What to say where the server's own words would not help the reader. Every other code brings its own sentence. */
const WORDS: Record<string, string> = {
  invalid_credentials: 'The e-mail address or the password is wrong.',
  email_taken: 'An account with this e-mail address exists. Sign in instead.',
  unauthenticated: 'Your session has ended. Sign in again.',
  invalid_token: 'Your session has ended. Sign in again.',
  token_expired: 'Your session has ended. Sign in again.',
  token_reused: 'Your session was ended for safety. Sign in again.',
  dataset_not_found: 'This dataset does not exist, or it belongs to somebody else.',
  report_not_found: 'This report does not exist any more.',
  stale_version: 'Somebody changed this dataset in the meantime. Look again, then retry.',
};

const UNREACHABLE = 'Driftline does not answer. Check your connection and try again.';
const UNEXPECTED = 'Something went wrong on our side. Try again in a moment.';

export function problemOf(error: unknown): Problem | null {
  if (!(error instanceof AxiosError) || !error.response) return null;
  return toProblem(error.response.data, error.response.status);
}

export function toProblem(body: unknown, status: number): Problem {
  if (typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string') {
    const detail = 'detail' in body && typeof body.detail === 'string' ? body.detail : '';
    return { ...body, code: body.code, detail, status };
  }
  return { code: status === 413 ? 'upload_too_large' : `http_${status}`, detail: '', status };
}

/** One or two sentences for the reader, whatever went wrong. */
export function problemText(error: unknown): string {
  if (error instanceof ProblemError) return wordsOf(error.problem);
  const problem = problemOf(error);
  if (problem) return wordsOf(problem);
  if (error instanceof AxiosError) return UNREACHABLE;
  return error instanceof Error && error.message ? error.message : UNEXPECTED;
}

function wordsOf(problem: Problem): string {
  const known = WORDS[problem.code];
  if (known) return known;
  if (problem.code === 'rate_limited') return rateLimitWords(problem);
  if (problem.detail) return problem.detail;
  if (problem.code === 'upload_too_large') return 'This file is larger than the server accepts.';
  if (problem.status === 502 || problem.status === 503 || problem.status === 504) return UNREACHABLE;
  return UNEXPECTED;
}

function rateLimitWords(problem: Problem): string {
  const seconds = Number(problem.retryAfterSeconds);
  if (!Number.isFinite(seconds) || seconds <= 0) return 'Too many attempts. Wait a moment, then try again.';
  const wait = seconds < 90 ? `${Math.ceil(seconds)} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return `Too many attempts. Try again in ${wait}.`;
}

/** A problem that came by another way than axios (the event stream). */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}
