import { useEffect, useSyncExternalStore } from 'react';

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

interface StepKeys {
  onStep: (by: 1 | -1) => void;
  onClear: () => void;
}

/** J and K step through the anomalies, Escape clears. Not while somebody types or a dialog is open. */
export function useStepKeys({ onStep, onClear }: StepKeys): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as Element | null;
      const isTyping = target?.closest?.(
        'input:not([type="radio"], [type="range"]), textarea, select, [contenteditable]',
      );
      if (isTyping || isSomethingOpen()) return;
      if (event.key === 'Escape') onClear();
      else if (!shortcutsAreOn()) return;
      else if (event.key === 'j') onStep(1);
      else if (event.key === 'k') onStep(-1);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [onStep, onClear]);
}
