import { useMediaQuery } from '@mantine/hooks';
import type { PlotEvent } from 'plotly.js-basic-dist-min';
import { useCallback, useRef, useState } from 'react';
import { savePicture } from '../Plot';
import { useInks } from '../useInks';
import { type Stretch, within } from './series';
import { type Shown, stretchOfRelayout } from './traces';

// The page is drawn in the browser only: the first drawing may know the screen already.
const AT_ONCE = { getInitialValueInEffect: false };

/** What a chart over time needs to know of the screen, keeps for itself, and does when it is dragged or saved. */
export function useChart(atFirst: Shown, whole: Stretch, onStretch: (stretch: Stretch | null) => void) {
  const inks = useInks();
  const narrow = useMediaQuery('(max-width: 48em)', false, AT_ONCE);
  const touch = useMediaQuery('(pointer: coarse)', false, AT_ONCE);
  const [shown, setShown] = useState(atFirst);
  const element = useRef<HTMLElement | null>(null);
  const keepElement = useCallback((div: HTMLElement) => {
    element.current = div;
  }, []);
  const relayout = (event: PlotEvent) => {
    const next = stretchOfRelayout(event);
    if (next !== undefined) onStretch(next && within(next, whole));
  };
  const save = (name: string) => {
    if (element.current) void savePicture(element.current, name);
  };
  return { inks, narrow, touch, shown, setShown, keepElement, relayout, save };
}
