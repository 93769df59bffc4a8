import { useMediaQuery } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import type { Analysis, Anomaly, Granularity, SeriesView } from '@/api/types';
import { type NumberFormat, wallTime } from '@/components/format';
import type { Missed } from '../verdicts/missed';
import { ENVELOPE } from './envelope';
import { chartLayout, marginsOf, marksWeekends } from './layout';
import { padded, type TimeRange, valueRange } from './series';
import { type Preview, type Shown, traces } from './traces';
import { useThemeColours } from './useThemeColours';
import { valueScale } from './value-scale';

// The page is drawn in the browser only: the first drawing may know the screen already.
const AT_ONCE = { getInitialValueInEffect: false };
const SHORT = new Set(['native', 'minute', 'hour', 'day']);
const WEEK_SECONDS = 604_800;
const DAY_CHARACTERS = 10; // of 2024-01-03

export interface FigureParts {
  analysis: Analysis;
  /** The whole series, with the dense points of the zoomed range in it. */
  series: SeriesView;
  whole: TimeRange;
  zoom: TimeRange | null;
  anomalies: readonly Anomaly[];
  selected: Anomaly | null;
  highlight: { start: string; end: string } | null;
  missed: readonly Missed[];
  preview: Preview | null;
  numbers: NumberFormat;
}

export function useIsNarrow(): boolean {
  return useMediaQuery('(max-width: 48em)', false, AT_ONCE);
}

/** The series' figure as Plotly draws it, with the scales that what lies over it needs. */
export function useSeriesFigure(parts: FigureParts) {
  const { analysis, series, whole, zoom, anomalies, selected, highlight, missed, preview, numbers } = parts;
  const colours = useThemeColours();
  const narrow = useIsNarrow();
  const [shown, setShown] = useState<Shown>({ band: true, rolling: false, axis: 'fitted' });
  const visible = useMemo(() => zoom ?? padded(whole), [zoom, whole]);
  const range = useMemo(
    () => valueRange(series, analysis.anomalies, zoom, shown.band, shown.axis),
    [series, analysis.anomalies, zoom, shown.band, shown.axis],
  );
  const scale = useMemo(() => valueScale(range, shown.axis, numbers), [range, shown.axis, numbers]);
  const data = useMemo(
    () => traces({ series, visible, anomalies, selected, missed, preview, shown, colours }),
    [series, visible, anomalies, selected, missed, preview, shown, colours],
  );
  const { levelShifts } = analysis.profile;
  const hasWeekdays = hasWeeklyPattern(analysis) && marksWeekends(visible);
  const layout = useMemo(
    () =>
      chartLayout({
        visible,
        scale,
        colours,
        selected,
        highlight,
        shifts: levelShifts.map(({ date }) => date),
        hasWeekdays,
        narrow,
        granularity: tickUnit(series),
      }),
    [visible, scale, colours, selected, highlight, levelShifts, hasWeekdays, narrow, series],
  );
  const times = useMemo(() => series.time.map(wallTime), [series.time]);
  return {
    data,
    layout,
    colours,
    scale,
    margins: marginsOf(scale),
    visible,
    times,
    shown,
    setShown,
    narrow,
    canBeLogarithmic: range[0] > 0 || shown.axis === 'log',
    hasWeekdays,
    isDense: data.some(({ name }) => name === ENVELOPE),
    height: narrow ? 280 : 380,
  };
}

/** What a tick of the time axis stands for at least: a day where points are recorded by the day. */
export function tickUnit({ granularity, time }: SeriesView): Granularity {
  return granularity === 'native' && time.every((text) => text.length <= DAY_CHARACTERS)
    ? 'day'
    : granularity;
}

function hasWeeklyPattern({ profile, series }: Analysis): boolean {
  const { periods, cadenceSeconds } = profile;
  return (
    SHORT.has(series.granularity) &&
    cadenceSeconds !== null &&
    periods.some((points) => Math.abs(points * cadenceSeconds - WEEK_SECONDS) < 0.04 * WEEK_SECONDS)
  );
}
