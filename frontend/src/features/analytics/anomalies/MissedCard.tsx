import { Button, Group } from '@mantine/core';
import { Card } from '@/components/Card';
import { counted, formatTime, type NumberWords } from '@/components/format';
import styles from './MissedCard.module.css';
import { MissedMark } from './MissedMark';
import type { Missed } from './missed';
import { useAnnotate } from './useAnnotate';

interface MissedCardProps {
  datasetId: string;
  metric: string;
  missed: readonly Missed[];
  words: NumberWords;
  onShow: (date: string) => void;
  onExplain: (id: string) => void;
}

/** The anomalies that the reader reported: each can be looked at, changed and taken back. */
export function MissedCard({ datasetId, metric, missed, words, onShow, onExplain }: MissedCardProps) {
  const annotate = useAnnotate(datasetId);
  if (missed.length === 0) return null;
  return (
    <Card
      title="Reported by you"
      subtitle={`${counted(missed.length, 'anomaly', 'anomalies')} that Driftline missed. Kept through re-runs and new versions.`}
    >
      <ul className={styles.list}>
        {missed.map(({ date, reason, value, found, isOutside }) => (
          <li key={date} className={styles.entry}>
            <MissedMark />
            <div className={styles.words}>
              <strong>{formatTime(date)}</strong>
              {value !== null && <span> {words.full(value)}</span>}
              <p className={styles.reason} dir="auto">
                {reason ?? 'No reason given'}
              </p>
              {isOutside && <p className={styles.reason}>It lies outside the data shown here.</p>}
              {found && <p className={styles.reason}>By now it is found and stands in the table above.</p>}
            </div>
            <Group gap={6} wrap="nowrap">
              {found ? (
                <Button
                  variant="subtle"
                  size="compact-sm"
                  aria-label={`Explain what was reported of ${formatTime(date)}`}
                  onClick={() => onExplain(found.id)}
                >
                  Explain
                </Button>
              ) : isOutside ? null : (
                <Button
                  variant="subtle"
                  size="compact-sm"
                  aria-label={`Show the report of ${formatTime(date)}`}
                  onClick={() => onShow(date)}
                >
                  Show
                </Button>
              )}
              <Button
                variant="default"
                size="compact-sm"
                aria-label={`Take back the report of ${formatTime(date)}`}
                disabled={annotate.isPending}
                onClick={() => annotate.mutate({ metric, date, verdict: null, reason: null })}
              >
                Take back
              </Button>
            </Group>
          </li>
        ))}
      </ul>
    </Card>
  );
}
