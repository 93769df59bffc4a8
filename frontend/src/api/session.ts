import type { AccessToken } from './types';

/**
 * The session of this tab. The access token lives in memory only; the refresh token is an HttpOnly cookie that
 * scripts never see. Local storage keeps a hint whether the browser is signed in, so that a guest causes no request.
 */
const HINT = 'driftline-signed-in';
const EARLY_MS = 30_000; // a token this close to its end is renewed before it is used

interface TabSession {
  token: string;
  endsAt: number;
}

let current: TabSession | null = null;
const listeners = new Set<() => void>();

function notifyListeners(): void {
  for (const listener of listeners) listener();
}

export function accessToken(): string | null {
  return current?.token ?? null;
}

export function isSignedIn(): boolean {
  return current !== null;
}

export function isAboutToEnd(now: number = Date.now()): boolean {
  return current !== null && now > current.endsAt - EARLY_MS;
}

export function beginSession(session: AccessToken, now: number = Date.now()): void {
  const wasSignedIn = current !== null;
  current = { token: session.accessToken, endsAt: now + session.expiresIn * 1000 };
  storeHint(true);
  if (!wasSignedIn) notifyListeners();
}

export function endSession(): void {
  const wasSignedIn = current !== null;
  current = null;
  storeHint(false);
  if (!wasSignedIn) return;
  notifyListeners();
  otherTabs?.postMessage(ENDED);
}

const ENDED = 'ended';

/** The tabs of a browser share one session: signing out in one of them ends it in all. */
const otherTabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('driftline-session');
otherTabs?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (data !== ENDED || current === null) return;
  current = null;
  notifyListeners();
});

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether this browser is signed in: 'unknown' where nothing is stored. */
export function sessionHint(): 'yes' | 'no' | 'unknown' {
  try {
    const stored = window.localStorage.getItem(HINT);
    return stored === 'yes' || stored === 'no' ? stored : 'unknown';
  } catch {
    return 'unknown';
  }
}

function storeHint(signedIn: boolean): void {
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
