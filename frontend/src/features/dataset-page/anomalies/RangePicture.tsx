import { scaleLinear } from 'd3-scale';
import type { Anomaly } from '@/api/types';
import type { NumberFormat } from '@/components/format';
import styles from './RangePicture.module.css';

const WIDTH = 320;
const HEIGHT = 44;
const EDGE = 10;

/** The expected range as a bar, the expected value as a tick, the actual value as a mark outside it. */
export function RangePicture({ anomaly, numbers }: { anomaly: Anomaly; numbers: NumberFormat }) {
  const { value, expected, lower, upper, severity } = anomaly;
  const x = scaleLinear([Math.min(value, lower), Math.max(value, upper)], [EDGE, WIDTH - EDGE]);
  const edge = value > upper ? upper : lower;
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className={styles.picture}
      role="img"
      aria-label={`${numbers.full(value)}, expected ${numbers.range(lower, upper)}`}
    >
      <line x1={EDGE} x2={WIDTH - EDGE} y1={22} y2={22} className={styles.axis} />
      <rect
        x={x(lower)}
        y={13}
        width={Math.max(2, x(upper) - x(lower))}
        height={18}
        rx={4}
        className={styles.range}
      />
      <line x1={x(expected)} x2={x(expected)} y1={13} y2={31} className={styles.expected} />
      <line x1={x(edge)} x2={x(value)} y1={22} y2={22} stroke={`var(--${severity})`} strokeWidth={2.5} />
      <circle cx={x(value)} cy={22} r={6.5} fill={`var(--${severity})`} className={styles.value} />
    </svg>
  );
}
