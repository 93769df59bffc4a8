import type { ReactNode } from 'react';
import styles from './ChartOverlay.module.css';

const BESIDE_PX = 14;

interface TooltipProps {
  /** Where it points to, in pixels of the chart. */
  left: number;
  top: number;
  /** Of the chart: beyond its middle the tooltip stands to the left. */
  width: number;
  children: ReactNode;
}

/** A tooltip of a chart, in the style of the page. What it says is read to screen readers from elsewhere. */
export function Tooltip({ left, top, width, children }: TooltipProps) {
  const place = left > width / 2 ? { right: width - left + BESIDE_PX, top } : { left: left + BESIDE_PX, top };
  return (
    <div className={styles.tooltip} style={place} aria-hidden="true" data-testid="tooltip">
      {children}
    </div>
  );
}
