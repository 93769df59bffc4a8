import { max } from 'd3-array';
import { scaleLinear, scaleSqrt } from 'd3-scale';
import { area, curveStepAfter } from 'd3-shape';
import type { SensitivityPoint } from '@/api/types';
import styles from './SensitivityDrawer.module.css';
import { atSensitivity } from './sensitivity-curve';

const WIDTH = 380;
const HEIGHT = 56;

/** How many events each sensitivity would tell of. Decoration: the figures stand below. */
export function SensitivityCurve({
  sensitivityCurve,
  sensitivity,
}: {
  sensitivityCurve: readonly SensitivityPoint[];
  sensitivity: number;
}) {
  const x = scaleLinear([0, 1], [0, WIDTH]);
  const y = scaleSqrt([0, Math.max(1, max(sensitivityCurve, ({ events }) => events) ?? 1)], [HEIGHT - 1, 6]);
  const surface = area<SensitivityPoint>()
    .x((point) => x(point.sensitivity))
    .y0(HEIGHT)
    .y1((point) => y(point.events))
    .curve(curveStepAfter)([...sensitivityCurve]);
  const current = atSensitivity(sensitivityCurve, sensitivity);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className={styles.curve}
      aria-hidden="true"
      preserveAspectRatio="none"
    >
      <path d={surface ?? ''} className={styles.surface} />
      <line x1={x(sensitivity)} x2={x(sensitivity)} y1={0} y2={HEIGHT} className={styles.cursor} />
      {current && <circle cx={x(sensitivity)} cy={y(current.events)} r={4} className={styles.dot} />}
    </svg>
  );
}
