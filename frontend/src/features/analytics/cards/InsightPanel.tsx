import {
  IconAlertTriangle,
  IconArrowDownRight,
  IconArrowUpRight,
  IconBulb,
  IconCircleCheck,
  IconClock,
  IconWaveSine,
} from '@tabler/icons-react';
import type { Insight } from '@/api/types';
import { Card } from '@/components/Card';
import { EmptyState } from '@/components/EmptyState';
import { typeset } from '@/components/format';
import { around, type Stretch } from '../chart/series';
import styles from './InsightPanel.module.css';

interface InsightPanelProps {
  insights: readonly Insight[];
  unit: string | null;
  active: Insight | null;
  whole: Stretch;
  onShow: (insight: Insight | null) => void;
}

export function InsightPanel({ insights, unit, active, whole, onShow }: InsightPanelProps) {
  return (
    <Card title="What stands out" subtitle="Written from the figures of this run" className={styles.card}>
      {insights.length === 0 ? (
        <EmptyState
          icon={<IconCircleCheck size={26} />}
          title="Nothing stands out"
          text="No finding to report."
        />
      ) : (
        <ol className={styles.list}>
          {insights.map((insight) => (
            <InsightEntry
              key={`${insight.code} ${insight.title}`}
              insight={insight}
              unit={unit}
              isActive={active === insight}
              whole={whole}
              onShow={onShow}
            />
          ))}
        </ol>
      )}
    </Card>
  );
}

interface InsightEntryProps {
  insight: Insight;
  unit: string | null;
  isActive: boolean;
  whole: Stretch;
  onShow: (insight: Insight | null) => void;
}

function InsightEntry({ insight, unit, isActive, whole, onShow }: InsightEntryProps) {
  const { tone, Icon } = lookOf(insight);
  const { start, end } = insight.evidence;
  // What is true of the whole series has no place to zoom to.
  const hasPlace = start !== null && end !== null && around(start, end, whole) !== null;
  return (
    <li className={styles.entry} data-active={isActive}>
      <span className={styles.icon} data-tone={tone} aria-hidden="true">
        <Icon size={17} stroke={1.8} />
      </span>
      <div>
        <h3 className={styles.title}>{typeset(insight.title, unit)}</h3>
        <p className={styles.text}>{typeset(insight.text, unit)}</p>
        {hasPlace && (
          <button
            type="button"
            className={styles.show}
            aria-pressed={isActive}
            onClick={() => onShow(isActive ? null : insight)}
          >
            {isActive ? 'Back to the whole series' : 'Show it in the chart'}
            <span className="visually-hidden">: {insight.title}</span>
          </button>
        )}
      </div>
    </li>
  );
}

type Tone = 'info' | 'alarm' | 'warm' | 'calm';

const PICTURES: Record<string, { tone: Tone; Icon: typeof IconBulb }> = {
  largest_anomaly: { tone: 'alarm', Icon: IconAlertTriangle },
  anomaly_count: { tone: 'alarm', Icon: IconAlertTriangle },
  no_anomalies: { tone: 'calm', Icon: IconCircleCheck },
  complete: { tone: 'calm', Icon: IconCircleCheck },
  stable: { tone: 'calm', Icon: IconCircleCheck },
  season_weekday: { tone: 'info', Icon: IconWaveSine },
  season_month: { tone: 'info', Icon: IconWaveSine },
  season_hour: { tone: 'info', Icon: IconWaveSine },
  concentration: { tone: 'warm', Icon: IconClock },
  recurrent: { tone: 'warm', Icon: IconClock },
  incomplete_last_bucket: { tone: 'warm', Icon: IconClock },
  gaps: { tone: 'warm', Icon: IconAlertTriangle },
  rejected_rows: { tone: 'warm', Icon: IconAlertTriangle },
  empty_cells: { tone: 'warm', Icon: IconAlertTriangle },
  duplicates: { tone: 'warm', Icon: IconAlertTriangle },
  flatline: { tone: 'warm', Icon: IconAlertTriangle },
};

/** Picture and colour by the insight's code (domain/insights); changes point where they went. */
function lookOf({ code, evidence }: Insight): { tone: Tone; Icon: typeof IconBulb } {
  if (code === 'trend' || code === 'level_shift') {
    return {
      tone: 'info',
      Icon: Number(evidence.figures.change ?? 1) < 0 ? IconArrowDownRight : IconArrowUpRight,
    };
  }
  return PICTURES[code] ?? { tone: 'info', Icon: IconBulb };
}
