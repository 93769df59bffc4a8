import { useDebouncedCallback } from '@mantine/hooks';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ChangeView, View } from '../view';
import { type TimeRange, textOf, timeRangeOf } from './series';

const SETTLE_MS = 250; // a drag ends before points are asked for and the URL is written

/** The zoomed stretch: at hand at once, in the URL when the hand rests. */
export function useZoom(
  view: View,
  changeView: ChangeView,
): [TimeRange | null, (zoom: TimeRange | null) => void] {
  const fromUrl = useMemo(() => timeRangeOf(view.from, view.to), [view.from, view.to]);
  const [zoom, setZoom] = useState(fromUrl);
  const written = useRef(fromUrl);
  const write = useDebouncedCallback((next: TimeRange | null) => changeView(textOf(next)), SETTLE_MS);
  // Going back in the history changes the URL under us.
  useEffect(() => {
    if (fromUrl?.from === written.current?.from && fromUrl?.to === written.current?.to) return;
    written.current = fromUrl;
    setZoom(fromUrl);
  }, [fromUrl]);
  const change = useCallback(
    (next: TimeRange | null) => {
      // What the URL will hold: whole seconds.
      const { from, to } = textOf(next);
      written.current = timeRangeOf(from, to);
      setZoom(written.current);
      write(written.current);
    },
    [write],
  );
  return [zoom, change];
}
