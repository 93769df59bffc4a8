import { useDebouncedCallback } from '@mantine/hooks';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type Stretch, stretchOf, textOf } from './chart/series';
import type { ChangeView, View } from './view';

const SETTLE_MS = 250; // a drag ends before points are asked for and the URL is written

/** The zoomed stretch: at hand at once, in the URL when the hand rests. */
export function useStretch(
  view: View,
  changeView: ChangeView,
): [Stretch | null, (stretch: Stretch | null) => void] {
  const fromUrl = useMemo(() => stretchOf(view.from, view.to), [view.from, view.to]);
  const [stretch, setStretch] = useState(fromUrl);
  const written = useRef(fromUrl);
  const write = useDebouncedCallback((next: Stretch | null) => changeView(textOf(next)), SETTLE_MS);
  // Going back in the history changes the URL under us.
  useEffect(() => {
    if (fromUrl?.from === written.current?.from && fromUrl?.to === written.current?.to) return;
    written.current = fromUrl;
    setStretch(fromUrl);
  }, [fromUrl]);
  const change = useCallback(
    (next: Stretch | null) => {
      // What the URL will hold: whole seconds.
      const { from, to } = textOf(next);
      written.current = stretchOf(from, to);
      setStretch(written.current);
      write(written.current);
    },
    [write],
  );
  return [stretch, change];
}
