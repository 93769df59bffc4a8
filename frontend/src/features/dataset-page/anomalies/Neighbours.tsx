import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Analysis, Anomaly } from '@/api/types';
import { formatTime, type NumberFormat } from '@/components/format';
import { neighboursQuery } from '../api';
import { neighboursOf } from '../chart/series';
import type { View } from '../view';
import styles from './ExplanationPanel.module.css';

const EACH_SIDE = 3;

interface NeighboursProps {
  analysis: Analysis;
  view: View;
  anomaly: Anomaly;
  numbers: NumberFormat;
}

/** The points before and after the peak. From all points: the chart of a long series leaves some of them out. */
export function Neighbours({ analysis, view, anomaly, numbers }: NeighboursProps) {
  const { series, datasetId, metric, profile } = analysis;
  const { data, isError } = useQuery({
    ...neighboursQuery(
      datasetId,
      { ...view, metric },
      anomaly.date,
      EACH_SIDE + 1,
      profile.cadenceSeconds ?? 1,
    ),
    enabled: series.downsampled,
  });
  const complete = series.downsampled ? data : series;
  if (!complete) {
    return isError ? (
      <p className={styles.when}>The values could not be loaded.</p>
    ) : (
      <Skeleton height={160} aria-label="Loading the values" />
    );
  }
  return (
    <table className={styles.neighbours}>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Actual</th>
          <th scope="col">Expected</th>
        </tr>
      </thead>
      <tbody>
        {neighboursOf(complete, anomaly.date, EACH_SIDE).map((point) => (
          <tr key={point.time} data-peak={point.isPeak}>
            <td>{formatTime(point.time)}</td>
            <td>{numbers.full(point.value)}</td>
            <td>{numbers.about(point.expected)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
