import { useMemo } from 'react';
import { wallTime } from '@/components/format';
import { ChartOverlay } from './ChartOverlay';
import { Plot } from './Plot';
import { factsOf, textOfFacts } from './point-facts';
import type { SeriesCardProps } from './SeriesCard';
import card from './SeriesCard.module.css';
import { SeriesTooltip } from './SeriesTooltip';
import { within } from './series';
import { useFilledHeight } from './useFilledHeight';
import type { useSeriesFigure } from './useSeriesFigure';

interface SeriesChartProps extends SeriesCardProps {
  figure: ReturnType<typeof useSeriesFigure>;
  label: string;
}

/** The drawn series with its crosshair. */
export function SeriesChart(props: SeriesChartProps) {
  const { analysis, series, whole, anomalies, numbers, title, figure, label, onZoom } = props;
  const { times, shown } = figure;
  const [fill, height] = useFilledHeight(figure.height);
  const marks = useMemo(
    () => anomalies.map(({ id, date, value }) => ({ id, at: wallTime(date), value })),
    [anomalies],
  );
  const source = { analysis, series, times, anomalies, numbers, hasRolling: shown.rolling };
  return (
    <div ref={fill} className={card.fill} style={{ minHeight: figure.height }}>
      <div className={card.filling}>
        <ChartOverlay
          times={times}
          values={series.value}
          marks={marks}
          visible={figure.visible}
          toShare={figure.scale.toShare}
          margins={figure.margins}
          height={height}
          label={`Read ${title} point by point`}
          tooltip={(place) => <SeriesTooltip facts={factsOf(source, place)} />}
          textOf={(place) => textOfFacts(factsOf(source, place))}
          onZoom={(range) => onZoom(range && within(range, whole))}
          onMark={props.onSelect}
          onPoint={(place) => props.onPoint(series.time[place] ?? '')}
        >
          <Plot
            data={figure.data}
            layout={figure.layout}
            height={height}
            label={label}
            onDrawn={props.onDrawn}
          />
        </ChartOverlay>
      </div>
    </div>
  );
}
