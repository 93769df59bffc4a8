import type { Severity } from '@/api/types';

export const SEVERITIES: readonly Severity[] = ['high', 'medium', 'low'];
export const SEVERITY_WORDS: Record<Severity, string> = { high: 'High', medium: 'Medium', low: 'Low' };
export const SEVERITY_RANK: Record<Severity, number> = { high: 3, medium: 2, low: 1 };

/** A diamond, a triangle or a circle: the shape says what the colour says. */
export function SeverityMark({ severity, size = 12 }: { severity: Severity; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 12 12"
      aria-hidden="true"
      style={{ flex: 'none', color: `var(--${severity})` }}
    >
      {severity === 'high' && <path d="M6 0 12 6 6 12 0 6z" fill="currentColor" />}
      {severity === 'medium' && <path d="M6 1 12 11H0z" fill="currentColor" />}
      {severity === 'low' && <circle cx="6" cy="6" r="4.6" fill="currentColor" />}
    </svg>
  );
}
