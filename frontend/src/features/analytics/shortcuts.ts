import { useEffect, useMemo, useSyncExternalStore } from 'react';

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
 * Do what belongs to a key. Not while somebody types or a dialog is open; single characters only where they are on.
 * Pass a value that stays the same between renders where nothing changes.
 */
export function useShortcuts(keys: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as Element | null;
      const isTyping = target?.closest?.(
        'input:not([type="radio"], [type="range"]), textarea, select, [contenteditable]',
      );
      if (isTyping || isSomethingOpen()) return;
      if (event.repeat && event.key.length === 1 && !/[jk]/.test(event.key)) return;
      if (event.key.length === 1 && !shortcutsAreOn()) return;
      const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
      if (!act) return;
      // Else a dialog's field that is focused at once would take the character.
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
  /** Report a missed anomaly; where there is no such thing, none. */
  onReport?: () => void;
}

/** J and K step through the anomalies, Escape clears, M reports one that was missed. */
export function useStepKeys({ onStep, onClear, onReport }: StepKeys): void {
  const keys = useMemo(
    () => ({
      j: () => onStep(1),
      k: () => onStep(-1),
      Escape: onClear,
      ...(onReport && { m: onReport }),
    }),
    [onStep, onClear, onReport],
  );
  useShortcuts(keys);
}
