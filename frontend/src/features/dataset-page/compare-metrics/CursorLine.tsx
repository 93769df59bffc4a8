import overlay from '../chart/ChartOverlay.module.css';
import { HEAD } from './panel-layout';
import type { Reading } from './panels';
import type { TiedCursorProps } from './TiedCursor';
import styles from './TiedCursor.module.css';

interface CursorLineProps
  extends Pick<TiedCursorProps, 'panels' | 'frames' | 'panelHeight' | 'room' | 'visible'> {
  x: (time: number) => number;
  at: number | null;
  readings: readonly (Reading | null)[];
  /** The range that is being dragged, in pixels. */
  drag: [number, number] | null;
}

/** The cursor through all panels, a dot on each line, and the range that is being dragged. */
export function CursorLine(props: CursorLineProps) {
  const { panels, frames, panelHeight, room, visible, x, at, readings, drag } = props;
  const bottom = frames.length * (HEAD + panelHeight);
  const isSeen = at !== null && at >= visible.from && at <= visible.to;
  return (
    <svg className={styles.cursor} aria-hidden="true">
      <g transform={`translate(${room},0)`}>
        {drag && (
          <rect
            className={overlay.selection}
            x={Math.min(...drag)}
            width={Math.abs(drag[1] - drag[0])}
            y={HEAD}
            height={bottom - HEAD}
          />
        )}
        {isSeen && <line x1={x(at)} x2={x(at)} y1={HEAD} y2={bottom} className={styles.line} />}
        {isSeen &&
          frames.map(({ range }, index) => {
            const value = readings[index]?.value ?? null;
            if (value === null) return null;
            const share = (range[1] - value) / (range[1] - range[0]);
            return (
              <circle
                key={panels[index]?.metric.name}
                cx={x(at)}
                cy={index * (HEAD + panelHeight) + HEAD + share * panelHeight}
                r={4}
                className={styles.dot}
              />
            );
          })}
      </g>
    </svg>
  );
}
