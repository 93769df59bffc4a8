import styles from './Illustration.module.css';

const POINTS = Array.from({ length: 61 }, (_, index) => {
  const wave = Math.sin(index / 3.2) * 16 + Math.sin(index * 1.7) * 4 + Math.cos(index * 0.9) * 3;
  const event = index === 22 ? -64 : index === 47 ? 58 : 0;
  return { x: 10 + index * 9, y: 112 - wave + event, calm: 112 - Math.sin(index / 3.2) * 16 };
});

/** A series with its expected band and two anomalies. Decoration. */
export function Illustration() {
  const stroke = POINTS.map(({ x, y }) => `${x},${y}`).join(' ');
  const upper = POINTS.map(({ x, calm }) => `${x},${calm - 24}`);
  const lower = POINTS.map(({ x, calm }) => `${x},${calm + 24}`).reverse();
  const spike = POINTS[22];
  const dip = POINTS[47];
  return (
    <svg viewBox="0 0 560 210" className={styles.picture} aria-hidden="true">
      <polygon points={[...upper, ...lower].join(' ')} className={styles.band} />
      <polyline points={stroke} className={styles.line} />
      {spike && <path d={`M${spike.x} ${spike.y - 9}l9 9-9 9-9-9z`} className={styles.high} />}
      {dip && <path d={`M${dip.x} ${dip.y - 8}l9 16h-18z`} className={styles.medium} />}
    </svg>
  );
}
