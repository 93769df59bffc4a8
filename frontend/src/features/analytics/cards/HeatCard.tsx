import { useElementSize } from '@mantine/hooks';
import { useMemo } from 'react';
import type { Analysis } from '@/api/types';
import { ChartCard } from '@/components/ChartCard';
import { counted, formatCount } from '@/components/format';
import { SEVERITIES, SEVERITY_WORDS } from '@/components/SeverityMark';
import type { Stretch } from '../chart/series';
import styles from './HeatCard.module.css';
import { type Cell, type Heat, heatOf } from './heat';

// In pixels.
const LEFT = 46;
const TOP = 20;
const MAX_HEIGHT = 216;
const MAX_CELL = 28;
const SUBTITLES: Record<Heat['kind'], string> = {
  hours: 'Strongest anomaly of each hour; pick one to zoom',
  days: 'Strongest anomaly of each day; pick one to zoom',
  months: 'Strongest anomaly of each month; pick one to zoom',
};

interface HeatCardProps {
  analysis: Analysis;
  whole: Stretch;
  onPick: (cell: Cell) => void;
}

export function HeatCard({ analysis, whole, onPick }: HeatCardProps) {
  const heat = useMemo(
    () => heatOf(analysis.anomalies, whole, analysis.settings.granularity),
    [analysis.anomalies, analysis.settings.granularity, whole],
  );
  return (
    <ChartCard
      title="Anomaly calendar"
      subtitle={SUBTITLES[heat.kind]}
      figures={() => ({
        columns: ['When', 'Anomalies', 'Strongest'],
        rows: heat.cells
          .filter(({ count }) => count > 0)
          .map(({ label, count, strongest }) => [
            label,
            formatCount(count),
            strongest ? SEVERITY_WORDS[strongest] : '',
          ]),
      })}
    >
      <HeatGrid heat={heat} onPick={onPick} />
      <ul className={styles.legend} aria-label="Colours">
        <li>
          <span className={styles.swatch} data-severity="none" /> None
        </li>
        {SEVERITIES.toReversed().map((severity) => (
          <li key={severity}>
            <span className={styles.swatch} data-severity={severity} /> {SEVERITY_WORDS[severity]}
          </li>
        ))}
      </ul>
    </ChartCard>
  );
}

function HeatGrid({ heat, onPick }: { heat: Heat; onPick: (cell: Cell) => void }) {
  const { ref, width } = useElementSize();
  const room = Math.max(0, width - LEFT);
  const cellHeight = Math.min(room / heat.columns, (MAX_HEIGHT - TOP) / heat.rows, MAX_CELL);
  // Days are squares, as in a calendar; hours and months stretch to the card's width.
  const cellWidth = Math.min(room / heat.columns, heat.kind === 'days' ? cellHeight * 1.5 : room);
  const height = TOP + cellHeight * heat.rows + 2;
  return (
    <div ref={ref} className={styles.frame}>
      {room > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: a group of an SVG has no other element.
        <svg width={width} height={height} role="group" aria-label="Anomalies by date">
          {heat.columnLabels.map(({ at, text }) => (
            <text key={at} x={LEFT + at * cellWidth} y={12} className={styles.label}>
              {text}
            </text>
          ))}
          {heat.rowLabels.map(({ at, text }) => (
            <text
              key={at}
              x={0}
              y={TOP + (at + 0.5) * cellHeight}
              className={styles.label}
              dominantBaseline="central"
            >
              {text}
            </text>
          ))}
          {heat.cells.map((cell) => (
            <HeatCell
              key={cell.from}
              cell={cell}
              x={LEFT + cell.column * cellWidth}
              y={TOP + cell.row * cellHeight}
              width={cellWidth}
              height={cellHeight}
              onPick={onPick}
            />
          ))}
        </svg>
      )}
    </div>
  );
}

interface HeatCellProps {
  cell: Cell;
  x: number;
  y: number;
  width: number;
  height: number;
  onPick: (cell: Cell) => void;
}

function HeatCell({ cell, x, y, width, height, onPick }: HeatCellProps) {
  const gap = Math.min(2.4, width * 0.16);
  const place = {
    x,
    y,
    width: width - gap,
    height: height - Math.min(gap, height * 0.16),
    rx: Math.min(4, width * 0.2),
  };
  if (!cell.strongest) {
    return (
      <rect {...place} className={styles.cell} data-severity="none">
        <title>{cell.label}: no anomaly</title>
      </rect>
    );
  }
  const label = `${cell.label}: ${counted(cell.count, 'anomaly', 'anomalies')}, strongest ${cell.strongest}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: HTML buttons cannot stand in an SVG.
    <rect
      {...place}
      className={styles.cell}
      data-severity={cell.strongest}
      role="button"
      tabIndex={0}
      aria-label={label}
      onClick={() => onPick(cell)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        onPick(cell);
      }}
    >
      <title>{label}</title>
    </rect>
  );
}
