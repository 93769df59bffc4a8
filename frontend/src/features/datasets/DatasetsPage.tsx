import { Button, Skeleton, Stack } from '@mantine/core';
import { IconDatabase, IconSearch, IconUpload } from '@tabler/icons-react';
import { useEffect } from 'react';
import { Link } from 'react-router';
import { LIST_PAGE, useDatasets } from '@/api/datasets';
import { Card } from '@/components/Card';
import { EmptyState } from '@/components/EmptyState';
import { ErrorState } from '@/components/ErrorState';
import { counted } from '@/components/format';
import { PageHeader } from '@/components/PageHeader';
import { TablePages } from '@/components/TablePages';
import { usePageTitle } from '@/components/usePageTitle';
import { DatasetFilters } from './DatasetFilters';
import { DatasetTable } from './DatasetTable';
import { SampleList } from './SampleList';
import { useDatasetChoice } from './useDatasetChoice';

export function DatasetsPage() {
  usePageTitle('Datasets');
  const { data, error, isPending, refetch } = useDatasets();
  return (
    <Stack gap="md">
      <PageHeader
        title="Datasets"
        subtitle={
          data && data.total > 0
            ? `${counted(data.total, 'dataset')}, ${data.total > 1 ? 'each ' : ''}analysed for anomalies`
            : undefined
        }
        actions={
          <Button component={Link} to="/upload" leftSection={<IconUpload size={17} />}>
            Upload
          </Button>
        }
      />
      {error && (
        <ErrorState title="Your datasets could not be loaded" error={error} onRetry={() => void refetch()} />
      )}
      {isPending && <ListSkeleton />}
      {data && data.total === 0 && (
        <>
          <FirstUpload />
          <SampleList />
        </>
      )}
      {data && data.total > 0 && <DatasetList />}
    </Stack>
  );
}

/** The datasets that are searched for, a page at a time: the server searches, filters and sorts. */
function DatasetList() {
  const [choice, change] = useDatasetChoice();
  const { data, error, isPending, refetch } = useDatasets(choice);
  const pages = data ? Math.max(1, Math.ceil(data.total / LIST_PAGE)) : choice.page;
  useEffect(() => {
    if (choice.page > pages) change({ page: pages });
  }, [choice.page, pages, change]);
  if (isPending) return <ListSkeleton />;
  return (
    <Card flush>
      <DatasetFilters choice={choice} onChange={change} />
      {error && (
        <ErrorState title="Your datasets could not be loaded" error={error} onRetry={() => void refetch()} />
      )}
      {data && data.items.length > 0 && (
        <DatasetTable datasets={data.items} order={choice.sort} onOrder={(sort) => change({ sort })} />
      )}
      {data && data.total > LIST_PAGE && (
        <TablePages
          count={data.total}
          none=""
          page={choice.page}
          perPage={LIST_PAGE}
          onPage={(page) => change({ page })}
        />
      )}
      {data && data.total === 0 && (
        <EmptyState
          icon={<IconSearch size={26} />}
          title="Nothing found"
          text={
            choice.search
              ? `No dataset has "${choice.search}" in its name or file name.`
              : 'No dataset has this status.'
          }
          action={
            <Button variant="default" onClick={() => change({ search: '', status: null })}>
              Show all
            </Button>
          }
        />
      )}
    </Card>
  );
}

function FirstUpload() {
  return (
    <Card>
      <EmptyState
        icon={<IconDatabase size={28} />}
        title="Upload your first dataset"
        text={
          <>
            Any table with a time column and numbers: CSV, Excel, JSON or Parquet. To look around first, open
            an example below.
          </>
        }
        action={
          <Button component={Link} to="/upload" leftSection={<IconUpload size={17} />}>
            Upload a file
          </Button>
        }
      />
    </Card>
  );
}

function ListSkeleton() {
  return (
    <Card>
      <Stack aria-busy="true">
        <span className="visually-hidden">Loading your datasets</span>
        {[0, 1, 2, 3].map((row) => (
          <Skeleton key={row} height={44} />
        ))}
      </Stack>
    </Card>
  );
}
