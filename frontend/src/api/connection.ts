import { useSyncExternalStore } from 'react';

/** Whether the server answers. Once a request has failed to reach it, it is asked until it answers again. */
const PROBE = '/api/health/live';
const PROBE_MS = 3_000;
const GATEWAY_ERRORS: ReadonlySet<number> = new Set([502, 503, 504]); // a proxy whose server is away

let isLost = false;
let timer: ReturnType<typeof setTimeout> | null = null;
const listeners = new Set<() => void>();

function set(lost: boolean): void {
  if (lost === isLost) return;
  isLost = lost;
  for (const listener of listeners) listener();
}

export function subscribeToConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function isConnectionLost(): boolean {
  return isLost;
}

export function useIsConnectionLost(): boolean {
  return useSyncExternalStore(subscribeToConnection, isConnectionLost);
}

/** A request has reached the server, whatever it answered. */
export function reportReached(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  set(false);
}

/** A request has not reached the server, or only a proxy in front of it. */
export function reportLost(): void {
  set(true);
  timer ??= setTimeout(probe, PROBE_MS);
}

export function isGatewayError(status: number): boolean {
  return GATEWAY_ERRORS.has(status);
}

async function probe(): Promise<void> {
  const answer = await fetch(PROBE, { cache: 'no-store' }).catch(() => null);
  if (answer && !isGatewayError(answer.status)) {
    reportReached();
    return;
  }
  timer = setTimeout(probe, PROBE_MS);
}
