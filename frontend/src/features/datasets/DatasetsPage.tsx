import { Button, Group, Skeleton, Stack, TextInput } from '@mantine/core';
import { IconDatabase, IconSearch, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useDatasets } from '@/api/datasets';
import { Card } from '@/components/Card';
import { EmptyState } from '@/components/EmptyState';
import { ErrorState } from '@/components/ErrorState';
import { counted } from '@/components/format';
import { PageHeader } from '@/components/PageHeader';
import { usePageTitle } from '@/components/usePageTitle';
import { DatasetTable } from './DatasetTable';
import { SampleList } from './SampleList';
import { chosenDatasets, type Sort } from './sortDatasets';

export function DatasetsPage() {
  usePageTitle('Datasets');
  const { data, error, isPending, refetch } = useDatasets();
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<Sort>({ key: 'uploaded', descending: true });
  const shown = data ? chosenDatasets(data.items, search, sort) : [];

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
      {data && data.items.length === 0 && (
        <>
          <FirstUpload />
          <SampleList />
        </>
      )}
      {data && data.items.length > 0 && (
        <Card flush>
          <Group p="md" pb="sm">
            <TextInput
              aria-label="Search datasets"
              placeholder="Search by name or file"
              leftSection={<IconSearch size={16} />}
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
              w={320}
              maw="100%"
            />
          </Group>
          {shown.length > 0 ? (
            <DatasetTable datasets={shown} sort={sort} onSort={setSort} />
          ) : (
            <EmptyState
              icon={<IconSearch size={26} />}
              title="Nothing found"
              text={`No dataset has "${search.trim()}" in its name.`}
              action={
                <Button variant="default" onClick={() => setSearch('')}>
                  Show all
                </Button>
              }
            />
          )}
        </Card>
      )}
    </Stack>
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
            Any table with a time column and numbers: CSV, JSON or Parquet. To look around first, open an
            example below.
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
