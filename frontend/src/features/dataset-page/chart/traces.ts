import type { Anomaly, SeriesView, Severity } from '@/api/types';
import { withoutOffset } from '@/components/format';
import { SEVERITIES } from '@/components/SeverityMark';
import { isClosed } from '../labels';
import { heightAt, type Missed } from '../verdicts/missed';
import { band, isNumber, runsOf } from './band';
import { envelope, isTooDense } from './envelope';
import type { Trace } from './figure';
import type { TimeRange } from './series';
import type { ThemeColours } from './useThemeColours';
import type { AxisKind } from './value-scale';

/** Shape and colour both tell the severity. */
export const SYMBOLS: Record<Severity, string> = { high: 'diamond', medium: 'triangle-up', low: 'circle' };
const SIZES: Record<Severity, number> = { high: 13, medium: 12, low: 9 };
const FEW_POINTS = 80; // up to here every value has its own dot
const FADED = 0.3; // of the marks that other settings would take away

export interface Shown {
  band: boolean;
  rolling: boolean;
  axis: AxisKind;
}

/** What other settings would change: anomalies that come, and the ids of those that go. */
export interface Preview {
  added: readonly Anomaly[];
  goneIds: ReadonlySet<string>;
}

export interface ChartParts {
  series: SeriesView;
  /** The time range that is drawn: it decides whether the values are told apart or drawn as an envelope. */
  visible: TimeRange;
  /** Marked whether their points are drawn or were left out by downsampling. */
  anomalies: readonly Anomaly[];
  selected: Anomaly | null;
  missed?: readonly Missed[];
  preview?: Preview | null;
  shown: Pick<Shown, 'band' | 'rolling'>;
  colours: ThemeColours;
}

/** The line with its expected range and rolling average, and the anomalies on top. */
export function traces(parts: ChartParts): Trace[] {
  const { series, shown, colours, preview } = parts;
  const x = series.time.map(withoutOffset);
  const drawn: Trace[] = [];
  if (shown.band) drawn.push(...band(series, colours));
  if (isTooDense(series, parts.visible)) drawn.push(...envelope(series, parts.visible, colours));
  else drawn.push(...values(parts, x));
  if (shown.rolling) drawn.push(rolling(series, x, colours));
  for (const severity of SEVERITIES.toReversed()) {
    const marked = parts.anomalies.filter((anomaly) => anomaly.severity === severity);
    if (marked.length > 0) drawn.push(marks(severity, marked, colours, preview ?? null));
  }
  if (preview && preview.added.length > 0) drawn.push(added(preview.added, colours));
  if (parts.missed && parts.missed.length > 0) drawn.push(crosses(parts.missed, parts));
  if (parts.selected) drawn.push(ring(parts.selected, colours));
  return drawn;
}

/** The values as a line; incomplete first and last buckets are dotted, single values between two gaps are dots. */
function values({ series, colours }: ChartParts, x: string[]): Trace[] {
  const { head, tail } = incompleteEnds(series);
  const isComplete = (place: number) => place >= head && place < x.length - tail;
  const line: Trace = {
    type: 'scatter',
    mode: x.length <= FEW_POINTS ? 'lines+markers' : 'lines',
    name: 'Actual',
    x,
    y: series.value.map((value, place) => (isComplete(place) ? value : null)),
    line: { color: colours.accent, width: 1.6 },
    marker: { color: colours.accent, size: x.length === 1 ? 9 : 4 },
    connectgaps: false,
  };
  return [line, ...dotted(series, x, head, tail, colours), ...singles(series, x, colours)];
}

/** How many points at either end stand for buckets that the data does not cover. */
function incompleteEnds(series: SeriesView): { head: number; tail: number } {
  return { head: series.firstIncomplete ? 1 : 0, tail: series.lastIncomplete ? 1 : 0 };
}

