import { Table } from '@mantine/core';
import styles from './FiguresTable.module.css';
import { formatCount } from './format';

const MOST_ROWS = 500; // more would make the page slow, and too many to read; a zoom chooses others

export interface Figures {
  columns: string[];
  rows: string[][];
}

export function FiguresTable({ label, columns, rows }: Figures & { label: string }) {
  const shown = rows.slice(0, MOST_ROWS);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section className={styles.scroll} aria-label={`${label}: figures`} tabIndex={0}>
      <Table className={styles.table ?? ''} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column} scope="col">
                {column}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map((row) => (
            <Table.Tr key={row[0]}>
              {row.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells have no other name than their column.
                <Table.Td key={index}>{cell}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {rows.length > shown.length && (
        <p className={styles.more}>
          The first {formatCount(shown.length)} of {formatCount(rows.length)} lines. Zoom in to choose others.
        </p>
      )}
    </section>
  );
}
