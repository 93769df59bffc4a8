import { Table } from '@mantine/core';
import { Card } from '@/components/Card';
import { counted, formatTime } from '@/components/format';
import cards from '@/components/PhoneCards.module.css';
import { TablePages } from '@/components/TablePages';
import { useTablePage } from '@/components/useTablePage';
import { AnomalyRow } from '../anomalies/AnomalyRow';
import styles from '../anomalies/AnomalyTable.module.css';
import { kindWords, metricLabel } from '../words';
import type { Found } from './panels';

interface FoundTableProps {
  found: readonly Found[];
  selected: Found | null;
  timeZone: string;
  onSelect: (id: string | null) => void;
  onExplain: (found: Found) => void;
}

/** The anomalies of all metrics in order of time, and which of them came together. */
export function FoundTable({ found, selected, timeZone, onSelect, onExplain }: FoundTableProps) {
  const [page, setPage, rows] = useTablePage(found, selected);
  const together = found.filter((one) => one.together.length > 0).length;
  return (
    <Card
      flush
      title="Anomalies of these metrics"
      subtitle={
        found.length === 0
          ? 'None at this sensitivity'
          : `${counted(found.length, 'anomaly', 'anomalies')} in order of time, ${together} of them at the same time as another metric's`
      }
    >
      {found.length > 0 && (
        <div className={styles.scroll}>
          <Table
            className={`${cards.cards} ${styles.table}`}
            aria-label="Anomalies of these metrics"
            verticalSpacing={9}
            horizontalSpacing="md"
          >
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Severity</Table.Th>
                <Table.Th>Time ({timeZone})</Table.Th>
                <Table.Th className={styles.numeric ?? ''}>Reading</Table.Th>
                <Table.Th className={styles.numeric ?? ''}>Expected range</Table.Th>
                <Table.Th>Metric</Table.Th>
                <Table.Th>Together with</Table.Th>
                <Table.Th>
                  <span className="visually-hidden">Explanation</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((one) => (
                <FoundRow
                  key={one.anomaly.id}
                  found={one}
                  isSelected={one === selected}
                  onSelect={onSelect}
                  onExplain={onExplain}
                />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      <TablePages count={found.length} none="No anomaly found" page={page} onPage={setPage} />
    </Card>
  );
}

interface FoundRowProps extends Pick<FoundTableProps, 'onSelect' | 'onExplain'> {
  found: Found;
  isSelected: boolean;
}

function FoundRow({ found, isSelected, onSelect, onExplain }: FoundRowProps) {
  const { panel, anomaly, together } = found;
  const { metric, words } = panel;
  return (
    <AnomalyRow
      anomaly={anomaly}
      words={words}
      isSelected={isSelected}
      // J and K are the keyboard's way to the cursor; the button at the end explains.
      onRow={() => onSelect(isSelected ? null : anomaly.id)}
      explain={{
        label: `Explain the anomaly of ${metric.title} on ${formatTime(anomaly.date)}`,
        act: () => onExplain(found),
      }}
    >
      <Table.Td data-label="Metric">
        {metricLabel(metric)}, {kindWords(anomaly).toLowerCase()}
      </Table.Td>
      <Table.Td data-label="Together with">{together.join(', ') || '–'}</Table.Td>
    </AnomalyRow>
  );
}
