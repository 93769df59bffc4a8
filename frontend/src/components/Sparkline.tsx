import { extent } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { useId } from 'react';

interface SparklineProps {
  values: readonly (number | null)[];
  width?: number;
  height?: number;
  filled?: boolean;
  className?: string | undefined;
}

/** The shape of a series in a word's space. Decoration: figures and words stand beside it. */
export function Sparkline({ values, width = 120, height = 32, filled = false, className }: SparklineProps) {
  const id = useId();
  const [low, high] = extent(values.filter((value): value is number => value !== null));
  if (low === undefined || high === undefined || values.length < 2) return null;
  const x = scaleLinear([0, values.length - 1], [1, width - 1]);
  const y = scaleLinear(low === high ? [low - 1, high + 1] : [low, high], [height - 3, 3]);
  const points = values.map((value, index): [number, number | null] => [
    x(index),
    value === null ? null : y(value),
  ]);
  const stroke = line<[number, number | null]>()
    .defined(([, top]) => top !== null)
    .y(([, top]) => top ?? 0)(points);
  const surface = area<[number, number | null]>()
    .defined(([, top]) => top !== null)
    .y0(height)
    .y1(([, top]) => top ?? height)(points);
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      preserveAspectRatio="none"
      aria-hidden="true"
      className={className}
    >
      {filled && (
        <>
          <linearGradient id={id} x1="0" y1="0" x2="0" y2="1">
            <stop offset="0" stopColor="var(--accent)" stopOpacity="0.22" />
            <stop offset="1" stopColor="var(--accent)" stopOpacity="0.05" />
          </linearGradient>
          <path d={surface ?? ''} fill={`url(#${id})`} />
        </>
      )}
      <path
        d={stroke ?? ''}
        fill="none"
        stroke="var(--accent)"
        strokeWidth="1.5"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
