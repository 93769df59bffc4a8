import { counted } from '@/components/format';
import { metricLabel } from '../labels';
import { HEAD, RIGHT } from './panel-layout';
import type { Panel, Reading } from './panels';
import styles from './TiedCursor.module.css';

interface PanelHeadProps {
  panel: Panel;
  /** undefined without a cursor, null where there is no value. */
  reading: Reading | null | undefined;
  top: number;
  left: number;
  onOpen: () => void;
}

/** The name of a panel, and its value at the cursor. */
export function PanelHead({ panel, reading, top, left, onOpen }: PanelHeadProps) {
  const { metric, numbers, anomalies } = panel;
  const label = metricLabel(metric);
  return (
    <div className={styles.head} style={{ top, height: HEAD, paddingLeft: left, paddingRight: RIGHT }}>
      <h3 className={styles.title}>
        <button type="button" onClick={onOpen} title={`Open ${label}`}>
          {label}
        </button>
      </h3>
      <span className={styles.reading} data-testid={`reading of ${metric.name}`}>
        {reading === undefined ? (
          <span className={styles.muted}>{counted(anomalies.length, 'anomaly', 'anomalies')}</span>
        ) : (
          <>
            <strong>{numbers.full(reading?.value ?? null)}</strong>
            {reading && reading.lower !== null && (
              <span className={styles.range}> expected {numbers.range(reading.lower, reading.upper)}</span>
            )}
          </>
        )}
      </span>
    </div>
  );
}
