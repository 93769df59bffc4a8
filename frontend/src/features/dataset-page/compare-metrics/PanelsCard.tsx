import { useMemo, useState } from 'react';
import { Card } from '@/components/Card';
import { FiguresTable } from '@/components/FiguresTable';
import { counted, formatTime } from '@/components/format';
import { valueTicks } from '../chart/axis';
import { ChartMenu } from '../chart/ChartMenu';
import { saveChart } from '../chart/export-image';
import { Legend } from '../chart/Legend';
import { Overview } from '../chart/Overview';
import { Plot } from '../chart/Plot';
import { countsOf } from '../chart/SeriesCard';
import { padded, type TimeRange, within } from '../chart/series';
import type { Preview, Shown } from '../chart/traces';
import { useIsNarrow } from '../chart/useSeriesFigure';
import { useThemeColours } from '../chart/useThemeColours';
import { SeriesControls, type SeriesControlsProps } from '../header/SeriesControls';
import { metricLabel } from '../labels';
import type { View } from '../view';
import { figuresOf } from './figures';
import { FOOT, HEAD, panelLayout, panelTraces, rangeOf } from './panel-layout';
import { type Panel, type PanelAnomaly, wholeOf } from './panels';
import { TiedCursor } from './TiedCursor';

export interface PanelsCardProps {
  datasetId: string;
  view: View;
  panels: readonly Panel[];
  zoom: TimeRange | null;
  selected: PanelAnomaly | null;
  previews: ReadonlyMap<string, Preview>;
  loading: boolean;
  controls: SeriesControlsProps;
  onZoom: (zoom: TimeRange | null) => void;
  onSelect: (id: string | null) => void;
  onOpen: (metric: string) => void;
}

const TITLE = 'Metrics on one time axis';

/** Several metrics one above the other: one time axis, one zoom, one cursor. */
export function PanelsCard(props: PanelsCardProps) {
  const { panels, zoom, onZoom } = props;
  const [shown, setShown] = useState<Shown>({ band: true, rolling: false, axis: 'fitted' });
  const [asTable, setAsTable] = useState(false);
  const figure = usePanelsFigure(props, shown);
  const { whole } = figure;
  const [first] = panels;
  const timeZone = first?.analysis.settings.timeZone ?? 'UTC';
  const all = useMemo(() => panels.flatMap(({ anomalies }) => anomalies), [panels]);
  const subtitle = `Point at a panel to read all of them; zooming applies to all. Times in ${timeZone}`;
  return (
    <Card
      title={TITLE}
      subtitle={subtitle}
      actions={
        <>
          <SeriesControls {...props.controls} />
          <ChartMenu
            zoom={zoom}
            whole={whole}
            onZoom={onZoom}
            loading={props.loading}
            asTable={asTable}
            onTable={setAsTable}
            onPicture={(format) =>
              first &&
              void saveChart(
                { figure, title: TITLE, subtitle, analysis: { ...first.analysis, metric: 'metrics' } },
                format,
              )
            }
          />
        </>
      }
    >
      {asTable ? (
        <FiguresTable label={TITLE} {...figuresOf(panels, zoom, timeZone)} />
      ) : (
        <>
          <Legend shown={shown} onChange={setShown} severities={countsOf(all)} hasShifts={false} />
          <TiedCursor {...props} {...figure} onZoom={(range) => onZoom(range && within(range, whole))}>
            <Plot
              data={figure.data}
              layout={figure.layout}
              height={figure.height}
              label={described(panels)}
            />
          </TiedCursor>
          {first && (
            <Overview
              series={first.analysis.series}
              anomalies={all}
              whole={whole}
              zoom={zoom}
              left={figure.room}
              onChange={onZoom}
            />
          )}
        </>
      )}
    </Card>
  );
}

/** What is drawn, and where each panel stands. */
function usePanelsFigure({ panels, zoom, selected, previews }: PanelsCardProps, shown: Shown) {
  const colours = useThemeColours();
  const narrow = useIsNarrow();
  const panelHeight = narrow ? 104 : 132;
  const whole = useMemo(() => wholeOf(panels), [panels]);
  const visible = useMemo(() => zoom ?? padded(whole), [zoom, whole]);
  const frames = useMemo(
    () =>
      panels.map((panel) => {
        const range = rangeOf(panel, zoom, shown.band);
        return { range, ticks: valueTicks(range, panel.numbers, 4) };
      }),
    [panels, zoom, shown.band],
  );
  const room = Math.max(...frames.map(({ ticks }) => ticks.room));
  const anomaly = selected?.anomaly ?? null;
  const data = useMemo(
    () => panelTraces(panels, anomaly, shown, visible, previews, colours),
    [panels, anomaly, shown, visible, previews, colours],
  );
  const layout = useMemo(
    () => panelLayout({ frames, panelHeight, room, visible, selected: anomaly, colours, narrow }),
    [frames, panelHeight, room, visible, anomaly, colours, narrow],
  );
  const height = panels.length * (HEAD + panelHeight) + FOOT;
  return { data, layout, colours, frames, panelHeight, room, visible, whole, height };
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
