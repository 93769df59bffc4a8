import { useElementSize } from '@mantine/hooks';
import { extent } from 'd3-array';
import { type BrushBehavior, brushX, type D3BrushEvent } from 'd3-brush';
import { scaleLinear, scaleUtc } from 'd3-scale';
import { select } from 'd3-selection';
import { area, line } from 'd3-shape';
import { useLayoutEffect, useMemo, useRef } from 'react';
import type { Anomaly, SeriesView } from '@/api/types';
import { wallTime } from '@/components/format';
import { SEVERITY_RANK } from '@/components/SeverityMark';
import { isClosed } from '../labels';
import type { Missed } from '../verdicts/missed';
import styles from './Overview.module.css';
import { type TimeRange, within } from './series';

const HEIGHT = 52;
const AXIS = 20;
const TICKS = 14; // the strip of anomaly ticks above the line
const RIGHT = 14;
const HALF_TICK = 26; // half of the longest numbers of a tick, in pixels
const DAY_CHARACTERS = 10; // of 2024-01-03
const LEAST_PX = 4; // a shorter drag is a click beside the window

interface OverviewProps {
  series: SeriesView;
  anomalies: readonly Anomaly[];
  /** Missed anomalies that the user reported. */
  missed?: readonly Missed[];
  whole: TimeRange;
  zoom: TimeRange | null;
  left: number;
  onChange: (zoom: TimeRange | null) => void;
}

/** The whole series in a strip; the window on it is the time range that the chart above shows. */
export function Overview({ series, anomalies, missed = [], whole, zoom, left, onChange }: OverviewProps) {
  const { ref, width } = useElementSize();
  const inner = Math.max(0, width - left - RIGHT);
  const x = useMemo(() => scaleUtc([whole.from, whole.to], [0, inner]), [whole, inner]);
  const isDaily = (series.time[0] ?? '').length <= DAY_CHARACTERS;
  const paths = useMemo(() => pathsOf(series, x), [series, x]);
  const marks = anomalies.toSorted(
    (one, other) => SEVERITY_RANK[one.severity] - SEVERITY_RANK[other.severity],
  );
  return (
    // The chart menu offers the same moves to the keyboard.
    <div ref={ref} className={styles.strip} aria-hidden="true" data-testid="overview">
      {inner > 0 && (
        <svg width={width} height={HEIGHT + AXIS} aria-hidden="true" data-scaled-in-print>
          <g transform={`translate(${left},0)`}>
            <rect y={TICKS} width={inner} height={HEIGHT - TICKS} className={styles.ground} rx="4" />
            <path d={paths.surface} className={styles.surface} />
            <path d={paths.stroke} className={styles.line} />
            {ticksOf(x, inner, isDaily).map((tick) => (
              <text key={tick.getTime()} x={x(tick)} y={HEIGHT + 14} className={styles.tick}>
                {x.tickFormat(6, tickFormatOf(whole, isDaily))(tick)}
              </text>
            ))}
            <Brush x={x} width={inner} whole={whole} zoom={zoom} onChange={onChange} />
            {/* In a row of their own above the window, whose handles would hide those at its edges. */}
            <g pointerEvents="none">
              {marks.map((anomaly) => (
                <line
                  key={anomaly.id}
                  x1={x(wallTime(anomaly.date))}
                  x2={x(wallTime(anomaly.date))}
                  y1={1}
                  y2={TICKS - 2}
                  stroke={`var(--${anomaly.severity})`}
                  // Thinner where a verdict has closed it.
                  strokeWidth={isClosed(anomaly.verdict) ? 1 : 2}
                />
              ))}
              {missed.map(({ date }) => (
                <line
                  key={date}
                  data-testid="tick of a report"
                  x1={x(wallTime(date))}
                  x2={x(wallTime(date))}
                  y1={1}
                  y2={TICKS - 2}
                  stroke="var(--ink)"
                  strokeWidth={2}
                  strokeDasharray="3 2"
                />
              ))}
            </g>
          </g>
        </svg>
      )}
    </div>
  );
}

/** Those whose words fit between the edges. */
function ticksOf(
  x: { (time: Date): number; ticks: (count: number) => Date[] },
  inner: number,
  isDaily: boolean,
): Date[] {
  return x
    .ticks(Math.max(2, Math.floor(inner / 120)))
    .filter((tick) => !isDaily || tick.getUTCHours() === 0)
    .filter((tick) => x(tick) > HALF_TICK && x(tick) < inner - HALF_TICK / 2);
}

function tickFormatOf({ from, to }: TimeRange, isDaily: boolean): string {
  const days = (to - from) / 86_400_000;
  if (days <= 2 && !isDaily) return '%H:%M';
  return days <= 150 ? '%-d %b' : '%b %Y';
}

function pathsOf(series: SeriesView, x: (time: number) => number): { stroke: string; surface: string } {
  const [low = 0, high = 1] = extent(series.value.filter((value): value is number => value !== null));
  const y = scaleLinear(low === high ? [low - 1, high + 1] : [low, high], [HEIGHT - 3, TICKS + 4]);
  const points = series.time.map((time, index): [number, number | null] => {
    const value = series.value[index] ?? null;
    return [x(wallTime(time)), value === null ? null : y(value)];
  });
  const isThere = ([, top]: [number, number | null]) => top !== null;
  const heightOf = ([, top]: [number, number | null]) => top ?? HEIGHT;
  return {
    stroke: line<[number, number | null]>().defined(isThere).y(heightOf)(points) ?? '',
    surface: area<[number, number | null]>().defined(isThere).y0(HEIGHT).y1(heightOf)(points) ?? '',
  };
}

interface BrushProps {
  x: { (time: number): number; invert: (px: number) => Date };
  width: number;
  whole: TimeRange;
  zoom: TimeRange | null;
  onChange: (zoom: TimeRange | null) => void;
}

function Brush({ x, width, whole, zoom, onChange }: BrushProps) {
  const group = useRef<SVGGElement>(null);
  const behaviour = useRef<BrushBehavior<unknown> | null>(null);
  const change = useRef(onChange);
  change.current = onChange;

  useLayoutEffect(() => {
    const element = group.current;
    if (!element) return;
    const brush = brushX()
      .extent([
        [0, TICKS],
        [width, HEIGHT],
      ])
      .handleSize(8)
      .on('end', ({ sourceEvent, selection }: D3BrushEvent<unknown>) => {
        // Without a source event the chart above has moved the window and knows.
        if (!sourceEvent) return;
        const [left, right] = (selection ?? [0, 0]) as [number, number];
        if (right - left < LEAST_PX) change.current(null);
        else change.current(within({ from: x.invert(left).getTime(), to: x.invert(right).getTime() }, whole));
      });
    behaviour.current = brush;
    select<SVGGElement, unknown>(element).call(brush);
    return () => {
      select(element).on('.brush', null).selectAll('*').remove();
    };
  }, [width, whole, x]);

  useLayoutEffect(() => {
    const element = group.current;
    const brush = behaviour.current;
    if (!element || !brush) return;
    const { from, to } = zoom ?? whole;
    select<SVGGElement, unknown>(element).call(brush.move, [
      Math.max(0, x(from)),
      Math.min(width, Math.max(x(to), x(from) + 2)),
    ]);
  }, [zoom, whole, width, x]);

  return <g ref={group} className={styles.brush} />;
}
