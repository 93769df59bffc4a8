import { Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { DatasetChoice, StatusGroup } from '@/api/datasets';
import { GROUP_NAMES } from './useDatasetChoice';

const SETTLE_MS = 200; // a word is typed before the server is asked

const GROUP_LABELS: Record<StatusGroup, string> = {
  ready: 'Ready',
  active: 'In progress',
  failed: 'Failed',
};

interface DatasetFiltersProps {
  choice: DatasetChoice;
  onChange: (change: Partial<DatasetChoice>) => void;
}

export function DatasetFilters({ choice, onChange }: DatasetFiltersProps) {
  const [text, setText] = useState(choice.search);
  const write = useDebouncedCallback((search: string) => onChange({ search: search.trim() }), SETTLE_MS);
  // Changed elsewhere: by the button that shows all, or by going back. What is being typed stays.
  useEffect(() => setText((now) => (now.trim() === choice.search ? now : choice.search)), [choice.search]);
  return (
    <Group p="md" pb="sm" gap="sm">
      <TextInput
        aria-label="Search datasets"
        placeholder="Search by name or file"
        leftSection={<IconSearch size={16} />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          write(event.currentTarget.value);
        }}
        w={320}
        maw="100%"
      />
      <Select
        aria-label="Status"
        placeholder="Any status"
        data={GROUP_NAMES.map((value) => ({ value, label: GROUP_LABELS[value] }))}
        value={choice.status}
        clearable
        clearButtonProps={{ 'aria-label': 'Clear status' }}
        onChange={(value) => onChange({ status: GROUP_NAMES.find((name) => name === value) ?? null })}
        w={160}
      />
    </Group>
  );
}
