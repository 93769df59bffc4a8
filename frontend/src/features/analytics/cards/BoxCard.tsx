import type { Part } from 'plotly.js-basic-dist-min';
import { useMemo } from 'react';
import type { Analysis } from '@/api/types';
import { ChartCard } from '@/components/ChartCard';
import { formatCount, type NumberWords } from '@/components/format';
import { axisInks, baseLayout, CARD_PLOT_PX, valueTicks } from '../chart/axis';
import { Plot } from '../Plot';
import { type Inks, useInks } from '../useInks';

const TITLES: Record<string, string> = {
  weekday: 'Spread by weekday',
  hour: 'Spread by hour of the day',
  month: 'Spread by month',
};

const MANY = 12; // beyond it (the hours of a day) boxes stand closer and their whiskers end narrower

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
        height={CARD_PLOT_PX}
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
    half(groups, 'upper', inks),
    half(groups, 'lower', inks),
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

/**
 * The half of each box above or below its median, and its whisker. Bars with error bars: Plotly's own box plots are
 * in no bundle but one that is a fifth larger, and every first chart would wait for it.
 */
function half(groups: Analysis['box']['groups'], which: 'upper' | 'lower', inks: Inks): Part {
  const isUpper = which === 'upper';
  const quartile = groups.map(({ q1, q3 }) => (isUpper ? q3 : q1));
  const whisker = groups.map(({ upperWhisker, lowerWhisker }, index) =>
    Math.abs((isUpper ? upperWhisker : lowerWhisker) - (quartile[index] ?? 0)),
  );
  const none = groups.map(() => 0);
  return {
    type: 'bar',
    x: groups.map(({ label }) => label),
    base: groups.map(({ median }) => median),
    y: groups.map(({ median }, index) => (quartile[index] ?? median) - median),
    marker: { color: inks.band, line: { color: inks.accent, width: 1.4 } },
    error_y: {
      type: 'data',
      symmetric: false,
      array: isUpper ? whisker : none,
      arrayminus: isUpper ? none : whisker,
      color: inks.accent,
      thickness: 1.4,
      width: groups.length > MANY ? 2 : 6, // pixels to each side
    },
    // The words for it are on the trace of the medians.
    hoverinfo: 'skip',
  };
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
    barmode: 'overlay',
    bargap: box.groups.length > MANY ? 0.25 : 0.45,
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
