import type { Certainty } from '@/api/types';

const LEVELS: Record<Certainty, number> = { sure: 3, likely: 2, possible: 1 };
const HEIGHTS = [4, 7, 10];

/** One to three bars, as many as it is certain. Grey, for severity has the colours. */
export function CertaintyMark({ certainty, size = 12 }: { certainty: Certainty; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 12 12" aria-hidden="true" style={{ flex: 'none' }}>
      {HEIGHTS.map((height, place) => (
        <rect
          key={height}
          x={place * 4 + 0.5}
          y={11 - height}
          width={3}
          height={height}
          rx={1}
          fill={place < LEVELS[certainty] ? 'var(--ink-muted)' : 'var(--line-strong)'}
        />
      ))}
    </svg>
  );
}
