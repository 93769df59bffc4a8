import type { Session } from './types';

/**
 * The session of this tab. The access token lives in memory only; the refresh token is an HttpOnly cookie that
 * scripts never see. Storage keeps one word: whether somebody is signed in here, so that strangers cost no request.
 */
const HINT = 'driftline-signed-in';
const EARLY_MS = 30_000; // a token this close to its end is renewed before it is used

interface Held {
  token: string;
  endsAt: number;
}

let held: Held | null = null;
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

export function accessToken(): string | null {
  return held?.token ?? null;
}

export function isSignedIn(): boolean {
  return held !== null;
}

export function isAboutToEnd(now: number = Date.now()): boolean {
  return held !== null && now > held.endsAt - EARLY_MS;
}

export function beginSession(session: Session, now: number = Date.now()): void {
  const wasSignedIn = held !== null;
  held = { token: session.accessToken, endsAt: now + session.expiresIn * 1000 };
  remember(true);
  if (!wasSignedIn) tell();
}

export function endSession(): void {
  const wasSignedIn = held !== null;
  held = null;
  remember(false);
  if (wasSignedIn) tell();
}

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether somebody signed in here and did not sign out: 'unknown' where nothing was noted. */
export function sessionHint(): 'yes' | 'no' | 'unknown' {
  try {
    const noted = window.localStorage.getItem(HINT);
    return noted === 'yes' || noted === 'no' ? noted : 'unknown';
  } catch {
    return 'unknown';
  }
}

function remember(signedIn: boolean): void {
  try {
    window.localStorage.setItem(HINT, signedIn ? 'yes' : 'no');
  } catch {
    // Storage is blocked: the cookie alone decides at the next load.
  }
}

/** Refresh in one tab after the other: a refresh token used twice ends the whole session. */
export function oneTabAtATime<T>(work: () => Promise<T>): Promise<T> {
  // Web Locks exist on HTTPS and localhost only.
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks;
  return locks ? locks.request('driftline-refresh', work) : work();
}
