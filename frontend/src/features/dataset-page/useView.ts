import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useSearchParams } from 'react-router';
import { type ChangeView, readView, type View, writeView } from './view';

/** The view of this page's URL. Looking around replaces the history entry; another question adds one. */
export function useView(): [View, ChangeView] {
  const [search, setSearch] = useSearchParams();
  const view = useMemo(() => readView(search), [search]);
  // Two changes may come before the first is rendered: the second must not bring back what the first has changed.
  const latest = useRef(search);
  useEffect(() => {
    latest.current = search;
  }, [search]);
  const change = useCallback<ChangeView>(
    (part, how) => {
      latest.current = writeView({ ...readView(latest.current), ...part });
      setSearch(latest.current, { replace: !how?.push, preventScrollReset: true });
    },
    [setSearch],
  );
  return [view, change];
}