function dotted(series: SeriesView, x: string[], head: number, tail: number, colours: ThemeColours): Trace[] {
  const ends = [head > 0 ? [0, 1] : [], tail > 0 ? [x.length - 2, x.length - 1] : []];
  return ends
    .filter((places) => places.length > 0)
    .map((places) => ({
      type: 'scatter',
      mode: 'lines+markers',
      name: 'Incomplete',
      x: places.map((place) => x[place] ?? null),
      y: places.map((place) => series.value[place] ?? null),
      line: { color: colours.accent, width: 1.6, dash: 'dot' },
      marker: { color: colours.surface, size: 5, line: { color: colours.accent, width: 1.4 } },
    }));
}

function singles(series: SeriesView, x: string[], colours: ThemeColours): Trace[] {
  if (x.length <= FEW_POINTS) return [];
  const alone = runsOf(series.value.map(isNumber)).filter(({ from, to }) => from === to);
  if (alone.length === 0) return [];
  return [
    {
      type: 'scatter',
      mode: 'markers',
      name: 'Single values',
      x: alone.map(({ from }) => x[from] ?? null),
      y: alone.map(({ from }) => series.value[from] ?? null),
      marker: { color: colours.accent, size: 4 },
    },
  ];
}

function rolling(series: SeriesView, x: string[], colours: ThemeColours): Trace {
  return {
    type: 'scatter',
    mode: 'lines',
    name: 'Rolling average',
    x,
    y: series.rolling,
    line: { color: colours.rolling, width: 1.5, dash: 'dash' },
    connectgaps: false,
  };
}

function marks(severity: Severity, marked: Anomaly[], colours: ThemeColours, preview: Preview | null): Trace {
  return {
    type: 'scatter',
    mode: 'markers',
    name: severity,
    cliponaxis: false,
    x: marked.map(({ date }) => withoutOffset(date)),
    y: marked.map(({ value }) => value),
    marker: {
      // Hollow where a verdict has closed it.
      symbol: marked.map(({ verdict }) =>
        isClosed(verdict) ? `${SYMBOLS[severity]}-open` : SYMBOLS[severity],
      ),
      size: SIZES[severity],
      color: colours[severity],
      opacity: preview ? marked.map(({ id }) => (preview.goneIds.has(id) ? FADED : 1)) : 1,
      line: {
        color: marked.map(({ verdict }) => (isClosed(verdict) ? colours[severity] : colours.surface)),
        width: 1.5,
      },
    },
  };
}

function added(anomalies: readonly Anomaly[], colours: ThemeColours): Trace {
  return {
    type: 'scatter',
    mode: 'markers',
    name: 'New with these settings',
    cliponaxis: false,
    x: anomalies.map(({ date }) => withoutOffset(date)),
    y: anomalies.map(({ value }) => value),
    marker: {
      symbol: anomalies.map(({ severity }) => SYMBOLS[severity]),
      size: anomalies.map(({ severity }) => SIZES[severity] + 3),
      color: anomalies.map(({ severity }) => colours[severity]),
      line: { color: colours.ink, width: 2 },
    },
  };
}

function crosses(missed: readonly Missed[], { series, colours }: ChartParts): Trace {
  return {
    type: 'scatter',
    mode: 'markers',
    name: 'Reported',
    cliponaxis: false,
    x: missed.map(({ date }) => withoutOffset(date)),
    y: missed.map(({ date, value }) => value ?? heightAt(series, date)),
    marker: { symbol: 'x', size: 11, color: colours.ink, line: { color: colours.surface, width: 1.5 } },
  };
}

function ring(selected: Anomaly, colours: ThemeColours): Trace {
  return {
    type: 'scatter',
    mode: 'markers',
    name: 'Selected',
    cliponaxis: false,
    x: [withoutOffset(selected.date)],
    y: [selected.value],
    marker: { symbol: 'circle-open', size: 26, color: colours.ink, line: { color: colours.ink, width: 2 } },
  };
}
