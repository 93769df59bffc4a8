import { useElementSize } from '@mantine/hooks';
import { bisectCenter } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { formatTime, wallText, wallTime } from '@/components/format';
import overlay from '../chart/ChartOverlay.module.css';
import { nearestPlace, stepped } from '../chart/cursor';
import type { TimeRange } from '../chart/series';
import { useChartPointer } from '../chart/useChartPointer';
import type { View } from '../view';
import { CursorLine } from './CursorLine';
import { PanelHead } from './PanelHead';
import { type Frame, HEAD, RIGHT } from './panel-layout';
import { type Panel, type PanelAnomaly, timesOf } from './panels';
import styles from './TiedCursor.module.css';
import { useReadings } from './useReadings';

const CURSOR_TIMES = 5_000; // steps of the slider that a hand can still tell apart

export interface TiedCursorProps {
  datasetId: string;
  view: View;
  panels: readonly Panel[];
  frames: readonly Frame[];
  panelHeight: number;
  room: number;
  /** The time range that is drawn. */
  visible: TimeRange;
  selected: PanelAnomaly | null;
  onZoom: (range: TimeRange | null) => void;
  onSelect: (id: string | null) => void;
  onOpen: (metric: string) => void;
  /** The picture of the panels; the cursor lies over it. */
  children: ReactNode;
}

/** One time in all panels: pointed at, touched, or moved along the slider below. A drag zooms all of them. */
export function TiedCursor(props: TiedCursorProps) {
  const { panels, panelHeight, room } = props;
  const { ref, width } = useElementSize();
  const inner = Math.max(0, width - room - RIGHT);
  const tall = panels.length * (HEAD + panelHeight);
  const cursor = useTiedCursor(props, inner);
  const { at, readings, pointer } = cursor;
  return (
    <>
      <div ref={ref} className={styles.panels}>
        {props.children}
        <div
          ref={cursor.surface}
          className={overlay.surface}
          style={{ left: room, top: 0, width: inner, height: tall }}
          data-testid="panels"
          {...pointer.handlers}
        />
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
        {inner > 0 && <CursorLine {...props} x={cursor.x} at={at} readings={readings} drag={pointer.drag} />}
      </div>
      <TimeSlider {...props} cursor={cursor} />
    </>
  );
}

/** Where the cursor is, and what each panel says there. */
function useTiedCursor(props: TiedCursorProps, inner: number) {
  const { panels, panelHeight, frames, visible, selected } = props;
  const surface = useRef<HTMLDivElement>(null);
  const times = useMemo(() => sparse(timesOf(panels, visible)), [panels, visible]);
  const x = useMemo(() => scaleLinear([visible.from, visible.to], [0, inner]), [visible, inner]);
  const marks = useMemo(
    () =>
      panels.flatMap(({ anomalies }, index) =>
        anomalies.map(({ id, date, value }) => {
          const [low, high] = frames[index]?.range ?? [0, 1];
          const share = (high - value) / (high - low);
          return { id, x: x(wallTime(date)), y: index * (HEAD + panelHeight) + HEAD + share * panelHeight };
        }),
      ),
    [panels, frames, panelHeight, x],
  );
  const pointer = useChartPointer({
    surface,
    marks,
    placeAt: (px) => nearestPlace(times, x.invert(px)),
    timeAt: (px) => x.invert(Math.min(Math.max(px, 0), inner)),
    onZoom: props.onZoom,
    onMark: props.onSelect,
    onPoint: () => props.onSelect(null),
  });
  // An anomaly that is selected anywhere brings the cursor to its peak.
  const peak = selected ? wallTime(selected.anomaly.date) : null;
  const { setPlace } = pointer;
  useEffect(() => setPlace(peak === null ? null : nearestPlace(times, peak)), [peak, times, setPlace]);
  const at = pointer.place === null ? null : (times[pointer.place] ?? null);
  const readings = useReadings(props.datasetId, props.view, panels, at);
  return { surface, times, x, pointer, at, readings, setPlace };
}

interface TimeSliderProps extends TiedCursorProps {
  cursor: ReturnType<typeof useTiedCursor>;
}

function TimeSlider({ panels, room, visible, cursor }: TimeSliderProps) {
  const { times, at, readings, setPlace } = cursor;
  const text = at === null ? null : formatTime(textOf(panels, at));
  const values = panels
    .map(({ metric, numbers }, index) => `${metric.title} ${numbers.full(readings[index]?.value ?? null)}`)
    .join('; ');
  return (
    <div className={styles.foot} style={{ paddingLeft: room, paddingRight: RIGHT }}>
      <input
        type="range"
        className={styles.slider}
        aria-label="Time to read all metrics at"
        aria-valuetext={text === null ? 'No time chosen' : `${text}: ${values}`}
        min={visible.from}
        max={visible.to}
        step="any"
        value={at ?? visible.to}
        onChange={(event) => setPlace(nearestPlace(times, Number(event.currentTarget.value)))}
        onKeyDown={(event) => {
          const from = at === null ? times.length : bisectCenter(times, at);
          const next = stepped(event.key, from, times.length);
          if (next === null) return;
          event.preventDefault();
          setPlace(next);
        }}
      />
      <p className={styles.when}>
        {text ?? 'Point at a panel, or move the slider, to read all metrics at one time'}
      </p>
    </div>
  );
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
