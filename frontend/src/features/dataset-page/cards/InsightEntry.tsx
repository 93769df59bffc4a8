import type { Insight } from '@/api/types';
import { around, type TimeRange } from '../chart/series';
import styles from './InsightPanel.module.css';
import { lookOf } from './insight-order';

interface InsightEntryProps {
  insight: Insight;
  isActive: boolean;
  whole: TimeRange;
  onShow: (insight: Insight | null) => void;
}

export function InsightEntry({ insight, isActive, whole, onShow }: InsightEntryProps) {
  const { tone, Icon } = lookOf(insight);
  const { start, end } = insight.evidence;
  // What holds for the whole series has no place to zoom to.
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
            className={`${styles.show} screen-only`}
            aria-pressed={isActive}
            onClick={() => onShow(isActive ? null : insight)}
          >
            {isActive ? 'Show the whole series' : 'Show in chart'}
            <span className="visually-hidden">: {insight.title}</span>
          </button>
        )}
      </div>
    </li>
  );
}
