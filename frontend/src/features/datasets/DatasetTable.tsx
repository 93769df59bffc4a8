import { Table } from '@mantine/core';
import { Link, useNavigate } from 'react-router';
import { isSettled, useProgress } from '@/api/progress';
import type { DatasetOrder, DatasetResponse } from '@/api/types';
import { compactCount, counted, formatAgo, formatCount, formatInstant } from '@/components/format';
import cards from '@/components/PhoneCards.module.css';
import { SortHeading } from '@/components/SortHeading';
import { Sparkline } from '@/components/Sparkline';
import { StatusChip } from '@/components/StatusChip';
import { DatasetMenu } from './DatasetMenu';
import styles from './DatasetTable.module.css';

interface DatasetTableProps {
  datasets: readonly DatasetResponse[];
  order: DatasetOrder;
  onOrder: (order: DatasetOrder) => void;
}

type SortKey = Exclude<DatasetOrder, `-${string}`>;

export function DatasetTable({ datasets, order, onOrder }: DatasetTableProps) {
  const heading = {
    sort: sortOf(order),
    onSort: ({ key, descending }: Sort) => onOrder(descending ? `-${key}` : key),
  };
  return (
    <Table
      className={`${cards.cards} ${styles.table}`}
      verticalSpacing="sm"
      horizontalSpacing="md"
      highlightOnHover
    >
      <Table.Thead>
        <Table.Tr>
          <SortHeading {...heading} column="datasetName" label="Name" descendingFirst={false} />
          <Table.Th>Status</Table.Th>
          <SortHeading {...heading} column="rowCount" label="Rows" numeric />
          <SortHeading {...heading} column="anomalyCount" label="Anomalies" numeric />
          <Table.Th>Trend</Table.Th>
          <SortHeading {...heading} column="uploadedAt" label="Uploaded" />
          <Table.Th>
            <span className="visually-hidden">Actions</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {datasets.map((dataset) => (
          <DatasetRow key={dataset.id} dataset={dataset} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface Sort {
  key: SortKey;
  descending: boolean;
}

function sortOf(order: DatasetOrder): Sort {
  return { key: order.replace('-', '') as SortKey, descending: order.startsWith('-') };
}

function DatasetRow({ dataset }: { dataset: DatasetResponse }) {
  const navigate = useNavigate();
  const progress = useProgress(dataset.id, !isSettled(dataset.status) && dataset.status !== 'deleting');
  const status = progress?.version === dataset.version ? progress.status : dataset.status;
  const to = `/datasets/${dataset.id}`;
  return (
    <Table.Tr
      className={styles.row ?? ''}
      // The link in the first cell is the keyboard's way; the whole row is only a larger target.
      onClick={(event) => {
        if (!(event.target as Element).closest('a, button, [role="menu"], [role="dialog"]'))
          void navigate(to);
      }}
    >
      <Table.Td className={styles.name ?? ''}>
        <Link to={to} className={styles.link}>
          {dataset.datasetName}
        </Link>
        <span className={styles.file}>
          {dataset.fileName !== dataset.datasetName && (
            <span className={styles.fileName}>{dataset.fileName}</span>
          )}
          {dataset.version > 1 && <span>Version {dataset.version}</span>}
          {dataset.failure && status === 'failed' && (
            <span className={styles.failure}>{dataset.failure.message}</span>
          )}
        </span>
      </Table.Td>
      <Table.Td data-label="Status">
        <StatusChip status={status} fraction={progress?.fraction ?? null} />
      </Table.Td>
      <Table.Td data-label="Rows" className={styles.numeric ?? ''}>
        {dataset.rowCount === null ? (
          '–'
        ) : (
          <span title={counted(dataset.rowCount, 'row')}>{rows(dataset.rowCount)}</span>
        )}
      </Table.Td>
      <Table.Td data-label="Anomalies" className={styles.numeric ?? ''}>
        {dataset.anomalyCount === null ? '–' : formatCount(dataset.anomalyCount)}
      </Table.Td>
      <Table.Td className={styles.shape ?? ''}>
        <Sparkline values={dataset.sparkline} />
      </Table.Td>
      <Table.Td data-label="Uploaded" className={styles.when ?? ''}>
        <time dateTime={dataset.uploadedAt} title={formatInstant(dataset.uploadedAt)}>
          {formatAgo(dataset.uploadedAt)}
        </time>
      </Table.Td>
      <Table.Td className={styles.menu ?? ''}>
        <DatasetMenu dataset={{ ...dataset, status }} />
      </Table.Td>
    </Table.Tr>
  );
}

/** All digits while they are few: 129,600, then 12.4M. */
function rows(count: number): string {
  return count < 1_000_000 ? formatCount(count) : compactCount(count);
}
