import { Table } from '@mantine/core';
import { kindLabel } from '@/api/labels';
import { Card } from '@/components/Card';
import { counted, formatTime } from '@/components/format';
import cards from '@/components/PhoneCards.module.css';
import { TablePages } from '@/components/TablePages';
import { useTablePage } from '@/components/useTablePage';
import { AnomalyRow } from '../anomalies/AnomalyRow';
import styles from '../anomalies/AnomalyTable.module.css';
import { CertaintyCell } from '../anomalies/CertaintyCell';
import { metricLabel } from '../labels';
import type { PanelAnomaly } from './panels';

interface SharedAnomaliesProps {
  anomalies: readonly PanelAnomaly[];
  selected: PanelAnomaly | null;
  timeZone: string;
  onSelect: (id: string | null) => void;
  onExplain: (entry: PanelAnomaly) => void;
}

/** The anomalies of all metrics in order of time, and which of them happened together. */
export function SharedAnomalies({
  anomalies,
  selected,
  timeZone,
  onSelect,
  onExplain,
}: SharedAnomaliesProps) {
  const [page, setPage, rows] = useTablePage(anomalies, selected);
  const together = anomalies.filter((one) => one.together.length > 0).length;
  return (
    <Card
      flush
      title="Anomalies of these metrics"
      subtitle={
        anomalies.length === 0
          ? 'None'
          : `${counted(anomalies.length, 'anomaly', 'anomalies')} in order of time, ${together} of them at the same time as in another metric`
      }
    >
      {anomalies.length > 0 && (
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
                <Table.Th className={styles.numeric ?? ''}>Actual</Table.Th>
                <Table.Th className={styles.numeric ?? ''}>Expected range</Table.Th>
                <Table.Th>How sure</Table.Th>
                <Table.Th>Metric</Table.Th>
                <Table.Th>Together with</Table.Th>
                <Table.Th>
                  <span className="visually-hidden">Explanation</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((one) => (
                <SharedAnomalyRow
                  key={one.anomaly.id}
                  entry={one}
                  isSelected={one === selected}
                  onSelect={onSelect}
                  onExplain={onExplain}
                />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      <TablePages count={anomalies.length} none="No anomalies" page={page} onPage={setPage} />
    </Card>
  );
}

interface SharedAnomalyRowProps extends Pick<SharedAnomaliesProps, 'onSelect' | 'onExplain'> {
  entry: PanelAnomaly;
  isSelected: boolean;
}

function SharedAnomalyRow({ entry, isSelected, onSelect, onExplain }: SharedAnomalyRowProps) {
  const { panel, anomaly, together } = entry;
  const { metric, numbers } = panel;
  return (
    <AnomalyRow
      anomaly={anomaly}
      numbers={numbers}
      isSelected={isSelected}
      // J and K are the keyboard's way to the cursor; the button at the end explains.
      onRow={() => onSelect(isSelected ? null : anomaly.id)}
      explain={{
        label: `Explain the anomaly of ${metric.title} on ${formatTime(anomaly.date)}`,
        act: () => onExplain(entry),
      }}
    >
      <CertaintyCell anomaly={anomaly} />
      <Table.Td data-label="Metric">
        {metricLabel(metric)}, {kindLabel(anomaly).toLowerCase()}
      </Table.Td>
      <Table.Td data-label="Together with">{together.join(', ') || '–'}</Table.Td>
    </AnomalyRow>
  );
}
