import { Skeleton } from '@mantine/core';
import kpis from './cards/KpiRow.module.css';
import styles from './DatasetLayout.module.css';

/** The places of what an analysis will show, so that nothing jumps when it is there. */
export function AnalysisSkeleton() {
  return (
    <div className={styles.body} aria-busy="true" aria-live="polite">
      <span className="visually-hidden">Loading the analysis</span>
      <div className={kpis.row}>
        {[0, 1, 2, 3].map((place) => (
          <Skeleton key={place} height={78} radius={12} />
        ))}
      </div>
      <div className={styles.main}>
        <Skeleton height={600} radius={12} />
        <Skeleton height={600} radius={12} visibleFrom="lg" />
      </div>
    </div>
  );
}
