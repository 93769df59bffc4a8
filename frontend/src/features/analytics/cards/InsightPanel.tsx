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
import { around, type Stretch } from '../chart/series';
import styles from './InsightPanel.module.css';

interface InsightPanelProps {
  insights: readonly Insight[];
  active: Insight | null;
  whole: Stretch;
  onShow: (insight: Insight | null) => void;
}

export function InsightPanel({ insights, active, whole, onShow }: InsightPanelProps) {
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
  isActive: boolean;
  whole: Stretch;
  onShow: (insight: Insight | null) => void;
}

function InsightEntry({ insight, isActive, whole, onShow }: InsightEntryProps) {
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
        <h3 className={styles.title}>{insight.title}</h3>
        <p className={styles.text}>{insight.text}</p>
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

/** Picture and colour by what the insight's code speaks of; an unknown code gets the plain bulb. */
function lookOf({ code, evidence }: Insight): { tone: Tone; Icon: typeof IconBulb } {
  if (/complete|clean|calm|none|quiet|normal/.test(code)) return { tone: 'calm', Icon: IconCircleCheck };
  if (/anomal|severe|severity|strongest|largest|extreme/.test(code))
    return { tone: 'alarm', Icon: IconAlertTriangle };
  if (/season|period|weekday|weekend|cycle/.test(code)) return { tone: 'info', Icon: IconWaveSine };
  if (/hour|cluster|when|time|concentrat|recur/.test(code)) return { tone: 'warm', Icon: IconClock };
  if (/shift|trend|level|change|growth/.test(code)) {
    const change = Number(evidence.figures.change ?? evidence.figures.slope ?? 1);
    return { tone: 'info', Icon: change < 0 ? IconArrowDownRight : IconArrowUpRight };
  }
  if (/gap|missing|quality|incomplete|duplicate|flat/.test(code))
    return { tone: 'warm', Icon: IconAlertTriangle };
  return { tone: 'info', Icon: IconBulb };
}
