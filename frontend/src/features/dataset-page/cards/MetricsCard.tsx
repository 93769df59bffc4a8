import { Button, Skeleton, Table } from '@mantine/core';
import { useState } from 'react';
import type { Analysis, DatasetResponse, Metric } from '@/api/types';
import { Card } from '@/components/Card';
import { changeText } from '@/components/changes';
import { counted, formatTime } from '@/components/format';
import cards from '@/components/PhoneCards.module.css';
import { usePrinting } from '@/components/printing';
import { SEVERITIES, SeverityMark } from '@/components/SeverityMark';
import { Sparkline } from '@/components/Sparkline';
import { shapeOf } from '../chart/series';
import { metricLabel, numberFormatOf } from '../labels';
import { lastValueOf } from './last-value';
import styles from './MetricsCard.module.css';
import { openCount, useMetricOverviews } from './useMetricOverviews';

const FIRST_ROWS = 6;
const SHAPE_PARTS = 60;
const SEVERITY_WEIGHTS = { high: 10_000, medium: 100, low: 1 };

interface MetricsCardProps {
  dataset: DatasetResponse;
  current: string;
  onOpen: (metric: string) => void;
}

/** Every metric of the dataset in one line each, the most severe first. */
export function MetricsCard({ dataset, current, onOpen }: MetricsCardProps) {
  const overviews = useMetricOverviews(dataset, dataset.metrics.length > 1);
  const [showsAll, setShowsAll] = useState(false);
  const isPrinting = usePrinting();
  if (dataset.metrics.length < 2) return null;
  const sorted = overviews.toSorted((one, other) => weightOf(other.analysis) - weightOf(one.analysis));
  const shown = showsAll || isPrinting ? sorted : sorted.slice(0, FIRST_ROWS);
  const known = overviews.flatMap(({ analysis }) => (analysis ? [openCount(analysis)] : []));
  const open = known.reduce((sum, count) => sum + count, 0);
  const isComplete = known.length === dataset.metrics.length;
  return (
    <Card
      flush
      title="All metrics"
      subtitle={`${counted(dataset.metrics.length, 'metric')}${isComplete ? `, ${counted(open, 'open anomaly', 'open anomalies')}` : ''}, most severe first`}
    >
      <Table
        className={`${cards.cards} ${styles.table}`}
        aria-label="All metrics"
        verticalSpacing={7}
        horizontalSpacing="md"
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Metric</Table.Th>
            <Table.Th>Trend</Table.Th>
            <Table.Th className={styles.numeric ?? ''}>Last value</Table.Th>
            <Table.Th className={styles.numeric ?? ''}>Change</Table.Th>
            <Table.Th>Open anomalies</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map(({ metric, analysis }) => (
            <MetricRow
              key={metric.name}
              metric={metric}
              analysis={analysis}
              isCurrent={metric.name === current}
              onOpen={onOpen}
            />
          ))}
        </Table.Tbody>
      </Table>
      {sorted.length > FIRST_ROWS && (
        <Button
          variant="subtle"
          size="compact-sm"
          className={`${styles.more} screen-only`}
          onClick={() => setShowsAll(!showsAll)}
        >
          {showsAll ? 'Show fewer' : `Show all ${sorted.length}`}
        </Button>
      )}
    </Card>
  );
}

function weightOf(analysis: Analysis | undefined): number {
  if (!analysis) return -1;
  const counts = analysis.verdicts?.openSeverities ?? analysis.severities;
  return SEVERITIES.reduce((sum, severity) => sum + SEVERITY_WEIGHTS[severity] * counts[severity], 0);
}

interface MetricRowProps {
  metric: Metric;
  analysis: Analysis | undefined;
  isCurrent: boolean;
  onOpen: (metric: string) => void;
}

function MetricRow({ metric, analysis, isCurrent, onOpen }: MetricRowProps) {
  return (
    <Table.Tr className={styles.row ?? ''} aria-current={isCurrent ? 'true' : undefined}>
      <Table.Td className={styles.name ?? ''}>
        <button type="button" className={styles.open} onClick={() => onOpen(metric.name)}>
          {metricLabel(metric)}
        </button>
      </Table.Td>
      {analysis ? (
        <MetricCells analysis={analysis} />
      ) : (
        <Table.Td colSpan={4}>
          <Skeleton height={18} aria-label={`Loading ${metric.title}`} />
        </Table.Td>
      )}
    </Table.Tr>
  );
}

function MetricCells({ analysis }: { analysis: Analysis }) {
  const numbers = numberFormatOf(analysis);
  const last = lastValueOf(analysis, analysis.series, null);
  const change = last?.changes[0] ?? null;
  const counts = analysis.verdicts?.openSeverities ?? analysis.severities;
  return (
    <>
      <Table.Td className={styles.shape ?? ''}>
        <Sparkline values={shapeOf(analysis.series.value, SHAPE_PARTS)} width={130} height={26} />
      </Table.Td>
      <Table.Td className={styles.numeric ?? ''} data-label="Last value">
        <span title={last ? formatTime(last.time) : undefined}>{last ? numbers.short(last.value) : '–'}</span>
      </Table.Td>
      <Table.Td className={styles.numeric ?? ''} data-label="Change">
        {last && change ? (
          <span title={`Compared with ${change.label}`}>
            {changeText(last.value, change.earlier, numbers)}
          </span>
        ) : (
          '–'
        )}
      </Table.Td>
      <Table.Td data-label="Open anomalies">
        <span className={styles.counts}>
          {openCount(analysis) === 0 && <span className={styles.none}>None</span>}
          {SEVERITIES.filter((severity) => counts[severity] > 0).map((severity) => (
            <span key={severity} className={styles.severity} title={`${counts[severity]} ${severity}`}>
              <SeverityMark severity={severity} size={10} />
              {counts[severity]}
              <span className="visually-hidden"> {severity}</span>
            </span>
          ))}
        </span>
      </Table.Td>
    </>
  );
}
