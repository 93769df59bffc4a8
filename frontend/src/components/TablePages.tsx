import { Group, Pagination, Text } from '@mantine/core';

export const PER_PAGE = 8;

interface TablePagesProps {
  count: number;
  /** The text where there is nothing to show. */
  none: string;
  page: number;
  onPage: (page: number) => void;
}

/** The foot of a table: which lines are shown, and the way to the others. */
export function TablePages({ count, none, page, onPage }: TablePagesProps) {
  const first = (page - 1) * PER_PAGE;
  const pages = Math.max(1, Math.ceil(count / PER_PAGE));
  return (
    <Group justify="space-between" px="md" py="sm" className="screen-only">
      <Text size="sm" c="dimmed" className="number">
        {count === 0 ? none : `${first + 1} to ${Math.min(first + PER_PAGE, count)} of ${count}`}
      </Text>
      {pages > 1 && (
        <Pagination
          total={pages}
          value={page}
          onChange={onPage}
          size="sm"
          getItemProps={(item) => ({ 'aria-label': `Page ${item}` })}
          getControlProps={(control) => ({ 'aria-label': `${control} page` })}
        />
      )}
    </Group>
  );
}
