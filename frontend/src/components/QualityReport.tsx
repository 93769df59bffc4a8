import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { download } from '@/api/download';
import type { DataQuality, DatasetResponse } from '@/api/types';
import { Card } from './Card';
import { counted, formatCount } from './format';
import { notifyFailure } from './notify';
import styles from './QualityReport.module.css';

/** What reading the file found: how many rows were used, and what happened to the others. */
export function QualityReport({ dataset }: { dataset: DatasetResponse }) {
  const { quality } = dataset;
  if (!quality) return null;
  return (
    <Card
      title="Data quality"
      subtitle={qualitySentence(quality)}
      actions={quality.rejectedRows > 0 ? <RejectsButton dataset={dataset} /> : null}
    >
      <QualityFacts quality={quality} />
    </Card>
  );
}

export function QualityFacts({ quality }: { quality: DataQuality }) {
  const share = quality.totalRows > 0 ? quality.usableRows / quality.totalRows : 0;
  return (
    <>
      <div className={styles.bar} aria-hidden="true">
        <span className={styles.usable} style={{ flexGrow: share }} />
        <span className={styles.rejected} style={{ flexGrow: 1 - share }} />
      </div>
      <dl className={styles.facts}>
        {facts(quality).map(({ label, count, hint }) => (
          <div key={label} title={hint}>
            <dt>{label}</dt>
            <dd className="number">{formatCount(count)}</dd>
          </div>
        ))}
      </dl>
      {quality.notes.length > 0 && (
        <ul className={styles.notes}>
          {quality.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}

export function RejectsButton({ dataset }: { dataset: DatasetResponse }) {
  const [busy, setBusy] = useState(false);
  const fetchRejects = async () => {
    setBusy(true);
    try {
      await download(`/datasets/${dataset.id}/rejects?version=${dataset.version}`, 'rejects.csv');
    } catch (error) {
      notifyFailure('The rejected rows could not be downloaded', error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconDownload size={15} />}
      loading={busy}
      onClick={() => void fetchRejects()}
    >
      Rejected rows (CSV)
    </Button>
  );
}

/** All 7 rows used. 28 of 29 rows used, 1 row rejected (see list). */
export function qualitySentence({ totalRows, usableRows, rejectedRows }: DataQuality): string {
  if (rejectedRows === 0)
    return totalRows === 1 ? 'The only row was used.' : `All ${formatCount(totalRows)} rows used.`;
  return `${formatCount(usableRows)} of ${counted(totalRows, 'row')} used, ${formatCount(rejectedRows)} rejected (see list).`;
}

function facts(quality: DataQuality) {
  return [
    { label: 'Rows read', count: quality.totalRows, hint: 'Rows below the header' },
    { label: 'Used', count: quality.usableRows, hint: 'Rows with a readable time' },
    { label: 'Rejected', count: quality.rejectedRows, hint: 'Rows that could not be read' },
    {
      label: 'Duplicate rows',
      count: quality.duplicateRows,
      hint: 'Rows that repeat another in every column',
    },
    { label: 'Repeated times', count: quality.duplicateTimes, hint: 'Rows whose time occurs more than once' },
    {
      label: 'Out of order',
      count: quality.outOfOrderRows,
      hint: 'Rows earlier than the row before them; they were sorted',
    },
    {
      label: 'Missing cells',
      count: quality.missingCells,
      hint: 'Empty cells in the columns that are analysed',
    },
  ];
}
