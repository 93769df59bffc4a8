import type { Annotations, Layout, Shape } from 'plotly.js';
import { useMemo } from 'react';
import type { Analysis } from '@/api/types';
import { ChartCard } from '@/components/ChartCard';
import { capital, counted, formatCount, type NumberFormat } from '@/components/format';
import { axisColours, baseLayout, CARD_PLOT_PX, valueTicks } from '../chart/axis';
import { BarTooltip } from '../chart/BarTooltip';
import type { Trace } from '../chart/figure';
import { Plot } from '../chart/Plot';
import { type ThemeColours, useThemeColours } from '../chart/useThemeColours';
import { pointLabel } from '../labels';

const MARGINS = { left: 44, right: 12, top: 34, bottom: 28 };

const EDGE_SHARE = 0.3; // of the width: nearer to an edge a label has no room on that side

interface HistogramCardProps {
  analysis: Analysis;
  title: string;
  numbers: NumberFormat;
}

export function HistogramCard({ analysis, title, numbers }: HistogramCardProps) {
  const colours = useThemeColours();
  const unit = pointLabel(analysis.settings.granularity, 2);
  const data = useMemo(() => bars(analysis, colours), [analysis, colours]);
  const layout = useMemo(() => picture(analysis, numbers, colours), [analysis, numbers, colours]);
  const { histogram } = analysis;
  return (
    <ChartCard
      title="Distribution"
      subtitle={`Number of ${unit} per value; anomalies in red`}
      figures={() => ({
        columns: ['From', 'To', capital(unit), 'Anomalies'],
        rows: histogram.counts.map((count, bin) => [
          numbers.full(histogram.edges[bin] ?? null),
          numbers.full(histogram.edges[bin + 1] ?? null),
          formatCount(count),
          formatCount(histogram.anomalies[bin] ?? 0),
        ]),
      })}
    >
      <BarTooltip
        edges={histogram.edges}
        margins={MARGINS}
        height={CARD_PLOT_PX}
        tooltip={(bin) => <BinTooltip analysis={analysis} numbers={numbers} bin={bin} />}
      >
        <Plot
          data={data}
          layout={layout}
          height={CARD_PLOT_PX}
          label={`Histogram of ${title}. Mean ${numbers.full(analysis.summary.mean)}, median ${numbers.full(analysis.summary.median)}.`}
        />
      </BarTooltip>
    </ChartCard>
  );
}

function BinTooltip({ analysis, numbers, bin }: Omit<HistogramCardProps, 'title'> & { bin: number }) {
  const { edges, counts, anomalies } = analysis.histogram;
  const count = counts[bin] ?? 0;
  const odd = anomalies[bin] ?? 0;
  return (
    <>
      {numbers.range(edges[bin] ?? null, edges[bin + 1] ?? null)}
      <br />
      <strong>
        {formatCount(count)} {pointLabel(analysis.settings.granularity, count)}
      </strong>
      {odd > 0 && (
        <>
          <br />
          {counted(odd, 'anomaly', 'anomalies')}
        </>
      )}
    </>
  );
}

export function bars({ histogram }: Analysis, colours: ThemeColours): Trace[] {
  const { edges, counts, anomalies } = histogram;
  const middles = counts.map((_, bin) => ((edges[bin] ?? 0) + (edges[bin + 1] ?? 0)) / 2);
  const widths = counts.map((_, bin) => (edges[bin + 1] ?? 0) - (edges[bin] ?? 0));
  const bar = {
    type: 'bar',
    x: middles,
    width: widths,
  } as const;
  // One anomaly among thousands is a line of red too thin to see: a mark on its bar shows it.
  const tooThin = Math.max(...counts) * 0.03;
  const marked = counts.flatMap((_, bin) => {
    const odd = anomalies[bin] ?? 0;
    return odd > 0 && odd < tooThin ? [bin] : [];
  });
  return [
    {
      ...bar,
      name: 'Usual',
      y: counts.map((count, bin) => count - (anomalies[bin] ?? 0)),
      marker: { color: colours.accent, opacity: 0.8, line: { color: colours.surface, width: 1 } },
    },
    {
      ...bar,
      name: 'Anomalies',
      y: anomalies,
      marker: { color: colours.high, line: { color: colours.surface, width: 1 } },
    },
    {
      type: 'scatter',
      mode: 'markers',
      x: marked.map((bin) => middles[bin] ?? null),
      y: marked.map((bin) => counts[bin] ?? null),
      marker: {
        symbol: 'triangle-down',
        size: 8,
        color: colours.high,
        line: { color: colours.surface, width: 1 },
      },
      cliponaxis: false,
    },
  ];
}

const FEW_COUNTS = 5;

function picture(
  { histogram, summary }: Analysis,
  numbers: NumberFormat,
  colours: ThemeColours,
): Partial<Layout> {
  const range: [number, number] = [histogram.edges[0] ?? 0, histogram.edges.at(-1) ?? 1];
  const ticks = valueTicks(range, numbers, 4);
  return {
    ...baseLayout(colours),
    barmode: 'stack',
    bargap: 0,
    margin: { l: MARGINS.left, r: MARGINS.right, t: MARGINS.top, b: MARGINS.bottom },
    xaxis: {
      ...axisColours(colours),
      range,
      fixedrange: true,
      showgrid: false,
      zeroline: false,
      tickangle: 0,
      tickvals: ticks.tickvals,
      ticktext: ticks.ticktext,
    },
    yaxis: {
      ...axisColours(colours),
      fixedrange: true,
      nticks: 4,
      // Halves of a count do not exist.
      ...(Math.max(...histogram.counts) < FEW_COUNTS && { tick0: 0, dtick: 1 }),
      tickformat: ',d',
      rangemode: 'tozero',
    },
    shapes: [...upright(summary.mean, 'solid', colours), ...upright(summary.median, 'dash', colours)],
    annotations: labels(summary.mean, summary.median, range, numbers, colours),
  };
}

function upright(x: number | null, dash: 'solid' | 'dash', colours: ThemeColours): Partial<Shape>[] {
  if (x === null) return [];
  return [
    {
      type: 'line',
      x0: x,
      x1: x,
      yref: 'paper',
      y0: 0,
      y1: 1,
      line: { color: colours.ink, width: 1.5, dash },
    },
  ];
}

/** "mean" and "median" above the bars, one under the other, each on the side away from the other and from a near edge. */
function labels(
  mean: number | null,
  median: number | null,
  [low, high]: [number, number],
  numbers: NumberFormat,
  colours: ThemeColours,
): Partial<Annotations>[] {
  const label = (
    name: string,
    x: number | null,
    other: number | null,
    yshift: number,
  ): Partial<Annotations>[] => {
    if (x === null) return [];
    const share = (x - low) / (high - low || 1);
    const isSmaller = other === null ? share > 0.5 : x < other;
    const isRight = share > 1 - EDGE_SHARE || (isSmaller && share > EDGE_SHARE);
    return [
      {
        x,
        y: 1,
        yref: 'paper',
        yanchor: 'bottom',
        yshift,
        xanchor: isRight ? 'right' : 'left',
        showarrow: false,
        text: `${name} ${numbers.short(x)}`,
        font: { size: 12, color: colours.ink },
      },
    ];
  };
  return [...label('mean', mean, median, 14), ...label('median', median, mean, -1)];
}
