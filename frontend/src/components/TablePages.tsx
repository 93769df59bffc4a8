import { Group, Pagination, Space, Text } from '@mantine/core';
import { formatCount } from './format';

export const PER_PAGE = 8;

interface TablePagesProps {
  count: number;
  /** The text where there is nothing to show. */
  none: string;
  page: number;
  perPage?: number;
  onPage: (page: number) => void;
}

/** The foot of a table: which lines are shown, and the way to the others. */
export function TablePages({ count, none, page, perPage = PER_PAGE, onPage }: TablePagesProps) {
  const first = (page - 1) * perPage;
  const pages = Math.max(1, Math.ceil(count / perPage));
  // One page needs no way to others; how many there are stands above the table.
  if (pages === 1 && count > 0) return <Space h="sm" />;
  return (
    <Group justify="space-between" px="md" py="sm" className="screen-only">
      <Text size="sm" c="dimmed" className="number">
        {count === 0
          ? none
          : `${formatCount(first + 1)} to ${formatCount(Math.min(first + perPage, count))} of ${formatCount(count)}`}
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
