import type { Part } from 'plotly.js-basic-dist-min';
import type { Anomaly, SeriesView, Severity } from '@/api/types';
import { formatTime, type NumberWords, withoutOffset } from '@/components/format';
import { SEVERITIES, SEVERITY_WORDS } from '@/components/SeverityMark';
import { heightAt, type Missed } from '../anomalies/missed';
import type { Inks } from '../useInks';
import { isClosed, kindWords, verdictWords } from '../words';
import { axisInks, baseLayout, timeAxis, type ValueTicks } from './axis';
import type { Stretch } from './series';

/** Shape and colour both tell the severity. */
export const SYMBOLS: Record<Severity, string> = { high: 'diamond', medium: 'triangle-up', low: 'circle' };
const SIZES: Record<Severity, number> = { high: 13, medium: 12, low: 9 };
const READING = 'Reading';
const SILENT = { hoverinfo: 'skip', hovertemplate: undefined };
const UPRIGHT = { yref: 'paper', y0: 0, y1: 1, layer: 'below' };
const FEW_POINTS = 80; // up to here every reading has its own dot

export interface Shown {
  band: boolean;
  rolling: boolean;
}

export interface ChartParts {
  series: SeriesView;
  anomalies: readonly Anomaly[];
  selected: Anomaly | null;
  /** What the reader reported. */
  missed?: readonly Missed[];
  shown: Shown;
  /** While a time is picked only the readings speak. */
  isPicking?: boolean;
  inks: Inks;
  words: NumberWords;
}

/** The line, its band and average, and the anomalies on top. `anomalies` are marked whether drawn or thinned out. */
export function traces(parts: ChartParts): Part[] {
  const { series, shown, inks } = parts;
  const x = series.time.map(withoutOffset);
  const drawn: Part[] = [];
  if (shown.band) drawn.push(...band(series, x, inks));
  drawn.push(reading(parts, x));
  if (shown.rolling) drawn.push(rolling(series, x, inks));
  for (const severity of SEVERITIES.toReversed()) {
    const marked = parts.anomalies.filter((anomaly) => anomaly.severity === severity);
    if (marked.length > 0) drawn.push(marks(severity, marked, parts));
  }
  if (parts.missed && parts.missed.length > 0) drawn.push(crosses(parts.missed, parts));
  if (parts.selected) drawn.push(ring(parts.selected, inks));
  if (!parts.isPicking) return drawn;
  return drawn.map((trace) => (trace.name === READING ? trace : { ...trace, ...SILENT }));
}

function band(series: SeriesView, x: string[], inks: Inks): Part[] {
  const edge = {
    type: 'scatter',
    mode: 'lines',
    x,
    line: { width: 0 },
    hoverinfo: 'skip',
    connectgaps: false,
  };
  return [
    { ...edge, name: 'Lower bound', y: series.lower },
    { ...edge, name: 'Expected range', y: series.upper, fill: 'tonexty', fillcolor: inks.band },
  ];
}

function reading({ series, inks, words }: ChartParts, x: string[]): Part {
  return {
    type: 'scatter',
    mode: x.length <= FEW_POINTS ? 'lines+markers' : 'lines',
    name: READING,
    x,
    y: series.value,
    line: { color: inks.accent, width: 1.6 },
    marker: { color: inks.accent, size: 4 },
    connectgaps: false,
    hovertext: series.time.map((time, index) => hoverOfPoint(series, time, index, words)),
    hovertemplate: '%{hovertext}<extra></extra>',
  };
}

function hoverOfPoint(series: SeriesView, time: string, index: number, words: NumberWords): string {
  const lower = series.lower[index] ?? null;
  const upper = series.upper[index] ?? null;
  const expected = lower === null || upper === null ? '' : `<br>Expected ${words.range(lower, upper)}`;
  return `${formatTime(time)}<br><b>${words.full(series.value[index] ?? null)}</b>${expected}`;
}

function rolling(series: SeriesView, x: string[], inks: Inks): Part {
  return {
    type: 'scatter',
    mode: 'lines',
    name: 'Rolling average',
    x,
    y: series.rolling,
    line: { color: inks.rolling, width: 1.5, dash: 'dash' },
    connectgaps: false,
    hoverinfo: 'skip',
  };
}

function marks(severity: Severity, marked: Anomaly[], { inks, words }: ChartParts): Part {
  return {
    type: 'scatter',
    mode: 'markers',
    name: severity,
    cliponaxis: false,
    x: marked.map(({ date }) => withoutOffset(date)),
    y: marked.map(({ value }) => value),
    customdata: marked.map(({ id }) => id),
    marker: {
      // Hollow where the user closed it.
      symbol: marked.map(({ verdict }) =>
        isClosed(verdict) ? `${SYMBOLS[severity]}-open` : SYMBOLS[severity],
      ),
      size: SIZES[severity],
      color: inks[severity],
      line: {
        color: marked.map(({ verdict }) => (isClosed(verdict) ? inks[severity] : inks.surface)),
        width: 1.5,
      },
    },
    hovertext: marked.map(
      (anomaly) =>
        `${formatTime(anomaly.date)}<br><b>${words.full(anomaly.value)}</b>` +
        `<br>${SEVERITY_WORDS[severity]}: ${kindWords(anomaly).toLowerCase()}` +
        `<br>Expected ${words.range(anomaly.lower, anomaly.upper)}` +
        (anomaly.verdict ? `<br>Verdict: ${verdictWords(anomaly.verdict)?.toLowerCase()}` : ''),
    ),
    hovertemplate: '%{hovertext}<extra></extra>',
  };
}

