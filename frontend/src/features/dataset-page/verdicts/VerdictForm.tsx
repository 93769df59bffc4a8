import { Button, Text, Textarea } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import { labelOf } from '@/api/labels';
import { useLimits } from '@/api/limits';
import type { Anomaly, Granularity } from '@/api/types';
import { formatTime } from '@/components/format';
import { type AnomalyVerdict, VERDICT_EFFECTS, VERDICTS } from '../labels';
import { useShortcuts } from '../shortcuts';
import { useIsSavingVerdict, useSaveVerdict } from './useVerdict';
import styles from './VerdictForm.module.css';

interface VerdictFormProps {
  datasetId: string;
  metric: string;
  /** Of the analysis that found it: the verdict applies to its bucket there. */
  granularity: Granularity;
  anomaly: Anomaly;
  /** Whether digits are keys for it; not while several anomalies are selected, which they apply to then. */
  hasKeys?: boolean;
}

/** The user's verdict on an anomaly, by a button or its digit. The same again withdraws it. */
export function VerdictForm({ datasetId, metric, granularity, anomaly, hasKeys = true }: VerdictFormProps) {
  const { mutate } = useSaveVerdict(datasetId);
  const { data: limits } = useLimits();
  const { date } = anomaly;
  // The verdict on an hour may have been given on its day: then that one is withdrawn.
  const verdictDate = anomaly.verdictDate ?? date;
  const isPending = useIsSavingVerdict(datasetId, metric, [date, verdictDate]);
  // A reason from the file is a suggestion until it is saved with a verdict.
  const suggested = anomaly.reason === null ? (anomaly.suggestedReason ?? null) : null;
  const [typed, setTyped] = useState<string | null>(null);
  const reason = typed ?? anomaly.reason ?? suggested?.text ?? '';
  const current = VERDICTS.find((verdict) => verdict === anomaly.verdict) ?? null;
  const give = useCallback(
    (verdict: AnomalyVerdict | null) =>
      // The one before must be saved first: only then is it known what to go back to if this one fails.
      !isPending &&
      mutate(
        verdict === null
          ? { metric, date: verdictDate, verdict, reason: null }
          : { metric, date, granularity, verdict, reason: reason.trim() || null },
        // What was typed meanwhile is not saved yet: it stays.
        { onSuccess: () => setTyped((now) => (now === typed ? null : now)) },
      ),
    [isPending, mutate, metric, granularity, date, verdictDate, reason, typed],
  );
  const keys = useMemo(() => {
    if (!hasKeys) return {};
    const press = (verdict: AnomalyVerdict) => () => give(current === verdict ? null : verdict);
    return Object.fromEntries(VERDICTS.map((verdict, place) => [String(place + 1), press(verdict)]));
  }, [give, current, hasKeys]);
  useShortcuts(keys);
  const reasonChanged = reason.trim() !== (anomaly.reason ?? '');
  return (
    <section aria-labelledby="verdict">
      <h3 id="verdict" className={styles.heading}>
        Was this real?
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
            onClick={() => give(current === verdict ? null : verdict)}
          >
            {labelOf('verdicts', verdict)}
          </Button>
        ))}
      </div>
      <Text size="xs" c="dimmed" mt={6}>
        {current
          ? `${VERDICT_EFFECTS[current]} Select it again to withdraw it.`
          : 'Verdicts stay when you re-analyse or upload a new version.'}
      </Text>
      {current && verdictDate !== date && (
        <Text size="xs" c="dimmed" mt={2}>
          Given for {formatTime(verdictDate)}.
        </Text>
      )}
      {(current || suggested) && (
        <div className={styles.reason}>
          {suggested && (
            <Text size="xs" c="dimmed" mb={4}>
              From column “{suggested.column}” of the file. Saved with your verdict.
            </Text>
          )}
          <Textarea
            aria-label="Reason"
            placeholder="Why? (optional)"
            dir="auto"
            autosize
            minRows={1}
            maxRows={5}
            maxLength={limits?.maxReasonCharacters}
            value={reason}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          {current && reasonChanged && (
            <Button size="xs" mt={6} loading={isPending} onClick={() => give(current)}>
              Save reason
            </Button>
          )}
        </div>
      )}
    </section>
  );
}
