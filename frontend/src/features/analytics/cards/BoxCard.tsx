import type { Part } from 'plotly.js-cartesian-dist-min';
import { useMemo } from 'react';
import type { Analysis } from '@/api/types';
import { ChartCard } from '@/components/ChartCard';
import { formatCount, type NumberWords } from '@/components/format';
import { axisInks, baseLayout, valueTicks } from '../chart/axis';
import { Plot } from '../Plot';
import { type Inks, useInks } from '../useInks';

const TITLES: Record<string, string> = {
  weekday: 'Spread by weekday',
  hour: 'Spread by hour of the day',
  month: 'Spread by month',
};

interface BoxCardProps {
  analysis: Analysis;
  title: string;
  words: NumberWords;
}

export function BoxCard({ analysis, title: metric, words }: BoxCardProps) {
  const inks = useInks();
  const { box } = analysis;
  const data = useMemo(() => boxes(analysis, words, inks), [analysis, words, inks]);
  const layout = useMemo(() => picture(analysis, words, inks), [analysis, words, inks]);
  const title = TITLES[box.by] ?? 'Spread';
  return (
    <ChartCard
      title={title}
      subtitle="Median, quartiles, and what lies far outside"
      figures={() => ({
        columns: ['Group', 'Points', 'Lower whisker', 'Q1', 'Median', 'Q3', 'Upper whisker', 'Outliers'],
        rows: box.groups.map((group) => [
          group.label,
          formatCount(group.count),
          words.full(group.lowerWhisker),
          words.full(group.q1),
          words.full(group.median),
          words.full(group.q3),
          words.full(group.upperWhisker),
          formatCount(group.outliers.length),
        ]),
      })}
    >
      <Plot
        data={data}
        layout={layout}
        height={230}
        label={`${title} of ${metric}: ${box.groups.length} box plots`}
      />
    </ChartCard>
  );
}

export function boxes({ box }: Analysis, words: NumberWords, inks: Inks): Part[] {
  const { groups } = box;
  const labels = groups.map(({ label }) => label);
  const outliers = groups.flatMap(({ label, outliers: values }) => values.map((value) => ({ label, value })));
  return [
    {
      type: 'box',
      x: labels,
      q1: groups.map(({ q1 }) => q1),
      median: groups.map(({ median }) => median),
      q3: groups.map(({ q3 }) => q3),
      lowerfence: groups.map(({ lowerWhisker }) => lowerWhisker),
      upperfence: groups.map(({ upperWhisker }) => upperWhisker),
      fillcolor: inks.band,
      line: { color: inks.accent, width: 1.4 },
      // The words for it are on the trace below; Plotly would write five labels over each other.
      hoverinfo: 'skip',
    },
    {
      type: 'scatter',
      mode: 'markers',
      x: labels,
      y: groups.map(({ median }) => median),
      marker: { size: 16, opacity: 0 },
      hovertext: groups.map(
        (group) =>
          `<b>${group.label}</b>: median ${words.full(group.median)}<br>` +
          `Half lie between ${words.full(group.q1)} and ${words.full(group.q3)}<br>` +
          `${formatCount(group.count)} points, ${formatCount(group.outliers.length)} far outside`,
      ),
      hovertemplate: '%{hovertext}<extra></extra>',
    },
    {
      type: 'scatter',
      mode: 'markers',
      x: outliers.map(({ label }) => label),
      y: outliers.map(({ value }) => value),
      marker: { size: 5, color: inks.medium },
      hovertext: outliers.map(({ label, value }) => `${label}: <b>${words.full(value)}</b>`),
      hovertemplate: '%{hovertext}<extra></extra>',
    },
  ];
}

function picture({ box }: Analysis, words: NumberWords, inks: Inks): Part {
  const all = box.groups.flatMap((group) => [group.lowerWhisker, group.upperWhisker, ...group.outliers]);
  const low = Math.min(...all);
  const high = Math.max(...all);
  const air = (high - low || Math.abs(high) || 1) * 0.06;
  const range: [number, number] = [low - air, high + air];
  const ticks = valueTicks(range, words, 5);
  const names = box.groups.map(({ label }) => label);
  // Twelve months or twenty-four hours do not fit beside each other.
  const every = Math.ceil(names.length / 8);
  const named = names.filter((_, index) => index % every === 0);
  return {
    ...baseLayout(inks),
    margin: { l: ticks.room, r: 10, t: 10, b: 28 },
    hovermode: 'closest',
    dragmode: false,
    xaxis: {
      ...axisInks(inks),
      type: 'category',
      fixedrange: true,
      showgrid: false,
      tickangle: 0,
      tickvals: named,
      ticktext: named.map((name) => (name.length > 5 ? name.slice(0, 3) : name)),
    },
    yaxis: {
      ...axisInks(inks),
      range,
      fixedrange: true,
      zeroline: false,
      tickvals: ticks.tickvals,
      ticktext: ticks.ticktext,
    },
  };
}
