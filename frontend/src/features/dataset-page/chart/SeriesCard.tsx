import { useMemo, useState } from 'react';
import type { Anomaly } from '@/api/types';
import { Card } from '@/components/Card';
import { FiguresTable } from '@/components/FiguresTable';
import { SeriesControls, type SeriesControlsProps } from '../header/SeriesControls';
import { isClosed } from '../labels';
import { ChartMenu } from './ChartMenu';
import { DateRangeButton } from './DateRangeButton';
import { saveChart } from './export-image';
import { Legend } from './Legend';
import { Overview } from './Overview';
import styles from './SeriesCard.module.css';
import { SeriesChart } from './SeriesChart';
import { describeChart, seriesFigures, seriesSubtitle } from './series-text';
import { type FigureParts, useSeriesFigure } from './useSeriesFigure';

export interface SeriesCardProps extends FigureParts {
  /** The name of the metric. */
  title: string;
  loading: boolean;
  controls: SeriesControlsProps;
  onZoom: (zoom: FigureParts['zoom']) => void;
  onSelect: (id: string | null) => void;
  /** A click beside every anomaly; the time is as the series writes it. */
  onPoint: (date: string) => void;
  onReport: () => void;
  onSeriesCsv: () => void;
  onDrawn: () => void;
}

export function SeriesCard(props: SeriesCardProps) {
  const { analysis, series, whole, zoom, anomalies, missed, numbers, title, onZoom } = props;
  const figure = useSeriesFigure(props);
  const { shown, setShown } = figure;
  const [asTable, setAsTable] = useState(false);
  const subtitle = seriesSubtitle(analysis, series, zoom);
  const label = useMemo(() => describeChart(analysis, title, numbers), [analysis, title, numbers]);
  return (
    <Card
      title={`${title} over time`}
      subtitle={subtitle}
      className={styles.card}
      compact
      actions={
        <>
          <SeriesControls {...props.controls} />
          <ChartMenu
            zoom={zoom}
            whole={whole}
            onZoom={onZoom}
            loading={props.loading}
            asTable={asTable}
            onTable={setAsTable}
            onPicture={(format) =>
              void saveChart({ figure, title: `${title} over time`, subtitle, analysis }, format)
            }
            onSeriesCsv={props.onSeriesCsv}
            onReport={props.onReport}
            axis={{
              kind: figure.scale.kind,
              canBeLogarithmic: figure.canBeLogarithmic,
              onKind: (axis) => setShown({ ...shown, axis }),
            }}
          />
        </>
      }
    >
      {asTable ? (
        <FiguresTable label={`${title} over time`} {...seriesFigures(series, zoom, numbers, analysis)} />
      ) : (
        <>
          <div className={styles.bar}>
            <Legend
              shown={shown}
              onChange={setShown}
              severities={countsOf(anomalies)}
              hasShifts={analysis.profile.levelShifts.length > 0}
              hasIncomplete={analysis.series.firstIncomplete || analysis.series.lastIncomplete}
              hasWeekends={figure.hasWeekdays}
              isDense={figure.isDense}
              closed={anomalies.find(({ verdict }) => isClosed(verdict))?.severity ?? null}
              hasMissed={missed.length > 0}
            />
            <DateRangeButton
              whole={whole}
              zoom={zoom}
              isDaily={(series.time[0] ?? '').length <= 10}
              onZoom={onZoom}
            />
          </div>
          <SeriesChart {...props} figure={figure} label={label} />
          <Overview
            series={analysis.series}
            anomalies={anomalies}
            missed={missed}
            whole={whole}
            zoom={zoom}
            left={figure.margins.left}
            onChange={onZoom}
          />
        </>
      )}
    </Card>
  );
}

export function countsOf(anomalies: readonly Anomaly[]) {
  const counts = { high: 0, medium: 0, low: 0 };
  for (const { severity } of anomalies) counts[severity] += 1;
  return counts;
}
