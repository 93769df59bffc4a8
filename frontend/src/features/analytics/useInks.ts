import { useComputedColorScheme } from '@mantine/core';
import { useMemo } from 'react';

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
] as const;
export type Inks = Record<(typeof NAMES)[number], string>;

/** The colours of tokens.css as values: Plotly cannot read CSS variables. */
export function useInks(): Inks {
  const scheme = useComputedColorScheme('light');
  return useMemo(() => inksOf(scheme), [scheme]);
}

function inksOf(_scheme: string): Inks {
  const style = window.getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Inks;
}