function crosses(missed: readonly Missed[], { series, inks, words }: ChartParts): Part {
  return {
    type: 'scatter',
    mode: 'markers',
    name: 'Reported',
    cliponaxis: false,
    x: missed.map(({ date }) => withoutOffset(date)),
    y: missed.map(({ date, value }) => value ?? heightAt(series, date)),
    marker: { symbol: 'x', size: 11, color: inks.ink, line: { color: inks.surface, width: 1.5 } },
    hovertext: missed.map(
      ({ date, value, reason }) =>
        `${formatTime(date)}<br>${value === null ? '' : `<b>${words.full(value)}</b><br>`}` +
        `Reported by you${reason ? `: ${escaped(reason)}` : ''}`,
    ),
    hovertemplate: '%{hovertext}<extra></extra>',
  };
}

/** Plotly reads some HTML in its labels; a reader's words are words. Long ones are cut. */
function escaped(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  return short.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('%{', '% {');
}

function ring(selected: Anomaly, inks: Inks): Part {
  return {
    type: 'scatter',
    mode: 'markers',
    name: 'Selected',
    cliponaxis: false,
    x: [withoutOffset(selected.date)],
    y: [selected.value],
    marker: { symbol: 'circle-open', size: 26, color: inks.ink, line: { color: inks.ink, width: 2 } },
    hoverinfo: 'skip',
  };
}

export interface LayoutParts {
  stretch: Stretch;
  range: [number, number];
  ticks: ValueTicks;
  inks: Inks;
  selected: Anomaly | null;
  highlight: { start: string; end: string } | null;
  shifts: readonly string[];
  narrow: boolean;
  touch: boolean;
  isPicking?: boolean;
  revision: string;
}

export function layout(parts: LayoutParts): Part {
  const { stretch, range, ticks, inks } = parts;
  return {
    ...baseLayout(inks),
    // The user's zoom stays through every redraw of the same question.
    uirevision: parts.revision,
    margin: { l: ticks.room, r: 14, t: 10, b: 40 },
    hovermode: parts.isPicking ? 'x' : 'closest',
    hoverdistance: parts.isPicking ? -1 : 30,
    // On a touch screen a finger on the chart must still scroll the page.
    dragmode: parts.touch ? false : 'zoom',
    xaxis: timeAxis(stretch, inks, parts),
    yaxis: {
      ...axisInks(inks),
      range,
      fixedrange: true,
      zeroline: false,
      tickvals: ticks.tickvals,
      ticktext: ticks.ticktext,
    },
    shapes: shapes(parts),
  };
}

function shapes({ inks, selected, highlight, shifts }: LayoutParts): Part[] {
  const lines = shifts.map((date) => ({
    ...UPRIGHT,
    type: 'line',
    x0: withoutOffset(date),
    x1: withoutOffset(date),
    line: { color: inks['ink-muted'], width: 1, dash: 'dot' },
  }));
  const bands = [
    highlight && { start: highlight.start, end: highlight.end, fill: inks.accent },
    selected && { start: selected.start, end: selected.end, fill: inks[selected.severity] },
  ].filter((stretch) => stretch !== null);
  return [...lines, ...bands.map((band) => eventBand(band, band.fill))];
}

/** An event as an upright band behind everything; a line where it is one point. */
export function eventBand({ start, end }: { start: string; end: string }, fill: string): Part {
  return {
    ...UPRIGHT,
    type: 'rect',
    x0: withoutOffset(start),
    x1: withoutOffset(end),
    fillcolor: fill,
    opacity: 0.14,
    line: { width: start === end ? 2 : 0, color: fill },
  };
}

/** The zoomed stretch a relayout event tells of; null for "all"; undefined if it tells of something else. */
export function stretchOfRelayout(event: Record<string, unknown>): Stretch | null | undefined {
  if (event['xaxis.autorange'] === true) return null;
  const range = event['xaxis.range'];
  const [from, to] = Array.isArray(range) ? range : [event['xaxis.range[0]'], event['xaxis.range[1]']];
  if (typeof from !== 'string' || typeof to !== 'string') return undefined;
  return { from: plotlyTime(from), to: plotlyTime(to) };
}

/** Plotly writes "2024-01-03 05:00:00.1234", without a zone: our wall-clock time. */
function plotlyTime(text: string): number {
  const [day = '', clock = '00:00:00'] = text.split(/[ T]/);
  const [hours = '00', minutes = '00', seconds = '00'] = clock.split(':');
  const whole = Date.parse(`${day.length === 7 ? `${day}-01` : day}T${hours}:${minutes}:00Z`);
  return whole + Math.round(Number.parseFloat(seconds) * 1000);
}
