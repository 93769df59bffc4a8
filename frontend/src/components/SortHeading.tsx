import { Table, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconSelector } from '@tabler/icons-react';
import styles from './SortHeading.module.css';

interface SortHeadingProps<K extends string> {
  column: K;
  label: string;
  sort: { key: K; descending: boolean };
  onSort: (sort: { key: K; descending: boolean }) => void;
  numeric?: boolean;
  /** The order of the first click: figures from the largest, names from A. */
  descendingFirst?: boolean;
}

/** The heading of a column that can be sorted by. */
export function SortHeading<K extends string>(props: SortHeadingProps<K>) {
  const { column, label, sort, onSort, numeric = false, descendingFirst = true } = props;
  const active = sort.key === column;
  const Icon = active ? (sort.descending ? IconArrowDown : IconArrowUp) : IconSelector;
  return (
    <Table.Th
      aria-sort={active ? (sort.descending ? 'descending' : 'ascending') : 'none'}
      className={numeric ? (styles.numeric ?? '') : ''}
    >
      <UnstyledButton
        className={styles.sort ?? ''}
        onClick={() => onSort({ key: column, descending: active ? !sort.descending : descendingFirst })}
      >
        {label}
        <Icon size={14} aria-hidden />
      </UnstyledButton>
    </Table.Th>
  );
}
