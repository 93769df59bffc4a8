import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { Insight } from '@/api/types';
import { Card } from '@/components/Card';
import { EmptyState } from '@/components/EmptyState';
import { usePrinting } from '@/components/printing';
import type { TimeRange } from '../chart/series';
import { InsightEntry } from './InsightEntry';
import styles from './InsightPanel.module.css';
import { anomaliesFirst } from './insight-order';

const FIRST_INSIGHTS = 3; // what stands beside the chart without scrolling

interface InsightPanelProps {
  insights: readonly Insight[];
  active: Insight | null;
  whole: TimeRange;
  onShow: (insight: Insight | null) => void;
}

/** What the analysis found, in sentences: anomalies first, three at once. */
export function InsightPanel({ insights, active, whole, onShow }: InsightPanelProps) {
  const [showsAll, setShowsAll] = useState(false);
  const sorted = anomaliesFirst(insights);
  const shown = usePrinting() || showsAll ? sorted : sorted.slice(0, FIRST_INSIGHTS);
  return (
    <Card title="What stands out" className={styles.card}>
      {insights.length === 0 ? (
        <EmptyState
          icon={<IconCircleCheck size={26} />}
          title="Nothing stands out"
          text="There is nothing to report on this series."
        />
      ) : (
        <ol className={styles.list}>
          {shown.map((insight) => (
            <InsightEntry
              key={`${insight.code} ${insight.title}`}
              insight={insight}
              isActive={active === insight}
              whole={whole}
              onShow={onShow}
            />
          ))}
        </ol>
      )}
      {sorted.length > FIRST_INSIGHTS && (
        <Button
          variant="subtle"
          size="compact-sm"
          c="var(--accent-ink)"
          className={`${styles.more} screen-only`}
          onClick={() => setShowsAll(!showsAll)}
        >
          {showsAll ? 'Show fewer' : `Show all ${sorted.length}`}
        </Button>
      )}
    </Card>
  );
}
