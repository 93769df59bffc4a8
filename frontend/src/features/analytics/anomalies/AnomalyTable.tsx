import { Button, SegmentedControl, Table, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconDownload, IconSelector, IconShieldCheck } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { Analysis, Anomaly, Severity } from '@/api/types';
import { Card } from '@/components/Card';
import { EmptyState } from '@/components/EmptyState';
import { formatTime, type NumberWords } from '@/components/format';
import cards from '@/components/PhoneCards.module.css';
import { SEVERITIES, SEVERITY_WORDS } from '@/components/SeverityMark';
import { TablePages } from '@/components/TablePages';
import { useTablePage } from '@/components/useTablePage';
import { kindWords, METHOD_WORDS, verdictWords } from '../words';
import { AnomalyRow } from './AnomalyRow';
import styles from './AnomalyTable.module.css';
import { ApartVerdicts } from './ApartVerdicts';
import { type AnomalySort, type AnomalySortKey, chosenAnomalies, outsideBy } from './sortAnomalies';

interface AnomalyTableProps {
  analysis: Analysis;
  words: NumberWords;
  severity: Severity | null;
  selected: Anomaly | null;
  onSeverity: (severity: Severity | null) => void;
  onSelect: (id: string | null) => void;
  onExport: () => void;
}

export function AnomalyTable(props: AnomalyTableProps) {
  const { analysis, severity, selected, onSeverity, onExport } = props;
  const [sort, setSort] = useState<AnomalySort>({ key: 'severity', descending: true });
  const chosen = useMemo(
    () => chosenAnomalies(analysis.anomalies, severity, sort),
    [analysis.anomalies, severity, sort],
  );

  const chosenOne = selected ? (chosen.find(({ id }) => id === selected.id) ?? null) : null;
  const [page, setPage, rows] = useTablePage(chosen, chosenOne);

  const total = analysis.anomalies.length;
  const largest = Math.max(...chosen.map((anomaly) => Math.abs(outsideBy(anomaly))), 0);
  return (
    <Card
      flush
      title="Anomalies"
      subtitle={total === 0 ? 'None at this sensitivity' : `${total} found${openNote(analysis)}`}
      actions={
        total > 0 && (
          <>
            <SeverityFilter analysis={analysis} severity={severity} onSeverity={onSeverity} />
            <Button variant="default" size="xs" leftSection={<IconDownload size={15} />} onClick={onExport}>
              CSV
            </Button>
          </>
        )
      }
    >
      <ApartVerdicts analysis={analysis} />
      {total === 0 ? (
        <EmptyState
          icon={<IconShieldCheck size={28} />}
          title="No anomaly found"
          text="Every point lies within its expected range. A higher sensitivity looks closer."
        />
      ) : (
        <>
          <div className={styles.scroll}>
            <Table
              className={`${cards.cards} ${styles.table}`}
              aria-label="Anomalies"
              verticalSpacing={9}
              horizontalSpacing="md"
            >
              <Table.Thead>
                <Table.Tr>
                  <SortHeading {...{ sort, setSort }} column="severity" label="Severity" />
                  <SortHeading
                    {...{ sort, setSort }}
                    column="time"
                    label={`Time (${analysis.settings.timeZone})`}
                  />
                  <SortHeading {...{ sort, setSort }} column="value" label="Reading" numeric />
                  <Table.Th className={styles.numeric ?? ''}>Expected range</Table.Th>
                  <SortHeading {...{ sort, setSort }} column="outside" label="Outside the range by" />
                  <Table.Th>Kind</Table.Th>
                  <Table.Th>Found by</Table.Th>
                  <Table.Th>
                    <span className="visually-hidden">Explanation</span>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((anomaly) => (
                  <Row key={anomaly.id} {...props} anomaly={anomaly} largest={largest} />
                ))}
              </Table.Tbody>
            </Table>
          </div>
          <TablePages
            count={chosen.length}
            none={`None of the ${total} is ${severity}`}
            page={page}
            onPage={setPage}
          />
        </>
      )}
    </Card>
  );
}

function openNote({ verdicts, anomalies }: Analysis): string {
  if (!verdicts || verdicts.judged === 0) return ', strongest first';
  const share =
    verdicts.confirmedShare === null
      ? ''
      : `, ${Math.round(100 * verdicts.confirmedShare)}% of ${verdicts.judged} judged were confirmed`;
  return `, ${verdicts.open} of ${anomalies.length} open${share}`;
}

function SeverityFilter({
  analysis,
  severity,
  onSeverity,
}: Pick<AnomalyTableProps, 'analysis' | 'severity' | 'onSeverity'>) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="Severity"
      value={severity ?? 'all'}
      onChange={(value) => onSeverity(SEVERITIES.find((name) => name === value) ?? null)}
      data={[
        { value: 'all', label: 'All' },
        ...SEVERITIES.map((name) => ({
          value: name,
          label: `${SEVERITY_WORDS[name]} ${analysis.severities[name]}`,
        })),
      ]}
    />
  );
}

interface SortHeadingProps {
  column: AnomalySortKey;
  label: string;
  sort: AnomalySort;
  setSort: (sort: AnomalySort) => void;
  numeric?: boolean;
}

function SortHeading({ column, label, sort, setSort, numeric = false }: SortHeadingProps) {
  const active = sort.key === column;
  const Icon = active ? (sort.descending ? IconArrowDown : IconArrowUp) : IconSelector;
  return (
    <Table.Th
      aria-sort={active ? (sort.descending ? 'descending' : 'ascending') : 'none'}
      className={numeric ? (styles.numeric ?? '') : ''}
    >
      <UnstyledButton
        className={styles.sort ?? ''}
        onClick={() => setSort({ key: column, descending: active ? !sort.descending : true })}
      >
        {label}
        <Icon size={14} aria-hidden />
      </UnstyledButton>
    </Table.Th>
  );
}

interface RowProps extends AnomalyTableProps {
  anomaly: Anomaly;
  largest: number;
}

function Row({ anomaly, largest, words, selected, onSelect }: RowProps) {
  const outside = outsideBy(anomaly);
  const isSelected = selected?.id === anomaly.id;
  const flagged = anomaly.methods.filter((vote) => vote.flagged).map(({ name }) => METHOD_WORDS[name]);
  const verdict = verdictWords(anomaly.verdict);
  return (
    <AnomalyRow
      anomaly={anomaly}
      words={words}
      isSelected={isSelected}
      onRow={() => onSelect(anomaly.id)}
      explain={{
        label: `Explain the anomaly of ${formatTime(anomaly.date)}`,
        isPressed: isSelected,
        act: () => onSelect(isSelected ? null : anomaly.id),
      }}
    >
      <Table.Td data-label="Outside by">
        <span className={styles.outside}>
          <span className={styles.amount}>{words.change(outside)}</span>
          <span className={styles.track} aria-hidden="true">
            <span
              className={styles.fill}
              style={{
                width: `${largest > 0 ? (100 * Math.abs(outside)) / largest : 0}%`,
                background: `var(--${anomaly.severity})`,
              }}
            />
          </span>
        </span>
      </Table.Td>
      <Table.Td className={styles.kind ?? ''}>
        {kindWords(anomaly)}
        {verdict && (
          <span className={styles.said} dir="auto" title={anomaly.reason ?? undefined}>
            {anomaly.reason ? `${verdict}: ${anomaly.reason}` : verdict}
          </span>
        )}
      </Table.Td>
      <Table.Td className={styles.methods ?? ''}>{flagged.join(', ') || METHOD_WORDS[anomaly.type]}</Table.Td>
    </AnomalyRow>
  );
}
