import type { Part } from 'plotly.js-basic-dist-min';
import { useMemo } from 'react';
import type { Analysis } from '@/api/types';
import { ChartCard } from '@/components/ChartCard';
import { formatCount, type NumberWords } from '@/components/format';
import { axisInks, baseLayout, CARD_PLOT_PX, valueTicks } from '../chart/axis';
import { Plot } from '../Plot';
import { type Inks, useInks } from '../useInks';
import { pointWord } from '../words';

interface HistogramCardProps {
  analysis: Analysis;
  title: string;
  words: NumberWords;
}

export function HistogramCard({ analysis, title, words }: HistogramCardProps) {
  const inks = useInks();
  const unit = pointWord(analysis.settings.granularity, 2);
  const data = useMemo(() => bars(analysis, words, inks), [analysis, words, inks]);
  const layout = useMemo(() => picture(analysis, words, inks), [analysis, words, inks]);
  const { histogram } = analysis;
  return (
    <ChartCard
      title="Distribution"
      subtitle={`How many ${unit} lie where; anomalies in red`}
      figures={() => ({
        columns: ['From', 'To', capital(unit), 'Anomalies'],
        rows: histogram.counts.map((count, bin) => [
          words.full(histogram.edges[bin] ?? null),
          words.full(histogram.edges[bin + 1] ?? null),
          formatCount(count),
          formatCount(histogram.anomalies[bin] ?? 0),
        ]),
      })}
    >
      <Plot
        data={data}
        layout={layout}
        height={CARD_PLOT_PX}
        label={`Histogram of ${title}. Mean ${words.full(analysis.summary.mean)}, median ${words.full(analysis.summary.median)}.`}
      />
    </ChartCard>
  );
}

export function bars({ histogram, settings }: Analysis, words: NumberWords, inks: Inks): Part[] {
  const { edges, counts, anomalies } = histogram;
  const middles = counts.map((_, bin) => ((edges[bin] ?? 0) + (edges[bin + 1] ?? 0)) / 2);
  const widths = counts.map((_, bin) => (edges[bin + 1] ?? 0) - (edges[bin] ?? 0));
  const hover = counts.map((count, bin) => {
    const odd = anomalies[bin] ?? 0;
    const range = `${words.range(edges[bin] ?? null, edges[bin + 1] ?? null)}`;
    const note = odd > 0 ? `<br>${formatCount(odd)} anomalous` : '';
    return `${range}<br><b>${formatCount(count)} ${pointWord(settings.granularity, count)}</b>${note}`;
  });
  const bar = {
    type: 'bar',
    x: middles,
    width: widths,
    hovertext: hover,
    hovertemplate: '%{hovertext}<extra></extra>',
    textposition: 'none',
  };
  // One anomaly among thousands is a hair's breadth of red: a mark on its bar makes it seen.
  const hair = Math.max(...counts) * 0.03;
  const marked = counts.flatMap((_, bin) => {
    const odd = anomalies[bin] ?? 0;
    return odd > 0 && odd < hair ? [bin] : [];
  });
  return [
    {
      ...bar,
      name: 'Usual',
      y: counts.map((count, bin) => count - (anomalies[bin] ?? 0)),
      marker: { color: inks.accent, opacity: 0.8, line: { color: inks.surface, width: 1 } },
    },
    {
      ...bar,
      name: 'Anomalies',
      y: anomalies,
      marker: { color: inks.high, line: { color: inks.surface, width: 1 } },
    },
    {
      type: 'scatter',
      mode: 'markers',
      x: marked.map((bin) => middles[bin]),
      y: marked.map((bin) => counts[bin]),
      marker: { symbol: 'triangle-down', size: 8, color: inks.high, line: { color: inks.surface, width: 1 } },
      hoverinfo: 'skip',
      cliponaxis: false,
    },
  ];
}

function picture({ histogram, summary }: Analysis, words: NumberWords, inks: Inks): Part {
  const range: [number, number] = [histogram.edges[0] ?? 0, histogram.edges.at(-1) ?? 1];
  const ticks = valueTicks(range, words, 4);
  return {
    ...baseLayout(inks),
    barmode: 'stack',
    bargap: 0,
    margin: { l: 44, r: 12, t: 34, b: 28 },
    hovermode: 'closest',
    dragmode: false,
    xaxis: {
      ...axisInks(inks),
      range,
      fixedrange: true,
      showgrid: false,
      zeroline: false,
      tickangle: 0,
      ...ticks,
    },
    yaxis: { ...axisInks(inks), fixedrange: true, nticks: 4, tickformat: ',d', rangemode: 'tozero' },
    shapes: [upright(summary.mean, 'solid', inks), upright(summary.median, 'dash', inks)].filter(Boolean),
    annotations: labels(summary.mean, summary.median, range, words, inks),
  };
}

function upright(x: number | null, dash: string, inks: Inks): Part | null {
  if (x === null) return null;
  return {
    type: 'line',
    x0: x,
    x1: x,
    yref: 'paper',
    y0: 0,
    y1: 1,
    line: { color: inks.ink, width: 1.5, dash },
  };
}

/** "mean" and "median" above the bars, one under the other, turned away from the nearer edge. */
function labels(
  mean: number | null,
  median: number | null,
  [low, high]: [number, number],
  words: NumberWords,
  inks: Inks,
): Part[] {
  const label = (name: string, x: number | null, yshift: number): Part[] => {
    if (x === null) return [];
    const isRight = (x - low) / (high - low || 1) > 0.55;
    return [
      {
        x,
        y: 1,
        yref: 'paper',
        yanchor: 'bottom',
        yshift,
        xanchor: isRight ? 'right' : 'left',
        showarrow: false,
        text: `${name} ${words.short(x)}`,
        font: { size: 12, color: inks.ink },
      },
    ];
  };
  return [...label('mean', mean, 14), ...label('median', median, -1)];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
