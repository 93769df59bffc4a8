import type { Analysis, SeriesView, Severity } from '@/api/types';
import { changeText } from '@/components/changes';
import { type NumberFormat, wallTime } from '@/components/format';
import type { summariseRange } from '../chart/range-summary';
import { shapeOf, type TimeRange } from '../chart/series';
import { formatPoint } from '../labels';
import { AnomalyTile } from './AnomalyTile';
import styles from './KpiRow.module.css';
import { KpiTile } from './KpiTile';
import { lastValueOf } from './last-value';
import { useRangeSummary } from './useRangeSummary';

const SHAPE_PARTS = 60; // a tile's sparkline is about 130 px wide

interface KpiRowProps {
  analysis: Analysis;
  /** With the dense points of the zoomed range in it. */
  series: SeriesView;
  window: SeriesView | undefined;
  zoom: TimeRange | null;
  numbers: NumberFormat;
  severity: Severity | null;
  onSeverity: (severity: Severity | null) => void;
}

/** The figures of the visible time range: last value, total or average, open anomalies, spread. */
export function KpiRow(props: KpiRowProps) {
  const { analysis, series, zoom, numbers } = props;
  const summary = useRangeSummary(analysis, series, props.window, zoom);
  const visible = zoom ? valuesIn(series, zoom) : series.value;
  const adds = analysis.settings.aggregate === 'sum' || analysis.settings.aggregate === 'count';
  const scope = zoom ? ' in view' : '';
  return (
    <section className={styles.row} aria-label="Key figures">
      <LastValueTile {...props} />
      <KpiTile
        label={adds ? `Total${scope}` : `Average${scope}`}
        value={summary ? numbers.short(adds ? summary.total : summary.mean) : '–'}
        suffix={numbers.suffix}
        notes={summary ? [averageNote(adds, summary, numbers)] : []}
        shape={shapeOf(visible, SHAPE_PARTS)}
      />
      <AnomalyTile {...props} />
      <KpiTile
        label={`Spread${scope}`}
        value={summary ? numbers.short(summary.stdDev) : '–'}
        suffix={numbers.suffix}
        notes={
          summary
            ? ['standard deviation', `range ${numbers.short(summary.min)} to ${numbers.short(summary.max)}`]
            : []
        }
        shape={null}
      />
    </section>
  );
}

type Summary = NonNullable<ReturnType<typeof summariseRange>>;

function averageNote(adds: boolean, { mean, median }: Summary, numbers: NumberFormat): string {
  return adds
    ? `average ${numbers.short(mean)}, median ${numbers.short(median)}`
    : `median ${numbers.short(median)}`;
}

function valuesIn(series: SeriesView, { from, to }: TimeRange): (number | null)[] {
  return series.value.filter((_, place) => {
    const at = wallTime(series.time[place] ?? '');
    return at >= from && at <= to;
  });
}

function LastValueTile({ analysis, series, zoom, numbers }: KpiRowProps) {
  const last = lastValueOf(analysis, series, zoom?.to ?? null);
  return (
    <KpiTile
      label={last ? `Last value, ${formatPoint(last.time, series.granularity)}` : 'Last value'}
      value={last ? numbers.short(last.value) : '–'}
      suffix={numbers.suffix}
      notes={
        last && last.changes.length > 0
          ? last.changes.map(
              ({ label, earlier }) => `${changeText(last.value, earlier, numbers)} from ${label}`,
            )
          : series.downsampled // the earlier points may be among those left out
            ? []
            : ['no earlier value to compare with']
      }
      shape={null}
    />
  );
}
