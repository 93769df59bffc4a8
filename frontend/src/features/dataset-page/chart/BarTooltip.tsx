import { useElementSize } from '@mantine/hooks';
import { bisectRight } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { type ReactNode, useState } from 'react';
import type { ChartMargins } from './ChartOverlay';
import styles from './ChartOverlay.module.css';
import { Tooltip } from './Tooltip';

interface BarTooltipProps {
  /** Where the bars begin and the last one ends, along the whole axis. */
  edges: readonly number[];
  margins: ChartMargins;
  height: number;
  tooltip: (bar: number) => ReactNode;
  children: ReactNode;
}

/** A tooltip for the bar under the pointer. The table of the card says the same to keyboards and screen readers. */
export function BarTooltip({ edges, margins, height, tooltip, children }: BarTooltipProps) {
  const { ref, width } = useElementSize();
  const [bar, setBar] = useState<number | null>(null);
  const inner = Math.max(0, width - margins.left - margins.right);
  const x = scaleLinear([edges[0] ?? 0, edges.at(-1) ?? 1], [0, inner]);
  const middle = bar === null ? 0 : (x(edges[bar] ?? 0) + x(edges[bar + 1] ?? 0)) / 2;
  return (
    <div
      ref={ref}
      className={styles.frame}
      style={{ height }}
      onPointerLeave={() => setBar(null)}
      onPointerMove={(event) => {
        const left = event.clientX - event.currentTarget.getBoundingClientRect().left - margins.left;
        const at = bisectRight(edges, x.invert(left)) - 1;
        setBar(left >= 0 && left <= inner && at >= 0 && at < edges.length - 1 ? at : null);
      }}
    >
      {children}
      {bar !== null && (
        <Tooltip left={margins.left + middle} top={margins.top} width={width}>
          {tooltip(bar)}
        </Tooltip>
      )}
    </div>
  );
}
