import type { Severity } from '@/api/types';

export const SEVERITIES: readonly Severity[] = ['high', 'medium', 'low'];
export const SEVERITY_RANK: Record<Severity, number> = { high: 3, medium: 2, low: 1 };

interface SeverityMarkProps {
  severity: Severity;
  size?: number;
  /** Only its outline: closed by a verdict, as in the chart. */
  hollow?: boolean;
}

/** A diamond, a triangle or a circle: the shape says what the colour says. */
export function SeverityMark({ severity, size = 12, hollow = false }: SeverityMarkProps) {
  const ink = hollow
    ? { fill: 'none', stroke: 'currentColor', strokeWidth: 1.6 }
    : { fill: 'currentColor', stroke: 'none' };
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 12 12"
      aria-hidden="true"
      style={{ flex: 'none', color: `var(--${severity})` }}
    >
      {severity === 'high' && (
        <path d={hollow ? 'M6 1.1 10.9 6 6 10.9 1.1 6z' : 'M6 0 12 6 6 12 0 6z'} {...ink} />
      )}
      {severity === 'medium' && <path d={hollow ? 'M6 2.4 10.7 10.2H1.3z' : 'M6 1 12 11H0z'} {...ink} />}
      {severity === 'low' && <circle cx="6" cy="6" r={hollow ? 4.2 : 4.6} {...ink} />}
    </svg>
  );
}
