import { Button, Group, NativeSelect } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { DatasetResponse } from '@/api/types';
import { NO_VALUE } from '../labels';
import { type ChangeView, MOST_CONDITIONS, type View } from '../view';

interface SegmentFilterProps {
  dataset: DatasetResponse;
  view: View;
  changeView: ChangeView;
}

/** Which rows count: a chip for each value, and a list of further values. */
export function SegmentFilter({ dataset, view, changeView }: SegmentFilterProps) {
  const { where } = view;
  const setWhere = (conditions: readonly string[]) =>
    changeView({ where: conditions, selected: null }, { push: true });
  const groups = dataset.dimensions.map(({ name, values }) => ({
    group: name,
    items: values
      .map(({ value }) => ({ value: `${name}:${value}`, label: value || NO_VALUE }))
      .filter(({ value }) => !where.includes(value)),
  }));
  if (where.length === 0 && groups.length === 0) return null;
  return (
    <Group gap={8} role="group" aria-label="Rows">
      {where.map((condition) => (
        <Button
          key={condition}
          size="compact-sm"
          variant="light"
          rightSection={<IconX size={14} aria-hidden />}
          aria-label={`Remove the filter ${conditionLabel(condition)}`}
          onClick={() => setWhere(where.filter((other) => other !== condition))}
        >
          {conditionLabel(condition)}
        </Button>
      ))}
      {where.length < MOST_CONDITIONS && groups.length > 0 && (
        <NativeSelect
          size="xs"
          aria-label="Filter rows by a value"
          value=""
          onChange={({ currentTarget }) => setWhere([...where, currentTarget.value])}
          data={[{ value: '', label: where.length > 0 ? 'Another value' : 'All rows' }, ...groups]}
        />
      )}
    </Group>
  );
}

/** region:North is "region: North". */
export function conditionLabel(condition: string): string {
  const at = condition.indexOf(':');
  return `${condition.slice(0, at)}: ${condition.slice(at + 1) || NO_VALUE}`;
}
