import { Badge, NativeSelect, ScrollArea, Table } from '@mantine/core';
import type { ColumnType, Preview, PreviewColumn } from '@/api/types';
import { counted } from '@/components/format';
import styles from './PreviewTable.module.css';

const SHOWN_ROWS = 8; // enough to see the shape without scrolling past the form

interface PreviewTableProps {
  preview: Preview;
  time: string | null;
  metrics: readonly string[];
  /** Types that the user chose. */
  chosenTypes: Readonly<Record<string, ColumnType>>;
  /** Changes the type of a column; null where types are settled. */
  onType: ((name: string, type: ColumnType | null) => void) | null;
}

export function PreviewTable({ preview, time, metrics, chosenTypes, onType }: PreviewTableProps) {
  const rows = preview.rows.slice(0, SHOWN_ROWS);
  return (
    <ScrollArea
      type="auto"
      viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'First rows of the file' }}
    >
      <Table className={styles.table ?? ''} withTableBorder={false}>
        <Table.Thead>
          <Table.Tr>
            {preview.columns.map((column) => (
              <Table.Th key={column.name} data-type={column.type} data-role={roleOf(column, time, metrics)}>
                <span className={styles.name}>{column.name}</span>
                <RoleBadge column={column} preview={preview} time={time} metrics={metrics} />
                {onType && (
                  <TypeSelect
                    column={column}
                    chosen={chosenTypes[column.name] ?? null}
                    onType={(type) => onType(column.name, type)}
                  />
                )}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a preview have no other name and never move.
            <Table.Tr key={index}>
              {preview.columns.map((column, place) => (
                <Table.Td key={column.name} data-type={column.type}>
                  {row[place] ?? <span className={styles.missing}>empty</span>}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}

function roleOf(column: PreviewColumn, time: string | null, metrics: readonly string[]): string {
  if (column.name === time) return 'time';
  return metrics.includes(column.name) ? 'metric' : 'none';
}

function RoleBadge({
  column,
  preview,
  time,
  metrics,
}: { column: PreviewColumn } & Pick<PreviewTableProps, 'preview' | 'time' | 'metrics'>) {
  const role = roleOf(column, time, metrics);
  if (role === 'time') return <Badge className={styles.time ?? ''}>Time</Badge>;
  if (role === 'metric') {
    return <Badge className={styles.metric ?? ''}>Analysed{column.unit ? ` (${column.unit})` : ''}</Badge>;
  }
  if (column.role === 'dimension') {
    const distinct = preview.dimensions.find(({ name }) => name === column.name)?.distinct ?? 0;
    return <Badge className={styles.other ?? ''}>Groups rows ({counted(distinct, 'value')})</Badge>;
  }
  return (
    <Badge className={styles.other ?? ''}>
      {column.type === 'empty' ? 'Empty' : `Kept as ${column.type}`}
    </Badge>
  );
}

const TYPES: { value: ColumnType; label: string }[] = [
  { value: 'number', label: 'Number' },
  { value: 'text', label: 'Text' },
  { value: 'time', label: 'Time' },
  { value: 'boolean', label: 'Yes or no' },
];

interface TypeSelectProps {
  column: PreviewColumn;
  chosen: ColumnType | null;
  onType: (type: ColumnType | null) => void;
}

function TypeSelect({ column, chosen, onType }: TypeSelectProps) {
  const detected = TYPES.find(({ value }) => value === column.type)?.label ?? 'Empty';
  const others = TYPES.filter(({ value }) => chosen !== null || value !== column.type);
  return (
    <NativeSelect
      size="xs"
      mt={4}
      miw={104}
      maw={150}
      ml={column.type === 'number' ? 'auto' : 0}
      aria-label={`Type of ${column.name}`}
      value={chosen ?? ''}
      onChange={(event) => onType((event.currentTarget.value || null) as ColumnType | null)}
      data={[{ value: '', label: chosen === null ? detected : 'Auto-detect' }, ...others]}
    />
  );
}
