import type { Analysis, SeriesView } from '@/api/types';
import type { Figures } from '@/components/FiguresTable';
import { formatCount, type NumberFormat, wallTime } from '@/components/format';
import { aggregateNoun, formatPoint, pointLabel } from '../labels';
import type { TimeRange } from './series';

/** Daily total, UTC. 227 of 730 days shown. */
export function seriesSubtitle(analysis: Analysis, series: SeriesView, zoom: TimeRange | null): string {
  const { settings, summary } = analysis;
  const total = analysis.series.totalPoints;
  const kind = aggregateNoun(
    settings.granularity,
    summary.rows === summary.count ? null : settings.aggregate,
  );
  const isIn = (time: string) => !zoom || (wallTime(time) >= zoom.from && wallTime(time) <= zoom.to);
  const count = series.time.filter(isIn).length;
  const points = pointLabel(settings.granularity, total);
  const drawn =
    count < total
      ? `${formatCount(count)} of ${formatCount(total)} ${points} shown`
      : `${formatCount(total)} ${points}`;
  return `${kind}, ${settings.timeZone}. ${drawn}`;
}

/** The chart in a sentence, for readers who cannot see it. */
export function describeChart(analysis: Analysis, title: string, numbers: NumberFormat): string {
  const { series, anomalies, severities } = analysis;
  const first = series.time[0];
  const last = series.time.at(-1);
  const span =
    first && last
      ? ` from ${formatPoint(first, series.granularity)} to ${formatPoint(last, series.granularity)}`
      : '';
  const strongest = anomalies.toSorted((one, other) => other.score - one.score)[0];
  const most = strongest
    ? ` The strongest is ${numbers.full(strongest.value)} on ${formatPoint(strongest.date, series.granularity)}.`
    : '';
  const counts = `${severities.high} high, ${severities.medium} medium, ${severities.low} low`;
  return `Line chart of ${title}${span} with its expected range. ${anomalies.length} anomalies: ${counts}.${most}`;
}

/** The drawn points as a table. */
export function seriesFigures(
  series: SeriesView,
  zoom: TimeRange | null,
  numbers: NumberFormat,
  { settings }: Pick<Analysis, 'settings'>,
): Figures {
  const rows = series.time.flatMap((time, index) => {
    const at = wallTime(time);
    if (zoom && (at < zoom.from || at > zoom.to)) return [];
    const columns = [series.value, series.expected, series.lower, series.upper, series.rolling];
    return [
      [
        formatPoint(time, series.granularity),
        ...columns.map((column) => numbers.full(column[index] ?? null)),
      ],
    ];
  });
  return {
    columns: [`Time (${settings.timeZone})`, 'Actual', 'Expected', 'From', 'To', 'Rolling average'],
    rows,
  };
}
