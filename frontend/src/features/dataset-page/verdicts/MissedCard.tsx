import { Button, Group } from '@mantine/core';
import { Card } from '@/components/Card';
import { counted, formatTime, type NumberFormat } from '@/components/format';
import styles from './MissedCard.module.css';
import { MissedMark } from './MissedMark';
import type { Missed } from './missed';
import { useSaveVerdict } from './useVerdict';

interface MissedCardProps {
  datasetId: string;
  metric: string;
  missed: readonly Missed[];
  numbers: NumberFormat;
  onShow: (date: string) => void;
  onExplain: (id: string) => void;
}

/** The missed anomalies that the user reported: each can be shown, changed and withdrawn. */
export function MissedCard({ datasetId, metric, missed, numbers, onShow, onExplain }: MissedCardProps) {
  const saveVerdict = useSaveVerdict(datasetId);
  if (missed.length === 0) return null;
  return (
    <Card
      title="Reported by you"
      subtitle={`${counted(missed.length, 'anomaly', 'anomalies')} that were not detected. Reports stay when you re-analyse or upload a new version.`}
    >
      <ul className={styles.list}>
        {missed.map(({ date, reason, value, found, isOutside }) => (
          <li key={date} className={styles.entry}>
            <MissedMark />
            <div className={styles.words}>
              <strong>{formatTime(date)}</strong>
              {value !== null && <span> {numbers.full(value)}</span>}
              <p className={styles.reason} dir="auto">
                {reason ?? 'No reason given'}
              </p>
              {isOutside && <p className={styles.reason}>Outside the data of this version.</p>}
              {found && <p className={styles.reason}>Detected by now: see the table above.</p>}
            </div>
            <Group gap={6} wrap="nowrap">
              {found ? (
                <Button
                  variant="subtle"
                  size="compact-sm"
                  aria-label={`Explain the reported anomaly of ${formatTime(date)}`}
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
                aria-label={`Withdraw the report of ${formatTime(date)}`}
                disabled={saveVerdict.isPending}
                onClick={() => saveVerdict.mutate({ metric, date, verdict: null, reason: null })}
              >
                Withdraw
              </Button>
            </Group>
          </li>
        ))}
      </ul>
    </Card>
  );
}
