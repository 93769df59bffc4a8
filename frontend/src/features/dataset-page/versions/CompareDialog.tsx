import { Button, Group, Modal, Select, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { kindLabel, labelOf } from '@/api/labels';
import type { Anomaly, Comparison, DatasetResponse, FigureChange, Metric } from '@/api/types';
import { percentChange } from '@/components/changes';
import { ErrorState } from '@/components/ErrorState';
import {
  counted,
  decimalsFor,
  formatCount,
  formatEvent,
  formatTime,
  type NumberFormat,
  numberFormat,
} from '@/components/format';
import { SeverityMark } from '@/components/SeverityMark';
import { useComparison } from '../api';
import { metricLabel } from '../labels';
import styles from './CompareDialog.module.css';

const FIGURE_LABELS: Record<string, string> = {
  rows: 'Rows',
  count: 'Points',
  missing: 'Missing points',
  mean: 'Mean',
  median: 'Median',
  std_dev: 'Standard deviation',
  min: 'Minimum',
  max: 'Maximum',
  q1: 'Lower quartile',
  q3: 'Upper quartile',
};
const COUNTS = new Set(['rows', 'count', 'missing']);

interface CompareDialogProps {
  datasetId: string;
  versions: readonly DatasetResponse[];
  /** The version on the page: it is compared with the newest, that with the one before. */
  shown: number;
  metric: Metric;
  onShow: (version: number, anomaly: string) => void;
  onClose: () => void;
}

export function CompareDialog({ datasetId, versions, shown, metric, onShow, onClose }: CompareDialogProps) {
  const newest = versions[0]?.version ?? 1;
  const [after, setAfter] = useState(newest);
  const [before, setBefore] = useState(shown < newest ? shown : (versions[1]?.version ?? 1));
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
        {before !== after && isPending && <Skeleton height={260} role="status" aria-label="Comparing" />}
        {error && (
          <ErrorState
            title="The versions could not be compared"
            error={error}
            onRetry={() => void refetch()}
          />
        )}
        {data && before !== after && <Differences comparison={data} unit={metric.unit} onShow={onShow} />}
      </Stack>
    </Modal>
  );
}

interface DifferencesProps {
  comparison: Comparison;
  unit: string | null;
  onShow: (version: number, anomaly: string) => void;
}

function Differences({ comparison, unit, onShow }: DifferencesProps) {
  const { figures, gone, changed, same, beforeVersion, afterVersion } = comparison;
  const known = (wanted: string) => figures.find(({ name }) => name === wanted)?.after ?? null;
  const spread = known('std_dev');
  const numbers = numberFormat(unit, decimalsFor(spread, known('mean')), false, spread);
  const write = ({ name }: FigureChange, value: number | null) =>
    value === null ? '–' : COUNTS.has(name) ? formatCount(value) : numbers.full(value);
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
              <Table.Td>{FIGURE_LABELS[figure.name] ?? figure.name}</Table.Td>
              <Table.Td>{write(figure, figure.before)}</Table.Td>
              <Table.Td>{write(figure, figure.after)}</Table.Td>
              <Table.Td>
                {figure.change === 0
                  ? 'unchanged'
                  : COUNTS.has(figure.name)
                    ? numberFormat(null, 0).change(figure.change)
                    : numbers.change(figure.change)}
                {hasShare(figure, unit) && ` (${percentChange(figure.changePct ?? 0)})`}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm">
        {counted(same, 'anomaly', 'anomalies')} unchanged, {comparison.new.length} new, {gone.length} gone,{' '}
        {changed.length} changed.
      </Text>
      <AnomalyList
        title={`New in version ${afterVersion}`}
        entries={comparison.new.map((after) => ({ anomaly: after, before: null }))}
        numbers={numbers}
        onShow={(id) => onShow(afterVersion, id)}
      />
      <AnomalyList
        title={`Gone since version ${beforeVersion}`}
        entries={gone.map((anomaly) => ({ anomaly, before: null }))}
        numbers={numbers}
        onShow={(id) => onShow(beforeVersion, id)}
      />
      <AnomalyList
        title="Changed"
        entries={changed.map(({ before, after }) => ({ anomaly: after, before }))}
        numbers={numbers}
        onShow={(id) => onShow(afterVersion, id)}
      />
    </>
  );
}

/** A share of a percentage would be taken for percentage points. */
function hasShare({ name, change, changePct }: FigureChange, unit: string | null): boolean {
  return changePct !== null && change !== 0 && (unit !== '%' || COUNTS.has(name));
}

interface AnomalyListProps {
  title: string;
  /** Each as it stands in the later version, and in the earlier one where it was judged differently. */
  entries: readonly { anomaly: Anomaly; before: Anomaly | null }[];
  numbers: NumberFormat;
  onShow: (id: string) => void;
}

function AnomalyList({ title, entries, numbers, onShow }: AnomalyListProps) {
  if (entries.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 className={styles.heading}>{title}</h3>
      <ul className={styles.list}>
        {entries.map(({ anomaly, before }) => (
          <li key={anomaly.id}>
            <SeverityMark severity={anomaly.severity} size={10} />
            <span className={styles.words}>
              <strong>{formatEvent(anomaly)}</strong>: {judged(anomaly, numbers)}
              {before && <span className={styles.before}>before: {judged(before, numbers)}</span>}
            </span>
            <Button
              variant="subtle"
              size="compact-sm"
              aria-label={`Show the anomaly of ${formatTime(anomaly.date)}`}
              onClick={() => onShow(anomaly.id)}
            >
              Show
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function judged(anomaly: Anomaly, numbers: NumberFormat): string {
  const severity = labelOf('severities', anomaly.severity).toLowerCase();
  const certainty = labelOf('certainties', anomaly.certainty).toLowerCase();
  return `${numbers.full(anomaly.value)}, ${severity}, ${certainty}, ${kindLabel(anomaly).toLowerCase()}`;
}
