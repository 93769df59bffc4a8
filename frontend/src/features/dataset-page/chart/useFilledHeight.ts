import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** The height of an element that fills what room there is, at least `least` pixels; known before the first drawing. */
export function useFilledHeight(least: number): [RefObject<HTMLDivElement | null>, number] {
  const element = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(least);
  useLayoutEffect(() => {
    const div = element.current;
    if (!div) return;
    const measure = () => setHeight(Math.max(least, div.clientHeight));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(div);
    return () => observer.disconnect();
  }, [least]);
  return [element, height];
}
