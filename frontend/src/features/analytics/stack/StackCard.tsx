import type { PlotEvent } from 'plotly.js-basic-dist-min';
import { useMemo } from 'react';
import type { Anomaly } from '@/api/types';
import { ChartCard } from '@/components/ChartCard';
import { counted, formatTime, wallTime } from '@/components/format';
import { valueTicks } from '../chart/axis';
import { ChartTools } from '../chart/ChartTools';
import { Legend } from '../chart/Legend';
import { Overview } from '../chart/Overview';
import { anomalyAt, padded, type Stretch } from '../chart/series';
import { useChart } from '../chart/useChart';
import { Plot } from '../Plot';
import type { View } from '../view';
import { metricLabel } from '../words';
import { figuresOf } from './figures';
import { type Found, type Panel, wholeOf } from './panels';
import { FOOT, HEAD, rangeOf, stackLayout, stackTraces } from './picture';
import { TiedCursor } from './TiedCursor';

interface StackCardProps {
  datasetId: string;
  view: View;
  panels: readonly Panel[];
  stretch: Stretch | null;
  selected: Found | null;
  loading: boolean;
  onStretch: (stretch: Stretch | null) => void;
  onSelect: (id: string | null) => void;
  onOpen: (metric: string) => void;
}

/** Several metrics one above the other: one time axis, one zoom, one cursor. */
export function StackCard(props: StackCardProps) {
  const { datasetId, view, panels, stretch, selected, onStretch, onSelect } = props;

  const whole = useMemo(() => wholeOf(panels), [panels]);
  const { inks, narrow, touch, shown, setShown, keepElement, relayout, save } = useChart(
    { band: true, rolling: false },
    whole,
    onStretch,
  );

  const panelHeight = narrow ? 104 : 132;
  const seen = useMemo(() => stretch ?? padded(whole), [stretch, whole]);
  const frames = useMemo(
    () =>
      panels.map((panel) => {
        const range = rangeOf(panel, stretch, shown.band);
        return { range, ticks: valueTicks(range, panel.words, 4) };
      }),
    [panels, stretch, shown.band],
  );
  const room = Math.max(...frames.map(({ ticks }) => ticks.room));
  const anomaly = selected?.anomaly ?? null;
  const { data, places } = useMemo(
    () => stackTraces(panels, anomaly, shown, inks),
    [panels, anomaly, shown, inks],
  );
  const picture = useMemo(
    () =>
      stackLayout({
        frames,
        panelHeight,
        room,
        stretch: seen,
        selected: anomaly,
        inks,
        narrow,
        touch,
        revision: panels.map(({ metric }) => metric.name).join('\n'),
      }),
    [frames, panelHeight, room, seen, anomaly, inks, narrow, touch, panels],
  );

  const click = ({ points }: PlotEvent) => {
    const point = points?.[0];
    const panel = panels[places[point?.curveNumber ?? -1] ?? -1];
    if (!panel || typeof point?.x !== 'string') return;
    onSelect(anomalyAt(panel.anomalies, wallTime(point.x.replace(' ', 'T')))?.id ?? null);
  };

  const first = panels[0];
  const timeZone = first?.analysis.settings.timeZone ?? 'UTC';
  const all = useMemo(() => panels.flatMap(({ anomalies }) => anomalies), [panels]);
  return (
    <ChartCard
      title="Metrics on one time axis"
      subtitle={`Point at one and read all; zoom one and all follow; times in ${timeZone}`}
      figures={() => figuresOf(panels, stretch, timeZone)}
      actions={
        <ChartTools
          stretch={stretch}
          whole={whole}
          loading={props.loading}
          onStretch={onStretch}
          onPicture={() => save('metrics')}
        />
      }
    >
      <Legend shown={shown} onChange={setShown} severities={countsOf(all)} hasShifts={false} />
      <TiedCursor
        datasetId={datasetId}
        view={view}
        panels={panels}
        frames={frames}
        panelHeight={panelHeight}
        room={room}
        seen={seen}
        selected={selected}
        onOpen={props.onOpen}
      >
        <Plot
          data={data}
          layout={picture}
          height={panels.length * (HEAD + panelHeight) + FOOT}
          label={described(panels)}
          onRelayout={relayout}
          onClick={click}
          onDoubleClick={() => onStretch(null)}
          onElement={keepElement}
        />
      </TiedCursor>
      {first && (
        <Overview
          series={first.analysis.series}
          anomalies={all}
          whole={whole}
          stretch={stretch}
          left={room}
          onChange={onStretch}
        />
      )}
    </ChartCard>
  );
}

function countsOf(anomalies: readonly Anomaly[]) {
  const counts = { high: 0, medium: 0, low: 0 };
  for (const { severity } of anomalies) counts[severity] += 1;
  return counts;
}

function described(panels: readonly Panel[]): string {
  const parts = panels.map(
    ({ metric, anomalies }) =>
      `${metricLabel(metric)} with ${counted(anomalies.length, 'anomaly', 'anomalies')}`,
  );
  const times = panels[0]?.series.time ?? [];
  const span = times[0] ? ` from ${formatTime(times[0])} to ${formatTime(times.at(-1) ?? times[0])}` : '';
  return `Line charts one above the other${span}: ${parts.join(', ')}.`;
}
