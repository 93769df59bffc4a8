import { useElementSize, useMergedRef } from '@mantine/hooks';
import { bisectCenter } from 'd3-array';
import { type PointerEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { counted, formatTime, wallText, wallTime } from '@/components/format';
import type { Stretch } from '../chart/series';
import type { View } from '../view';
import { metricLabel } from '../words';
import { type Found, type Panel, type Reading, timesOf } from './panels';
import { type Frame, HEAD, RIGHT } from './picture';
import styles from './TiedCursor.module.css';
import { useReadings } from './useReadings';

const CURSOR_TIMES = 5_000; // steps of the slider that a hand can still tell apart

interface TiedCursorProps {
  datasetId: string;
  view: View;
  panels: readonly Panel[];
  frames: readonly Frame[];
  panelHeight: number;
  room: number;
  /** The stretch that is drawn. */
  seen: Stretch;
  selected: Found | null;
  onOpen: (metric: string) => void;
  /** The picture of the panels; the cursor lies over it. */
  children: ReactNode;
}

/** One moment in all panels: pointed at with the mouse, touched, or moved along the slider below. */
export function TiedCursor(props: TiedCursorProps) {
  const { panels, frames, panelHeight, room, seen, selected } = props;
  const { ref: sizeRef, width } = useElementSize();
  const frame = useRef<HTMLDivElement>(null);
  const ref = useMergedRef(sizeRef, frame);
  const [hovered, setHovered] = useState<number | null>(null);
  const [pinned, setPinned] = useState<number | null>(null);
  const times = useMemo(() => sparse(timesOf(panels, seen)), [panels, seen]);
  // An anomaly selected anywhere brings the cursor to its peak.
  const peak = selected ? wallTime(selected.anomaly.date) : null;
  useEffect(() => setPinned(peak), [peak]);

  const at = hovered ?? pinned;
  const readings = useReadings(props.datasetId, props.view, panels, at);
  const inner = Math.max(0, width - room - RIGHT);
  const xOf = (time: number) => room + ((time - seen.from) / (seen.to - seen.from)) * inner;
  const nearest = (time: number) => times[bisectCenter(times, time)] ?? null;
  const timeUnder = (event: PointerEvent): number | null => {
    const left = event.clientX - (frame.current?.getBoundingClientRect().left ?? 0);
    if (left < room || left > room + inner || inner === 0) return null;
    const time = seen.from + ((left - room) / inner) * (seen.to - seen.from);
    return nearest(time);
  };

  const isSeen = at !== null && at >= seen.from && at <= seen.to;
  const text = at === null ? null : formatTime(textOf(panels, at));
  const spoken = panels
    .map(({ metric, words }, index) => `${metric.title} ${words.full(readings[index]?.value ?? null)}`)
    .join('; ');
  return (
    <>
      <div
        ref={ref}
        className={styles.panels}
        onPointerMove={(event) => event.pointerType === 'mouse' && setHovered(timeUnder(event))}
        onPointerLeave={() => setHovered(null)}
        onPointerUp={(event) => event.pointerType !== 'mouse' && setPinned(timeUnder(event))}
      >
        {props.children}
        {panels.map((panel, index) => (
          <PanelHead
            key={panel.metric.name}
            panel={panel}
            reading={at === null ? undefined : (readings[index] ?? null)}
            top={index * (HEAD + panelHeight)}
            left={room}
            onOpen={() => props.onOpen(panel.metric.name)}
          />
        ))}
        {isSeen && inner > 0 && (
          <svg className={styles.cursor} aria-hidden="true">
            <line
              x1={xOf(at)}
              x2={xOf(at)}
              y1={HEAD}
              y2={frames.length * (HEAD + panelHeight)}
              className={styles.line}
            />
            {frames.map(({ range }, index) => {
              const value = readings[index]?.value ?? null;
              if (value === null) return null;
              const share = (range[1] - value) / (range[1] - range[0]);
              return (
                <circle
                  key={panels[index]?.metric.name}
                  cx={xOf(at)}
                  cy={index * (HEAD + panelHeight) + HEAD + share * panelHeight}
                  r={4}
                  className={styles.dot}
                />
              );
            })}
          </svg>
        )}
      </div>
      <div className={styles.foot} style={{ paddingLeft: room, paddingRight: RIGHT }}>
        <input
          type="range"
          className={styles.slider}
          aria-label="Time to read all metrics at"
          aria-valuetext={text === null ? 'No time chosen' : `${text}: ${spoken}`}
          min={seen.from}
          max={seen.to}
          step="any"
          value={at ?? seen.to}
          onChange={(event) => setPinned(nearest(Number(event.currentTarget.value)))}
          onKeyDown={(event) => {
            const next = stepped(
              event.key,
              at === null ? times.length : bisectCenter(times, at),
              times.length,
            );
            if (next === null) return;
            event.preventDefault();
            setPinned(times[next] ?? null);
          }}
        />
        <p className={styles.when}>
          {text ?? 'Point at a panel, or move the slider, to read all metrics at one time'}
        </p>
      </div>
    </>
  );
}

/** Where a key leads from one of `count` times: the slider's thumb stands at the time, not at its number. */
export function stepped(key: string, from: number, count: number): number | null {
  const page = Math.max(2, Math.round(count / 10));
  const moves: Record<string, number> = {
    ArrowRight: from + 1,
    ArrowUp: from + 1,
    ArrowLeft: from - 1,
    ArrowDown: from - 1,
    PageUp: from + page,
    PageDown: from - page,
    Home: 0,
    End: count - 1,
  };
  const to = moves[key];
  return to === undefined || count === 0 ? null : Math.min(Math.max(to, 0), count - 1);
}

/** Evenly chosen where there are more times than the slider has steps. */
function sparse(times: number[]): number[] {
  const every = Math.ceil(times.length / CURSOR_TIMES);
  return every <= 1 ? times : times.filter((_, index) => index % every === 0);
}

/** The time as the dataset writes it: a date for days and longer. */
function textOf(panels: readonly Panel[], at: number): string {
  for (const { series, times } of panels) {
    const index = bisectCenter(times, at);
    if (times[index] === at) return series.time[index] ?? '';
  }
  return wallText(at);
}

interface PanelHeadProps {
  panel: Panel;
  /** undefined without a cursor, null where there is no reading. */
  reading: Reading | null | undefined;
  top: number;
  left: number;
  onOpen: () => void;
}

function PanelHead({ panel, reading, top, left, onOpen }: PanelHeadProps) {
  const { metric, words, anomalies } = panel;
  const label = metricLabel(metric);
  return (
    <div className={styles.head} style={{ top, height: HEAD, paddingLeft: left, paddingRight: RIGHT }}>
      <h3 className={styles.title}>
        <button type="button" onClick={onOpen} title={`Open ${label} on its own`}>
          {label}
        </button>
      </h3>
      <span className={styles.reading} data-testid={`reading of ${metric.name}`}>
        {reading === undefined ? (
          <span className={styles.muted}>{counted(anomalies.length, 'anomaly', 'anomalies')}</span>
        ) : (
          <>
            <strong>{words.full(reading?.value ?? null)}</strong>
            {reading && reading.lower !== null && (
              <span className={styles.range}> expected {words.range(reading.lower, reading.upper)}</span>
            )}
          </>
        )}
      </span>
    </div>
  );
}
