import { Badge, NativeSelect, ScrollArea, Stack, Table } from '@mantine/core';
import type { ColumnType, Preview, PreviewColumn } from '@/api/types';
import { counted } from '@/components/format';
import { offeredRoles, type Role } from './column-roles';
import styles from './PreviewTable.module.css';

const SHOWN_ROWS = 8; // enough to see the shape without scrolling past the form

interface PreviewTableProps {
  preview: Preview;
  roleOf: (column: PreviewColumn) => Role;
  /** Changes the role of a column; null where roles are settled. */
  onRole: ((name: string, role: Role) => void) | null;
  /** Types that the user chose. */
  chosenTypes: Readonly<Record<string, ColumnType>>;
  /** Changes the type of a column; null where types are settled. */
  onType: ((name: string, type: ColumnType | null) => void) | null;
}

export function PreviewTable({ preview, ...props }: PreviewTableProps) {
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
              <ColumnHead key={column.name} column={column} preview={preview} {...props} />
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

type ColumnHeadProps = PreviewTableProps & { column: PreviewColumn };

/** A column's name and what it is taken for, to be corrected. */
function ColumnHead({ column, preview, roleOf, onRole, chosenTypes, onType }: ColumnHeadProps) {
  const role = roleOf(column);
  return (
    <Table.Th data-type={column.type} data-role={role}>
      <span className={styles.name}>{column.name}</span>
      <RoleBadge column={column} role={role} preview={preview} />
      <Stack gap={4} mt={4} align={column.type === 'number' ? 'flex-end' : 'flex-start'}>
        {onRole && (
          <RoleSelect column={column} role={role} onRole={(chosen) => onRole(column.name, chosen)} />
        )}
        {onType && (
          <TypeSelect
            column={column}
            chosen={chosenTypes[column.name] ?? null}
            onType={(type) => onType(column.name, type)}
          />
        )}
      </Stack>
    </Table.Th>
  );
}

function RoleBadge({ column, role, preview }: { column: PreviewColumn; role: Role; preview: Preview }) {
  if (role === 'time') return <Badge className={styles.time ?? ''}>Time</Badge>;
  if (role === 'metric') {
    return <Badge className={styles.metric ?? ''}>Analysed{column.unit ? ` (${column.unit})` : ''}</Badge>;
  }
  if (role === 'dimension' && column.role === 'dimension') {
    const distinct = preview.dimensions.find(({ name }) => name === column.name)?.distinct ?? 0;
    return <Badge className={styles.other ?? ''}>Groups rows ({counted(distinct, 'value')})</Badge>;
  }
  return (
    <Badge className={styles.other ?? ''}>
      {column.type === 'empty' ? 'Empty' : `Kept as ${column.type}`}
    </Badge>
  );
}

const ROLES: Record<Role, string> = {
  time: 'Time',
  metric: 'Metric',
  dimension: 'Dimension',
  neither: 'Neither',
};

interface RoleSelectProps {
  column: PreviewColumn;
  role: Role;
  onRole: (role: Role) => void;
}

function RoleSelect({ column, role, onRole }: RoleSelectProps) {
  const offered = offeredRoles(column, role);
  return (
    <NativeSelect
      size="xs"
      miw={104}
      maw={150}
      aria-label={`Role of ${column.name}`}
      title={role === 'time' ? 'Give another column the role of the time to change this one' : undefined}
      disabled={offered.length === 1}
      value={role}
      onChange={(event) => {
        const chosen = offered.find((one) => one === event.currentTarget.value);
        if (chosen) onRole(chosen);
      }}
      data={offered.map((value) => ({ value, label: ROLES[value] }))}
    />
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
      miw={104}
      maw={150}
      aria-label={`Type of ${column.name}`}
      value={chosen ?? ''}
      onChange={(event) => onType((event.currentTarget.value || null) as ColumnType | null)}
      data={[{ value: '', label: chosen === null ? detected : 'Auto-detect' }, ...others]}
    />
  );
}
