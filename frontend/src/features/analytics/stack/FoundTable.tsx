import { Button, Table } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Card } from '@/components/Card';
import { counted, formatTime } from '@/components/format';
import cards from '@/components/PhoneCards.module.css';
import { SEVERITY_WORDS, SeverityMark } from '@/components/SeverityMark';
import { PER_PAGE, TablePages } from '@/components/TablePages';
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
  const [page, setPage] = useState(1);
  useEffect(() => {
    const place = selected ? found.indexOf(selected) : -1;
    setPage(place === -1 ? 1 : Math.floor(place / PER_PAGE) + 1);
  }, [selected, found]);
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
              {found.slice((page - 1) * PER_PAGE, page * PER_PAGE).map((one) => (
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
    <Table.Tr
      className={styles.row ?? ''}
      aria-selected={isSelected}
      // J and K are the keyboard's way to the cursor; the button at the end explains.
      onClick={(event) => {
        if (!(event.target as Element).closest('button')) onSelect(isSelected ? null : anomaly.id);
      }}
    >
      <Table.Td>
        <span className={styles.severity}>
          <SeverityMark severity={anomaly.severity} /> {SEVERITY_WORDS[anomaly.severity]}
        </span>
      </Table.Td>
      <Table.Td className={styles.time ?? ''}>{formatTime(anomaly.date)}</Table.Td>
      <Table.Td className={`${styles.numeric} ${styles.reading}`}>{words.full(anomaly.value)}</Table.Td>
      <Table.Td className={`${styles.numeric} ${styles.muted}`} data-label="Expected">
        {words.range(anomaly.lower, anomaly.upper)}
      </Table.Td>
      <Table.Td data-label="Metric">
        {metricLabel(metric)}, {kindWords(anomaly).toLowerCase()}
      </Table.Td>
      <Table.Td data-label="Together with">{together.join(', ') || '–'}</Table.Td>
      <Table.Td className={styles.show ?? ''}>
        <Button
          variant="subtle"
          size="compact-sm"
          aria-label={`Explain the anomaly of ${metric.title} on ${formatTime(anomaly.date)}`}
          onClick={() => onExplain(found)}
        >
          Explain
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
