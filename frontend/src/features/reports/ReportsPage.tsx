import { ActionIcon, Button, Group, Skeleton, Stack, Table } from '@mantine/core';
import { IconDownload, IconFileAnalytics, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { downloadReport, FORMAT_LABELS, useDeleteReport, useReports } from '@/api/reports';
import type { ReportResponse } from '@/api/types';
import { Card } from '@/components/Card';
import { EmptyState } from '@/components/EmptyState';
import { ErrorState } from '@/components/ErrorState';
import { formatAgo, formatBytes, formatInstant } from '@/components/format';
import { notifyFailure } from '@/components/notify';
import { PageHeader } from '@/components/PageHeader';
import cards from '@/components/PhoneCards.module.css';
import { usePageTitle } from '@/components/usePageTitle';
import { ReportProgress } from './ReportProgress';
import styles from './ReportsPage.module.css';

export function ReportsPage() {
  usePageTitle('Reports');
  const { data, error, isPending, refetch } = useReports();
  return (
    <Stack gap="md">
      <PageHeader title="Reports" subtitle="Reports are snapshots: they stay even if the dataset changes." />
      {error && (
        <ErrorState title="Your reports could not be loaded" error={error} onRetry={() => void refetch()} />
      )}
      {isPending && <Skeleton height={180} aria-label="Loading your reports" />}
      {data && data.items.length === 0 && (
        <Card>
          <EmptyState
            icon={<IconFileAnalytics size={28} />}
            title="No reports yet"
            text="Open a dataset and choose Download report to get a PDF, web page, CSV or JSON file."
            action={
              <Button component={Link} to="/datasets">
                Go to your datasets
              </Button>
            }
          />
        </Card>
      )}
      {data && data.items.length > 0 && (
        <Card flush>
          <div className={styles.scroll}>
            <Table
              className={`${cards.cards} ${styles.table}`}
              verticalSpacing="sm"
              horizontalSpacing="md"
              aria-label="Reports"
            >
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Report</Table.Th>
                  <Table.Th>Format</Table.Th>
                  <Table.Th>Created</Table.Th>
                  <Table.Th>
                    <span className="visually-hidden">Actions</span>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.items.map((report) => (
                  <ReportRow key={report.reportId} report={report} />
                ))}
              </Table.Tbody>
            </Table>
          </div>
        </Card>
      )}
    </Stack>
  );
}

function ReportRow({ report }: { report: ReportResponse }) {
  const remove = useDeleteReport();
  const [busy, setBusy] = useState(false);
  const fetchFile = async () => {
    setBusy(true);
    await downloadReport(report).catch((error: unknown) =>
      notifyFailure('The report could not be downloaded', error),
    );
    setBusy(false);
  };
  return (
    <Table.Tr className={styles.row ?? ''}>
      <Table.Td className={styles.name ?? ''}>
        {report.datasetName}: {report.metricTitle}
        <span className={styles.note}>
          Version {report.version}
          {report.sizeBytes === null ? '' : `, ${formatBytes(report.sizeBytes)}`}
        </span>
        {report.failure && <span className={styles.failure}>{report.failure.message}</span>}
      </Table.Td>
      <Table.Td>{FORMAT_LABELS[report.format]}</Table.Td>
      <Table.Td className={styles.when ?? ''}>
        <time dateTime={report.createdAt} title={formatInstant(report.createdAt)}>
          {formatAgo(report.createdAt)}
        </time>
      </Table.Td>
      <Table.Td>
        <Group gap={6} justify="flex-end" wrap="nowrap">
          {report.status === 'queued' && <ReportProgress report={report} />}
          {report.status === 'ready' && (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconDownload size={15} />}
              loading={busy}
              onClick={() => void fetchFile()}
              aria-label={`Download ${report.fileName}`}
            >
              Download
            </Button>
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            c="var(--ink-muted)"
            aria-label={`Delete ${report.fileName}`}
            loading={remove.isPending}
            onClick={() =>
              remove.mutate(report.reportId, {
                onError: (error) => notifyFailure('The report could not be deleted', error),
              })
            }
          >
            <IconTrash size={17} />
          </ActionIcon>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
