// On paper: the light colours, whole lists, and charts as wide as the sheet.
import { useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';

const SCHEME = 'data-mantine-color-scheme';
const DRAWINGS = '.plot .main-svg, svg[data-scaled-in-print]';

const listeners = new Set<() => void>();
let isPrinting = false;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the page is being printed: then it shows what its buttons would show. */
export function usePrinting(): boolean {
  return useSyncExternalStore(subscribe, () => isPrinting);
}

function setPrinting(next: boolean): void {
  isPrinting = next;
  // The browser takes the page as it stands when the handler of its event ends.
  flushSync(() => {
    for (const listener of listeners) listener();
  });
}

/** Drawings have the size of the screen in pixels; with a view box CSS can give them that of the sheet. */
function scaleDrawings(): void {
  for (const drawing of document.querySelectorAll<SVGSVGElement>(DRAWINGS)) {
    const { width, height } = drawing.getBoundingClientRect();
    drawing.setAttribute('viewBox', `0 0 ${width} ${height}`);
    drawing.closest<HTMLElement>('.plot')?.style.setProperty('--plot-ratio', `${width} / ${height}`);
  }
}

/** Prepare the page before it is printed, and put it back afterwards. Returns what ends that. */
export function followPrinting(): () => void {
  const root = document.documentElement;
  let scheme: string | null = null;
  const before = () => {
    scheme = root.getAttribute(SCHEME);
    root.setAttribute(SCHEME, 'light');
    setPrinting(true);
    scaleDrawings();
  };
  const after = () => {
    if (scheme !== null) root.setAttribute(SCHEME, scheme);
    for (const drawing of document.querySelectorAll(DRAWINGS)) drawing.removeAttribute('viewBox');
    setPrinting(false);
  };
  window.addEventListener('beforeprint', before);
  window.addEventListener('afterprint', after);
  return () => {
    window.removeEventListener('beforeprint', before);
    window.removeEventListener('afterprint', after);
  };
}
