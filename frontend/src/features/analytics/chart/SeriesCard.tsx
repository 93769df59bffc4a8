import type { PlotEvent } from 'plotly.js-basic-dist-min';
import { useMemo } from 'react';
import type { Analysis, Anomaly, SeriesView, Severity } from '@/api/types';
import { ChartCard } from '@/components/ChartCard';
import { formatCount, formatTime, type NumberWords, wallTime } from '@/components/format';
import type { Missed } from '../anomalies/missed';
import { Plot } from '../Plot';
import { AGGREGATE_WORDS, isClosed, pointWord } from '../words';
import { valueTicks } from './axis';
import { ChartTools } from './ChartTools';
import { Legend } from './Legend';
import { Overview } from './Overview';
import { anomalyAt, padded, type Stretch, valueRange } from './series';
import { layout, traces } from './traces';
import { useChart } from './useChart';

export interface SeriesCardProps {
  analysis: Analysis;
  /** What the metric is called. */
  title: string;
  /** The whole series, with the dense points of the zoomed stretch in it. */
  series: SeriesView;
  whole: Stretch;
  stretch: Stretch | null;
  selected: Anomaly | null;
  highlight: { start: string; end: string } | null;
  severity: Severity | null;
  missed: readonly Missed[];
  words: NumberWords;
  loading: boolean;
  onStretch: (stretch: Stretch | null) => void;
  onSelect: (id: string | null) => void;
  /** A click on an ordinary reading or on a report; the time is as the series writes it. */
  onPoint: (date: string) => void;
  onReport: () => void;
  /** A time is being picked: a click anywhere means the reading below it. */
  isPicking: boolean;
  onDrawn: () => void;
}

export function SeriesCard(props: SeriesCardProps) {
  const {
    analysis,
    series,
    whole,
    stretch,
    selected,
    highlight,
    severity,
    missed,
    words,
    isPicking,
    onStretch,
    onSelect,
  } = props;
  const { inks, narrow, touch, shown, setShown, keepElement, relayout, save } = useChart(
    { band: true, rolling: true },
    whole,
    onStretch,
  );

  const anomalies = useMemo(
    () => analysis.anomalies.filter((anomaly) => severity === null || anomaly.severity === severity),
    [analysis.anomalies, severity],
  );
  const range = useMemo(
    () => valueRange(series, analysis.anomalies, stretch, shown.band),
    [series, analysis.anomalies, stretch, shown.band],
  );
  const ticks = useMemo(() => valueTicks(range, words), [range, words]);
  const data = useMemo(
    () => traces({ series, anomalies, selected, missed, shown, isPicking, inks, words }),
    [series, anomalies, selected, missed, shown, isPicking, inks, words],
  );
  const shifts = analysis.profile.levelShifts;
  const picture = useMemo(
    () =>
      layout({
        stretch: stretch ?? padded(whole),
        range,
        ticks,
        inks,
        selected,
        highlight,
        shifts: shifts.map(({ date }) => date),
        narrow,
        touch,
        isPicking,
        revision: `${analysis.datasetId}/${analysis.version}/${analysis.metric}/${analysis.settings.granularity}`,
      }),
    [stretch, whole, range, ticks, inks, selected, highlight, shifts, narrow, touch, isPicking, analysis],
  );

  const click = ({ points }: PlotEvent) => {
    const x = points?.[0]?.x;
    if (typeof x !== 'string') return;
    const hit = anomalyAt(anomalies, wallTime(x.replace(' ', 'T')));
    if (hit) onSelect(hit.id);
    else props.onPoint(x.replace(' ', 'T'));
  };

  const { settings } = analysis;
  return (
    <ChartCard
      title={`${props.title} over time`}
      subtitle={subtitle(analysis, series, stretch)}
      figures={() => figuresOf(series, stretch, words, settings.timeZone)}
      actions={
        <ChartTools
          stretch={stretch}
          whole={whole}
          loading={props.loading}
          onStretch={onStretch}
          onReport={props.onReport}
          onPicture={() => save(`${analysis.datasetName}-${analysis.metric}`)}
        />
      }
    >
      <Legend
        shown={shown}
        onChange={setShown}
        severities={analysis.severities}
        hasShifts={shifts.length > 0}
        closed={anomalies.find(({ verdict }) => isClosed(verdict))?.severity ?? null}
        hasMissed={missed.length > 0}
      />
      <Plot
        data={data}
        layout={picture}
        height={narrow ? 280 : 430}
        label={described(analysis, props.title, words)}
        onRelayout={relayout}
        onClick={click}
        onDoubleClick={() => onStretch(null)}
        onElement={keepElement}
        onDrawn={props.onDrawn}
      />
      <Overview
        series={analysis.series}
        anomalies={anomalies}
        missed={missed}
        whole={whole}
        stretch={stretch}
        left={ticks.room}
        onChange={onStretch}
      />
    </ChartCard>
  );
}

function subtitle(analysis: Analysis, series: SeriesView, stretch: Stretch | null): string {
  const { settings, summary } = analysis;
  const total = analysis.series.totalPoints;
  const unit = pointWord(settings.granularity, total);
  const made =
    summary.rows === summary.count
      ? ''
      : `${AGGREGATE_WORDS[settings.aggregate].toLowerCase()} of the rows, `;
  const count = stretch
    ? series.time.filter((time) => wallTime(time) >= stretch.from && wallTime(time) <= stretch.to).length
    : analysis.series.time.length;
  const drawn =
    analysis.series.downsampled || stretch
      ? `${formatCount(count)} of ${formatCount(total)} ${unit} drawn, and every anomaly`
      : `${formatCount(total)} ${unit}, all drawn`;
  return `${capital(made + drawn)}; times in ${settings.timeZone}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function described({ series, anomalies, severities }: Analysis, title: string, words: NumberWords): string {
  const first = series.time[0];
  const last = series.time.at(-1);
  const span = first && last ? ` from ${formatTime(first)} to ${formatTime(last)}` : '';
  const worst = anomalies.toSorted((one, other) => other.score - one.score)[0];
  const most = worst ? ` The strongest is ${words.full(worst.value)} on ${formatTime(worst.date)}.` : '';
  const counts = `${severities.high} high, ${severities.medium} medium, ${severities.low} low`;
  return `Line chart of ${title}${span} with its expected range. ${anomalies.length} anomalies: ${counts}.${most}`;
}

function figuresOf(series: SeriesView, stretch: Stretch | null, words: NumberWords, timeZone: string) {
  const rows = series.time.flatMap((time, index) => {
    const at = wallTime(time);
    if (stretch && (at < stretch.from || at > stretch.to)) return [];
    return [
      [
        formatTime(time),
        words.full(series.value[index] ?? null),
        words.full(series.expected[index] ?? null),
        words.full(series.lower[index] ?? null),
        words.full(series.upper[index] ?? null),
        words.full(series.rolling[index] ?? null),
      ],
    ];
  });
  return { columns: [`Time (${timeZone})`, 'Reading', 'Expected', 'From', 'To', 'Rolling average'], rows };
}
