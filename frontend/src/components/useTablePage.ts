import { useEffect, useState } from 'react';
import { usePrinting } from './printing';
import { PER_PAGE } from './TablePages';

/** The page of a table that is shown; in print all rows. What is selected elsewhere turns to its own page; other rows begin at the first. */
export function useTablePage<T>(
  rows: readonly T[],
  selected: T | null,
): [number, (page: number) => void, T[]] {
  const [page, setPage] = useState(1);
  useEffect(() => {
    const place = selected === null ? -1 : rows.indexOf(selected);
    setPage(place === -1 ? 1 : Math.floor(place / PER_PAGE) + 1);
  }, [selected, rows]);
  const shown = usePrinting() ? rows : rows.slice((page - 1) * PER_PAGE, page * PER_PAGE);
  return [page, setPage, [...shown]];
}
