import { Button, Text, Textarea } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import type { Anomaly, Granularity } from '@/api/types';
import { formatTime } from '@/components/format';
import { useShortcuts } from '../shortcuts';
import { type AnomalyVerdict, MAX_REASON, VERDICT_EFFECTS, VERDICT_WORDS, VERDICTS } from '../words';
import { useAnnotate, useIsAnnotating } from './useAnnotate';
import styles from './VerdictForm.module.css';

interface VerdictFormProps {
  datasetId: string;
  metric: string;
  /** Of the analysis that found it: the verdict speaks of its bucket there. */
  granularity: Granularity;
  anomaly: Anomaly;
}

/** What the anomaly turned out to be, by a button or its digit. The same again takes the verdict back. */
export function VerdictForm({ datasetId, metric, granularity, anomaly }: VerdictFormProps) {
  const { mutate } = useAnnotate(datasetId);
  const { date } = anomaly;
  // What speaks of an hour may have been said of its day: that is what is taken back.
  const saidOn = anomaly.verdictDate ?? date;
  const isPending = useIsAnnotating(datasetId, metric, [date, saidOn]);
  // What the file says is offered, never taken for the reader's word before it is saved with a verdict.
  const suggested = anomaly.reason === null ? (anomaly.suggestedReason ?? null) : null;
  const [typed, setTyped] = useState<string | null>(null);
  const reason = typed ?? anomaly.reason ?? suggested?.text ?? '';
  const current = VERDICTS.find((verdict) => verdict === anomaly.verdict) ?? null;
  const say = useCallback(
    (verdict: AnomalyVerdict | null) =>
      // The one before must have been heard first: only then is it known what to go back to.
      !isPending &&
      mutate(
        verdict === null
          ? { metric, date: saidOn, verdict, reason: null }
          : { metric, date, granularity, verdict, reason: reason.trim() || null },
        { onSuccess: () => setTyped(null) },
      ),
    [isPending, mutate, metric, granularity, date, saidOn, reason],
  );
  const keys = useMemo(() => {
    const press = (verdict: AnomalyVerdict) => () => say(current === verdict ? null : verdict);
    return Object.fromEntries(VERDICTS.map((verdict, place) => [String(place + 1), press(verdict)]));
  }, [say, current]);
  useShortcuts(keys);
  const reasonChanged = reason.trim() !== (anomaly.reason ?? '');
  return (
    <section aria-labelledby="verdict">
      <h3 id="verdict" className={styles.heading}>
        What was it?
      </h3>
      <div className={styles.verdicts}>
        {VERDICTS.map((verdict, place) => (
          <Button
            key={verdict}
            size="xs"
            px={8}
            variant={current === verdict ? 'filled' : 'default'}
            aria-pressed={current === verdict}
            aria-keyshortcuts={String(place + 1)}
            title={`${VERDICT_EFFECTS[verdict]} Key ${place + 1}.`}
            onClick={() => say(current === verdict ? null : verdict)}
          >
            {VERDICT_WORDS[verdict]}
          </Button>
        ))}
      </div>
      <Text size="xs" c="dimmed" mt={6}>
        {current
          ? `${VERDICT_EFFECTS[current]} Press it again to take it back.`
          : 'Your verdict is kept through re-runs and new versions.'}
      </Text>
      {current && saidOn !== date && (
        <Text size="xs" c="dimmed" mt={2}>
          Said of {formatTime(saidOn)}.
        </Text>
      )}
      {(current || suggested) && (
        <div className={styles.reason}>
          {suggested && (
            <Text size="xs" c="dimmed" mb={4}>
              From the file’s column “{suggested.column}”; it is saved with your verdict.
            </Text>
          )}
          <Textarea
            aria-label="Reason"
            placeholder="Why? (optional)"
            dir="auto"
            autosize
            minRows={1}
            maxRows={5}
            maxLength={MAX_REASON}
            value={reason}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          {current && reasonChanged && (
            <Button size="xs" mt={6} loading={isPending} onClick={() => say(current)}>
              Save the reason
            </Button>
          )}
        </div>
      )}
    </section>
  );
}
