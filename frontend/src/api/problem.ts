import { AxiosError } from 'axios';

/** RFC 9457 problem details with our stable code. */
export interface Problem {
  code: string;
  detail: string;
  status: number;
  [member: string]: unknown;
}

/** Codes that the page explains itself. Every other code brings its own sentence. */
const WORDS: Record<string, string> = {
  invalid_credentials: 'Wrong e-mail address or password.',
  email_taken: 'An account with this e-mail address already exists.',
  unauthenticated: 'Your session has ended. Sign in again.',
  invalid_token: 'Your session has ended. Sign in again.',
  token_expired: 'Your session has ended. Sign in again.',
  token_reused: 'Your session was ended for security reasons. Sign in again.',
  dataset_not_found: 'This dataset does not exist, or it belongs to another account.',
  report_not_found: 'This report does not exist any more.',
  stale_version: 'This dataset was changed in the meantime. Reload it and try again.',
};

const UNREACHABLE = 'Driftline cannot be reached. Check your connection and try again.';
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

/** What went wrong, in one or two sentences. */
export function problemText(error: unknown): string {
  if (error instanceof ProblemError) return numberFormatOf(error.problem);
  const problem = problemOf(error);
  if (problem) return numberFormatOf(problem);
  if (error instanceof AxiosError) return UNREACHABLE;
  return error instanceof Error && error.message ? error.message : UNEXPECTED;
}

function numberFormatOf(problem: Problem): string {
  const known = WORDS[problem.code];
  if (known) return known;
  if (problem.code === 'rate_limited') return rateLimitText(problem);
  if (problem.detail) return problem.detail;
  if (problem.code === 'upload_too_large') return 'This file is larger than the server accepts.';
  if (problem.status === 502 || problem.status === 503 || problem.status === 504) return UNREACHABLE;
  return UNEXPECTED;
}

function rateLimitText(problem: Problem): string {
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
