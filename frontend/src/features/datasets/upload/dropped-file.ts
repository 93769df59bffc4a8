import { useSyncExternalStore } from 'react';

/** A file that was dropped on another page, until the upload takes it. */
let dropped: File | null = null;
const listeners = new Set<() => void>();

export function offerFile(file: File | null): void {
  dropped = file;
  for (const listener of listeners) listener();
}

export function useDroppedFile(): File | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => dropped,
  );
}
