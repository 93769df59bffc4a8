import { Select } from '@mantine/core';
import type { DatasetResponse } from '@/api/types';
import { useMetricCounts } from '../cards/useMetricOverviews';
import { metricLabel, metricOf } from '../labels';
import styles from './TitleRow.module.css';

const CHARACTER_PX = 7.4; // of Inter at 14 px
const ARROW_PX = 46;
const SEARCHABLE_FROM = 9; // more than a list shows without scrolling

interface MetricSelectProps {
  dataset: DatasetResponse;
  metric: string | null;
  onChoose: (metric: string) => void;
}

/** The metrics of a dataset, each with how many open anomalies it has, as far as that is known. */
export function MetricSelect({ dataset, metric, onChoose }: MetricSelectProps) {
  const counts = useMetricCounts(dataset);
  const { metrics } = dataset;
  const chosen = metricLabel(metricOf(dataset, metric ?? ''));
  return (
    <Select
      aria-label="Metric"
      className={styles.metric ?? ''}
      classNames={{ input: styles.name ?? '' }}
      // As wide as the name, within limits; the list has the whole of it.
      style={{ '--wanted': `${chosen.length * CHARACTER_PX + ARROW_PX}px` }}
      title={chosen}
      data={metrics.map((one) => ({ value: one.name, label: metricLabel(one) }))}
      renderOption={({ option }) => (
        <span className={styles.option}>
          {option.label}
          <span className={styles.count}>{countLabel(counts.get(option.value))}</span>
        </span>
      )}
      value={metric}
      onChange={(choice) => choice !== null && onChoose(choice)}
      allowDeselect={false}
      searchable={metrics.length >= SEARCHABLE_FROM}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
    />
  );
}

function countLabel(count: number | undefined): string {
  if (count === undefined) return '';
  return count === 0 ? 'none open' : `${count} open`;
}
