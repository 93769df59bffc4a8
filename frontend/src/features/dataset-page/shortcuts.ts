import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { type TimeRange, zoomed } from './chart/series';

const STORED = 'driftline-shortcuts';
const listeners = new Set<() => void>();

export function shortcutsAreOn(): boolean {
  try {
    return window.localStorage.getItem(STORED) !== 'off';
  } catch {
    return true;
  }
}

/** Single-letter shortcuts can be turned off (WCAG 2.2, 2.1.4): speech input may trigger them. */
export function useShortcutsSetting(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, shortcutsAreOn);
  const set = (next: boolean) => {
    try {
      window.localStorage.setItem(STORED, next ? 'on' : 'off');
    } catch {
      // Storage is blocked: the shortcuts stay on.
    }
    for (const listener of listeners) listener();
  };
  return [on, set];
}

/** Menus and lists stay in the document while they are closed. */
function isSomethingOpen(): boolean {
  const layers = document.querySelectorAll('[role="dialog"], [role="menu"], [role="listbox"]');
  return [...layers].some((layer) => layer.checkVisibility?.() ?? true);
}

/**
 * Act on keys: not while the user types or a dialog is open, and on single characters only while they are turned on.
 * Pass a memoised value, or the listener is installed again with every render.
 */
export function useShortcuts(keys: Readonly<Record<string, () => void>>): void {
  // An Escape that closes a dialog has closed it before it arrives here: what was open is noted before that.
  const wasOpen = useRef(false);
  useEffect(() => {
    const note = () => {
      wasOpen.current = isSomethingOpen();
    };
    window.addEventListener('keydown', note, { capture: true });
    return () => window.removeEventListener('keydown', note, { capture: true });
  }, []);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as Element | null;
      const isTyping = target?.closest?.(
        'input:not([type="radio"], [type="range"], [type="checkbox"]), textarea, select, [contenteditable]',
      );
      if (isTyping || wasOpen.current || isSomethingOpen()) return;
      if (event.repeat && event.key.length === 1 && !/[jk]/.test(event.key)) return;
      if (event.key.length === 1 && !shortcutsAreOn()) return;
      const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
      if (!act) return;
      // Or a dialog's field that is focused at once would take the character.
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [keys]);
}

interface StepKeys {
  onStep: (by: 1 | -1) => void;
  onClear: () => void;
  /** Report a missed anomaly, with no time yet; absent where that is not possible. */
  onReport?: (date: string) => void;
}

/** J and K step through the anomalies, Escape clears, M reports one that was missed. */
export function useStepKeys({ onStep, onClear, onReport }: StepKeys): void {
  const keys = useMemo(
    () => ({
      j: () => onStep(1),
      k: () => onStep(-1),
      Escape: onClear,
      ...(onReport && { m: () => onReport('') }),
    }),
    [onStep, onClear, onReport],
  );
  useShortcuts(keys);
}

interface ChartKeys {
  zoom: TimeRange | null;
  whole: TimeRange;
  onZoom: (zoom: TimeRange | null) => void;
}

/** Plus and minus zoom in and out, 0 shows all. */
export function useChartKeys({ zoom, whole, onZoom }: ChartKeys): void {
  const keys = useMemo(() => {
    const zoomIn = () => onZoom(zoomed(zoom, whole, 0.5));
    return {
      '+': zoomIn,
      '=': zoomIn, // the same key without Shift
      '-': () => onZoom(zoomed(zoom, whole, 2)),
      '0': () => onZoom(null),
    };
  }, [zoom, whole, onZoom]);
  useShortcuts(keys);
}
