import { useEffect, useSyncExternalStore } from 'react';

export interface Crumb {
  label: string;
  to: string;
}

interface Page {
  title: string;
  trail: Crumb[];
}

let page: Page = { title: '', trail: [] };
const listeners = new Set<() => void>();

/** Name the page: in the browser's title and at the end of the breadcrumbs; `trail` is what lies above it. */
export function usePageTitle(title: string, ...trail: Crumb[]): void {
  const key = JSON.stringify(trail);
  useEffect(() => {
    page = { title, trail: JSON.parse(key) as Crumb[] };
    document.title = title ? `${title} - Driftline` : 'Driftline';
    for (const listener of listeners) listener();
  }, [title, key]);
}

export function useCurrentPage(): Page {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => page,
  );
}
