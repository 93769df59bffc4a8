import { Group, Modal, Select, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { Comparison, Dataset, FigureChange, Metric } from '@/api/types';
import { ErrorState } from '@/components/ErrorState';
import {
  counted,
  decimalsFor,
  formatCount,
  formatTime,
  type NumberWords,
  numberWords,
} from '@/components/format';
import { SEVERITY_WORDS, SeverityMark } from '@/components/SeverityMark';
import { useComparison } from '../api';
import { kindWords, metricLabel } from '../words';
import styles from './CompareDialog.module.css';

const FIGURE_WORDS: Record<string, string> = {
  rows: 'Rows',
  count: 'Points',
  missing: 'Missing points',
  mean: 'Mean',
  median: 'Median',
  std_dev: 'Standard deviation',
  min: 'Smallest',
  max: 'Largest',
  q1: 'Lower quartile',
  q3: 'Upper quartile',
};
const COUNTS = new Set(['rows', 'count', 'missing']);

interface CompareDialogProps {
  datasetId: string;
  versions: readonly Dataset[];
  metric: Metric;
  onClose: () => void;
}

export function CompareDialog({ datasetId, versions, metric, onClose }: CompareDialogProps) {
  const [after, setAfter] = useState(versions[0]?.version ?? 1);
  const [before, setBefore] = useState(versions[1]?.version ?? 1);
  const { data, error, isPending, refetch } = useComparison(
    datasetId,
    metric.name,
    before,
    after,
    before !== after,
  );
  const choices = versions.map(({ version }) => ({ value: String(version), label: `Version ${version}` }));
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={`Compare versions: ${metricLabel(metric)}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="md">
        <Group grow>
          <Select
            label="From"
            data={choices}
            value={String(before)}
            allowDeselect={false}
            onChange={(text) => setBefore(Number(text))}
          />
          <Select
            label="To"
            data={choices}
            value={String(after)}
            allowDeselect={false}
            onChange={(text) => setAfter(Number(text))}
          />
        </Group>
        {before === after && <Text size="sm">Choose two different versions.</Text>}
        {before !== after && isPending && <Skeleton height={260} aria-label="Comparing" />}
        {error && (
          <ErrorState title="They could not be compared" error={error} onRetry={() => void refetch()} />
        )}
        {data && before !== after && <Differences comparison={data} unit={metric.unit} />}
      </Stack>
    </Modal>
  );
}

function Differences({ comparison, unit }: { comparison: Comparison; unit: string | null }) {
  const { figures, gone, changed, same } = comparison;
  const known = (wanted: string) => figures.find(({ name }) => name === wanted)?.after ?? null;
  const words = numberWords(unit, decimalsFor(known('std_dev'), known('mean')));
  const write = ({ name }: FigureChange, value: number | null) =>
    value === null ? '–' : COUNTS.has(name) ? formatCount(value) : words.full(value);
  return (
    <>
      <Table className={styles.table ?? ''} aria-label="Figures">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Figure</Table.Th>
            <Table.Th>Version {comparison.beforeVersion}</Table.Th>
            <Table.Th>Version {comparison.afterVersion}</Table.Th>
            <Table.Th>Change</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {figures.map((figure) => (
            <Table.Tr key={figure.name}>
              <Table.Td>{FIGURE_WORDS[figure.name] ?? figure.name}</Table.Td>
              <Table.Td>{write(figure, figure.before)}</Table.Td>
              <Table.Td>{write(figure, figure.after)}</Table.Td>
              <Table.Td>
                {figure.change === 0
                  ? 'none'
                  : COUNTS.has(figure.name)
                    ? numberWords(null, 0).change(figure.change)
                    : words.change(figure.change)}
                {figure.changePct !== null &&
                  figure.change !== 0 &&
                  ` (${numberWords('%', 1).change(figure.changePct)})`}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm">
        {counted(same, 'anomaly is', 'anomalies are')} the same, {comparison.new.length} new, {gone.length}{' '}
        gone, {changed.length} judged differently.
      </Text>
      <AnomalyList title="New" anomalies={comparison.new} words={words} />
      <AnomalyList title="Gone" anomalies={gone} words={words} />
      <AnomalyList
        title="Judged differently"
        anomalies={changed.map((change) => change.after)}
        words={words}
      />
    </>
  );
}

interface AnomalyListProps {
  title: string;
  anomalies: Comparison['new'];
  words: NumberWords;
}

function AnomalyList({ title, anomalies, words }: AnomalyListProps) {
  if (anomalies.length === 0) return null;
  return (
    <section>
      <h3 className={styles.heading}>{title}</h3>
      <ul className={styles.list}>
        {anomalies.map((anomaly) => (
          <li key={anomaly.id}>
            <SeverityMark severity={anomaly.severity} size={10} />
            {formatTime(anomaly.date)}: {words.full(anomaly.value)},{' '}
            {SEVERITY_WORDS[anomaly.severity].toLowerCase()}, {kindWords(anomaly).toLowerCase()}
          </li>
        ))}
      </ul>
    </section>
  );
}
