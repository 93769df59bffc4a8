import { Table } from '@mantine/core';
import { labelOf } from '@/api/labels';
import type { Anomaly } from '@/api/types';
import { CertaintyMark } from '@/components/CertaintyMark';
import styles from './AnomalyTable.module.css';

/** How sure an anomaly is, as a mark and a word; how often chance would show one as clear, on hover. */
export function CertaintyCell({ anomaly }: { anomaly: Pick<Anomaly, 'certainty' | 'howSure'> }) {
  return (
    <Table.Td data-label="How sure">
      <span className={styles.certainty} title={anomaly.howSure}>
        <CertaintyMark certainty={anomaly.certainty} />
        {labelOf('certainties', anomaly.certainty)}
      </span>
    </Table.Td>
  );
}
