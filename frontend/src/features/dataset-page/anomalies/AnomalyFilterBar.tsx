import { Button, Group, Popover, Select, Stack, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconFilter, IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { labelOf } from '@/api/labels';
import type { Anomaly, Kind } from '@/api/types';
import { SEVERITIES } from '@/components/SeverityMark';

import styles from './AnomalyTable.module.css';
import { type AnomalyFilters, countFilters, NO_FILTERS } from './triage';

const SETTLE_MS = 200; // a word is typed before the list and the address change

interface AnomalyFilterBarProps {
  anomalies: readonly Anomaly[];
  filters: AnomalyFilters;
  onFilters: (filters: AnomalyFilters) => void;
}

export function AnomalyFilterBar({ anomalies, filters, onFilters }: AnomalyFilterBarProps) {
  const set = (change: Partial<AnomalyFilters>) => onFilters({ ...filters, ...change });
  const count = countFilters({ ...filters, search: null, severity: null, status: null });
  return (
    <div className={`${styles.filters} screen-only`}>
      <SearchField value={filters.search} onChange={(search) => set({ search })} />
      <FilterSelect
        label="Status"
        value={filters.status}
        choices={[
          { value: 'open', label: 'Open' },
          { value: 'closed', label: 'Closed' },
        ]}
        onChange={(status) => set({ status })}
      />
      <FilterSelect
        label="Severity"
        value={filters.severity}
        choices={SEVERITIES.map((value) => ({ value, label: labelOf('severities', value) }))}
        onChange={(severity) => set({ severity })}
      />
      <Popover position="bottom-start" withinPortal={false}>
        <Popover.Target>
          <Button variant="default" size="xs" leftSection={<IconFilter size={14} />}>
            {count > 0 ? `More filters (${count})` : 'More filters'}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <MoreFilters anomalies={anomalies} filters={filters} set={set} />
        </Popover.Dropdown>
      </Popover>
      {countFilters(filters) > 0 && (
        <Button variant="subtle" size="xs" onClick={() => onFilters(NO_FILTERS)}>
          Clear filters
        </Button>
      )}
    </div>
  );
}

interface MoreFiltersProps {
  anomalies: readonly Anomaly[];
  filters: AnomalyFilters;
  set: (change: Partial<AnomalyFilters>) => void;
}

function MoreFilters({ anomalies, filters, set }: MoreFiltersProps) {
  const kinds = [...new Set(anomalies.map(({ kind }) => kind))];
  return (
    <Stack gap="sm">
      <FilterSelect
        label="Direction"
        value={filters.side}
        choices={[
          { value: 'up', label: 'Above the range' },
          { value: 'down', label: 'Below the range' },
        ]}
        onChange={(side) => set({ side })}
      />
      <FilterSelect
        label="Kind"
        value={filters.kind}
        choices={kinds.map((value: Kind) => ({ value, label: labelOf('kinds', value) }))}
        onChange={(kind) => set({ kind })}
      />
      <Group gap="sm" wrap="nowrap">
        <TextInput
          label="From"
          type="date"
          size="xs"
          value={filters.since ?? ''}
          onChange={(event) => set({ since: event.currentTarget.value || null })}
        />
        <TextInput
          label="To"
          type="date"
          size="xs"
          value={filters.until ?? ''}
          onChange={(event) => set({ until: event.currentTarget.value || null })}
        />
      </Group>
    </Stack>
  );
}

interface FilterSelectProps<T extends string> {
  label: string;
  value: T | null;
  choices: { value: T; label: string }[];
  onChange: (value: T | null) => void;
}

function FilterSelect<T extends string>({ label, value, choices, onChange }: FilterSelectProps<T>) {
  return (
    <Select
      size="xs"
      aria-label={label}
      placeholder={label}
      className={styles.filter ?? ''}
      data={choices}
      value={value}
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${label.toLowerCase()}` }}
      comboboxProps={{ withinPortal: false }}
      onChange={(chosen) => onChange(choices.find((one) => one.value === chosen)?.value ?? null)}
    />
  );
}

function SearchField({
  value,
  onChange,
}: {
  value: string | null;
  onChange: (value: string | null) => void;
}) {
  const [text, setText] = useState(value ?? '');
  const write = useDebouncedCallback((next: string) => onChange(next.trim() || null), SETTLE_MS);
  // Cleared or changed elsewhere: by the button beside it, or by going back.
  useEffect(() => setText(value ?? ''), [value]);
  return (
    <TextInput
      size="xs"
      aria-label="Search anomalies"
      placeholder="Search"
      leftSection={<IconSearch size={14} />}
      className={styles.search ?? ''}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        write(event.currentTarget.value);
      }}
    />
  );
}
