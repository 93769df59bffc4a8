import { useSyncExternalStore } from 'react';
import { client } from './client';
import { accessToken, onSessionChange } from './session';

/**
 * Datasets that were deleted a moment ago. Each is gone from the page at once; the server is told when the time to
 * undo is over, or when the page is left: what a user deleted must not come back because a tab was closed.
 */
let waiting: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

function setWaiting(next: Iterable<string>): void {
  waiting = new Set(next);
  for (const listener of listeners) listener();
}

export function useDeleted(): ReadonlySet<string> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => waiting,
  );
}

/** Take a dataset off the page; nothing has happened to it yet. False if that was done before. */
export function markDeleted(id: string): boolean {
  if (waiting.has(id)) return false;
  setWaiting([...waiting, id]);
  return true;
}

export function undoDeletion(id: string): void {
  setWaiting([...waiting].filter((other) => other !== id));
}

/** Delete it for good, then read the list again. Nothing happens if it was undone. Rejects when the server refuses. */
export async function commitDeletion(id: string, readAnew: () => Promise<unknown>): Promise<void> {
  if (!waiting.has(id)) return;
  try {
    await client.delete(`/datasets/${id}`);
    await readAnew();
  } finally {
    undoDeletion(id); // it is off the list by now, or it is back because it could not be deleted
  }
}

/** Before signing out: nothing waits any longer. */
export async function commitAllDeletions(): Promise<void> {
  await Promise.allSettled([...waiting].map((id) => client.delete(`/datasets/${id}`)));
}

// A request marked so outlives the page that sent it.
window.addEventListener('pagehide', () => {
  const token = accessToken();
  if (!token) return;
  for (const id of waiting) {
    void fetch(`/api/datasets/${id}`, {
      method: 'DELETE',
      keepalive: true,
      headers: { Authorization: `Bearer ${token}` },
    });
  }
});

onSessionChange(() => {
  if (!accessToken()) setWaiting([]);
});
