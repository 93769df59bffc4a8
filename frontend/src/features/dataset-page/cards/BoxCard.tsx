import type { Layout } from 'plotly.js';
import { useMemo } from 'react';
import type { Analysis } from '@/api/types';
import { ChartCard } from '@/components/ChartCard';
import { counted, formatCount, type NumberFormat } from '@/components/format';
import { axisColours, baseLayout, CARD_PLOT_PX, valueTicks } from '../chart/axis';
import { BarTooltip } from '../chart/BarTooltip';
import type { Trace } from '../chart/figure';
import { Plot } from '../chart/Plot';
import { type ThemeColours, useThemeColours } from '../chart/useThemeColours';

const TITLES: Record<string, string> = {
  weekday: 'Spread by weekday',
  hour: 'Spread by hour of the day',
  month: 'Spread by month',
};

const MANY = 12; // beyond it (the hours of a day) boxes stand closer and their whiskers end narrower

interface BoxCardProps {
  analysis: Analysis;
  title: string;
  numbers: NumberFormat;
}

export function BoxCard({ analysis, title: metric, numbers }: BoxCardProps) {
  const colours = useThemeColours();
  const { box } = analysis;
  const data = useMemo(() => boxes(analysis, colours), [analysis, colours]);
  const layout = useMemo(() => picture(analysis, numbers, colours), [analysis, numbers, colours]);
  const title = TITLES[box.by] ?? 'Spread';
  return (
    <ChartCard
      title={title}
      subtitle="Median, quartiles and outliers"
      figures={() => ({
        columns: ['Group', 'Points', 'Lower whisker', 'Q1', 'Median', 'Q3', 'Upper whisker', 'Outliers'],
        rows: box.groups.map((group) => [
          group.label,
          formatCount(group.count),
          numbers.full(group.lowerWhisker),
          numbers.full(group.q1),
          numbers.full(group.median),
          numbers.full(group.q3),
          numbers.full(group.upperWhisker),
          formatCount(group.outliers.length),
        ]),
      })}
    >
      <BarTooltip
        edges={box.groups.map((_, place) => place).concat(box.groups.length)}
        margins={marginsOf(analysis, numbers)}
        height={CARD_PLOT_PX}
        tooltip={(place) => <GroupTooltip group={box.groups[place]} numbers={numbers} />}
      >
        <Plot
          data={data}
          layout={layout}
          height={CARD_PLOT_PX}
          label={`${title} of ${metric}: ${box.groups.length} box plots`}
        />
      </BarTooltip>
    </ChartCard>
  );
}

export function boxes({ box }: Analysis, colours: ThemeColours): Trace[] {
  const { groups } = box;
  const outliers = groups.flatMap(({ label, outliers: values }) => values.map((value) => ({ label, value })));
  return [
    half(groups, 'upper', colours),
    half(groups, 'lower', colours),
    {
      type: 'scatter',
      mode: 'markers',
      x: outliers.map(({ label }) => label),
      y: outliers.map(({ value }) => value),
      marker: { size: 5, color: colours.medium },
    },
  ];
}

/**
 * The half of each box above or below its median, and its whisker: bars with error bars. Plotly's own box plots are in
 * a bundle that is a fifth larger, and every first chart would wait for it.
 */
function half(
  groups: Analysis['box']['groups'],
  which: 'upper' | 'lower',
  colours: ThemeColours,
): Trace & { base: number[] } {
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
    marker: { color: colours.band, line: { color: colours.accent, width: 1.4 } },
    error_y: {
      type: 'data',
      symmetric: false,
      array: isUpper ? whisker : none,
      arrayminus: isUpper ? none : whisker,
      color: colours.accent,
      thickness: 1.4,
      width: groups.length > MANY ? 2 : 6, // pixels to each side
    },
  };
}

function picture(analysis: Analysis, numbers: NumberFormat, colours: ThemeColours): Partial<Layout> {
  const { box } = analysis;
  const { range, ticks } = rangeOf(analysis, numbers);
  const names = box.groups.map(({ label }) => label);
  // Twelve months or twenty-four hours do not fit beside each other.
  const every = Math.ceil(names.length / 8);
  const named = names.filter((_, index) => index % every === 0);
  return {
    ...baseLayout(colours),
    barmode: 'overlay',
    bargap: box.groups.length > MANY ? 0.25 : 0.45,
    margin: { l: ticks.room, r: RIGHT, t: TOP, b: BOTTOM },
    xaxis: {
      ...axisColours(colours),
      type: 'category',
      fixedrange: true,
      showgrid: false,
      tickangle: 0,
      tickvals: named,
      ticktext: named.map((name) => (name.length > 5 ? name.slice(0, 3) : name)),
    },
    yaxis: {
      ...axisColours(colours),
      range,
      fixedrange: true,
      zeroline: false,
      tickvals: ticks.tickvals,
      ticktext: ticks.ticktext,
    },
  };
}

const TOP = 10;
const RIGHT = 10;
const BOTTOM = 28;

function marginsOf(analysis: Analysis, numbers: NumberFormat) {
  return { left: rangeOf(analysis, numbers).ticks.room, right: RIGHT, top: TOP, bottom: BOTTOM };
}

function rangeOf({ box }: Analysis, numbers: NumberFormat) {
  const all = box.groups.flatMap((group) => [group.lowerWhisker, group.upperWhisker, ...group.outliers]);
  const low = Math.min(...all);
  const high = Math.max(...all);
  const air = (high - low || Math.abs(high) || 1) * 0.06;
  const range: [number, number] = [low - air, high + air];
  return { range, ticks: valueTicks(range, numbers, 5) };
}

interface GroupTooltipProps {
  group: Analysis['box']['groups'][number] | undefined;
  numbers: NumberFormat;
}

function GroupTooltip({ group, numbers }: GroupTooltipProps) {
  if (!group) return null;
  return (
    <>
      <strong>{group.label}</strong>: median {numbers.full(group.median)}
      <br />
      Half between {numbers.range(group.q1, group.q3)}
      <br />
      {formatCount(group.count)} points, {counted(group.outliers.length, 'outlier')}
    </>
  );
}
