import { useComputedColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import { usePrinting } from '@/components/printing';

const NAMES = [
  'ink',
  'ink-muted',
  'line',
  'surface',
  'accent',
  'band',
  'rolling',
  'high',
  'medium',
  'low',
  'highlight',
  'weekend',
] as const;
export type ThemeColours = Record<(typeof NAMES)[number], string>;

/** The colours of tokens.css as values: Plotly cannot read CSS variables. */
export function useThemeColours(): ThemeColours {
  const scheme = useComputedColorScheme('light');
  const shown = usePrinting() ? 'light' : scheme;
  return useMemo(() => coloursOf(shown), [shown]);
}

function coloursOf(_scheme: string): ThemeColours {
  const style = window.getComputedStyle(document.documentElement);
  return Object.fromEntries(
    NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  ) as ThemeColours;
}
