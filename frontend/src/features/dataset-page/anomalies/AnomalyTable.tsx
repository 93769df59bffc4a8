import { Button, Checkbox, Table } from '@mantine/core';
import { IconDownload, IconShieldCheck } from '@tabler/icons-react';
import type { Analysis } from '@/api/types';
import { Card } from '@/components/Card';
import { EmptyState } from '@/components/EmptyState';
import { counted, type NumberFormat } from '@/components/format';
import cards from '@/components/PhoneCards.module.css';
import { SortHeading } from '@/components/SortHeading';
import { TablePages } from '@/components/TablePages';
import { useTablePage } from '@/components/useTablePage';
import { isTooShort } from '../cards/AnomalyTile';
import type { AnalysisView } from '../useAnalysisView';
import { BulkVerdict } from '../verdicts/BulkVerdict';
import { UnmatchedVerdicts } from '../verdicts/UnmatchedVerdicts';
import { AnomalyFilterBar } from './AnomalyFilterBar';
import styles from './AnomalyTable.module.css';
import { ListedRow } from './ListedRow';
import { type AnomalyFilters, outsideBy } from './triage';

export interface AnomalyTableProps {
  analysis: Analysis;
  numbers: NumberFormat;
  state: AnalysisView;
  filters: AnomalyFilters;
  onFilters: (filters: AnomalyFilters) => void;
  onExport: () => void;
}

export function AnomalyTable(props: AnomalyTableProps) {
  const { analysis, state, filters, onFilters, onExport } = props;
  const total = analysis.anomalies.length;
  return (
    <Card
      flush
      title="Anomalies"
      subtitle={total === 0 ? undefined : summary(analysis, state.listed.length)}
      actions={
        total > 0 && (
          <Button variant="default" size="xs" leftSection={<IconDownload size={15} />} onClick={onExport}>
            CSV
          </Button>
        )
      }
    >
      <UnmatchedVerdicts analysis={analysis} />
      {total === 0 ? (
        <NoAnomalies analysis={analysis} />
      ) : (
        <>
          <AnomalyFilterBar anomalies={analysis.anomalies} filters={filters} onFilters={onFilters} />
          {state.checkedAnomalies.length > 0 && <BulkVerdict analysis={analysis} state={state} />}
          <ListedAnomalies {...props} />
        </>
      )}
    </Card>
  );
}

function NoAnomalies({ analysis }: { analysis: Analysis }) {
  return isTooShort(analysis) ? (
    <EmptyState
      icon={<IconShieldCheck size={28} />}
      title="Too few points to analyse"
      text="Choose a finer interval, or upload more data."
    />
  ) : (
    <EmptyState
      icon={<IconShieldCheck size={28} />}
      title="No anomalies"
      text="Nothing is unusual enough to report. A higher sensitivity finds smaller deviations."
    />
  );
}

/** 12 found, 9 open; 4 shown by the filters. */
function summary({ anomalies, verdicts }: Analysis, listed: number): string {
  const open = verdicts ? `, ${verdicts.open} open` : '';
  const shown = listed < anomalies.length ? `; ${listed} match the filters` : '';
  return `${counted(anomalies.length, 'anomaly', 'anomalies')}${open}${shown}`;
}

function ListedAnomalies({ analysis, numbers, state }: AnomalyTableProps) {
  const { listed, sort, setSort } = state;
  const selected = state.selected && listed.includes(state.selected) ? state.selected : null;
  const [page, setPage, rows] = useTablePage(listed, selected);
  const largest = Math.max(...listed.map((anomaly) => Math.abs(outsideBy(anomaly))), 0);
  const heading = { sort, onSort: setSort };
  const allChecked = rows.length > 0 && rows.every(({ id }) => state.checked.has(id));
  const ids = rows.map(({ id }) => id);
  return (
    <>
      <div className={styles.scroll}>
        <Table
          className={`${cards.cards} ${styles.table}`}
          aria-label="Anomalies"
          verticalSpacing={5}
          horizontalSpacing={10}
        >
          <Table.Thead>
            <Table.Tr>
              <Table.Th className={`${styles.check} screen-only`}>
                <Checkbox
                  size="xs"
                  aria-label="Select all on this page"
                  checked={allChecked}
                  indeterminate={!allChecked && rows.some(({ id }) => state.checked.has(id))}
                  onChange={(event) => state.toggleChecked(ids, event.currentTarget.checked)}
                />
              </Table.Th>
              <SortHeading {...heading} column="severity" label="Severity" />
              <SortHeading {...heading} column="time" label={`Time (${analysis.settings.timeZone})`} />
              <SortHeading {...heading} column="value" label="Actual" numeric />
              <Table.Th className={styles.numeric ?? ''}>Expected range</Table.Th>
              <SortHeading {...heading} column="outside" label="Outside by" />
              <Table.Th>How sure</Table.Th>
              <Table.Th className={styles.kind ?? ''}>Kind</Table.Th>
              <Table.Th className={styles.methods ?? ''}>Methods</Table.Th>
              <Table.Th>Verdict</Table.Th>
              <Table.Th className="screen-only">
                <span className="visually-hidden">Explanation</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((anomaly) => (
              <ListedRow
                key={anomaly.id}
                anomaly={anomaly}
                numbers={numbers}
                largest={largest}
                state={state}
              />
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <TablePages count={listed.length} none="No anomaly matches the filters" page={page} onPage={setPage} />
    </>
  );
}
