import { useElementSize, useMergedRef } from '@mantine/hooks';
import { scaleLinear } from 'd3-scale';
import { type ReactNode, useMemo, useRef } from 'react';
import styles from './ChartOverlay.module.css';
import { type Mark, nearestPlace, stepped } from './cursor';
import { Tooltip } from './Tooltip';
import { useChartPointer } from './useChartPointer';

export interface ChartMargins {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface ChartOverlayProps {
  /** The times of the points that can be read, in order. */
  times: readonly number[];
  /** Of each of those points; null where the value is missing. */
  values: readonly (number | null)[];
  marks: readonly { id: string; at: number; value: number }[];
  /** The time range and the value range that are drawn. */
  visible: { from: number; to: number };
  toShare: (value: number) => number;
  margins: ChartMargins;
  height: number;
  label: string;
  /** What the tooltip says of a point, as content and as text for screen readers. */
  tooltip: (place: number) => ReactNode;
  textOf: (place: number) => string;
  onZoom: (range: { from: number; to: number } | null) => void;
  onMark: (id: string) => void;
  onPoint: (place: number) => void;
  children: ReactNode;
}

/**
 * The crosshair, the tooltip and the drag that zooms, drawn over a chart by the page itself. Below it Plotly draws
 * only: its own tooltips, veils and hints do not match the page.
 */
export function ChartOverlay(props: ChartOverlayProps) {
  const { times, values, visible, toShare, margins, height, children } = props;
  const { ref: sizeRef, width } = useElementSize();
  const surface = useRef<HTMLDivElement>(null);
  const surfaceRef = useMergedRef(surface);
  const inner = Math.max(0, width - margins.left - margins.right);
  const tall = Math.max(0, height - margins.top - margins.bottom);
  const x = useMemo(() => scaleLinear([visible.from, visible.to], [0, inner]), [visible, inner]);
  const marks = useMemo(
    (): Mark[] =>
      props.marks
        .filter(({ at }) => at >= visible.from && at <= visible.to)
        .map(({ id, at, value }) => ({ id, x: x(at), y: toShare(value) * tall })),
    [props.marks, visible, x, toShare, tall],
  );
  const pointer = useChartPointer({
    surface,
    marks,
    placeAt: (px) => nearestPlace(times, x.invert(px)),
    timeAt: (px) => x.invert(Math.min(Math.max(px, 0), inner)),
    onZoom: props.onZoom,
    onMark: props.onMark,
    onPoint: props.onPoint,
  });
  const at = pointer.place === null ? null : (times[pointer.place] ?? null);
  const isSeen = at !== null && at >= visible.from && at <= visible.to && inner > 0;
  const value = pointer.place === null ? null : (values[pointer.place] ?? null);
  return (
    <div ref={sizeRef} className={styles.frame} style={{ height }}>
      {children}
      <svg className={styles.layer} aria-hidden="true">
        <g transform={`translate(${margins.left},${margins.top})`}>
          {pointer.drag && (
            <rect
              className={styles.selection}
              x={Math.min(...pointer.drag)}
              width={Math.abs(pointer.drag[1] - pointer.drag[0])}
              y={0}
              height={tall}
            />
          )}
          {isSeen && <line className={styles.line} x1={x(at)} x2={x(at)} y1={0} y2={tall} />}
          {isSeen && value !== null && (
            <circle className={styles.dot} cx={x(at)} cy={toShare(value) * tall} r={4.5} />
          )}
        </g>
      </svg>
      <div
        ref={surfaceRef}
        className={styles.surface}
        style={{ left: margins.left, top: margins.top, width: inner, height: tall }}
        role="slider"
        tabIndex={0}
        aria-label={props.label}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, times.length - 1)}
        aria-valuenow={pointer.place ?? Math.max(0, times.length - 1)}
        aria-valuetext={pointer.place === null ? 'No point chosen' : props.textOf(pointer.place)}
        {...pointer.handlers}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && pointer.place !== null) {
            props.onPoint(pointer.place);
            return;
          }
          const next = stepped(event.key, pointer.place ?? times.length, times.length);
          if (next === null) return;
          event.preventDefault();
          pointer.setPlace(next);
        }}
      />
      {isSeen && pointer.place !== null && !pointer.drag && (
        <Tooltip left={margins.left + x(at)} top={margins.top + 6} width={width}>
          {props.tooltip(pointer.place)}
        </Tooltip>
      )}
    </div>
  );
}
