import { Button, Group, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { problemText } from '@/api/problem';
import type { Anomaly } from '@/api/types';
import { useAnnotate } from '../api';
import { type AnomalyVerdict, MAX_REASON, VERDICT_EFFECTS, VERDICT_WORDS, VERDICTS } from '../words';
import styles from './VerdictForm.module.css';

interface VerdictFormProps {
  datasetId: string;
  metric: string;
  anomaly: Anomaly;
}

/** What the anomaly turned out to be. The same button again takes the verdict back. */
export function VerdictForm({ datasetId, metric, anomaly }: VerdictFormProps) {
  const annotate = useAnnotate(datasetId);
  // What the file says is offered, never taken for the reader's word before it is saved with a verdict.
  const suggested = anomaly.reason === null ? (anomaly.suggestedReason ?? null) : null;
  const [reason, setReason] = useState(anomaly.reason ?? suggested?.text ?? '');
  const current = VERDICTS.find((verdict) => verdict === anomaly.verdict) ?? null;
  const say = (verdict: AnomalyVerdict | null) =>
    annotate.mutate({ metric, date: anomaly.date, verdict, reason: verdict ? reason.trim() || null : null });
  const reasonChanged = reason.trim() !== (anomaly.reason ?? '');
  return (
    <section aria-labelledby="verdict">
      <h3 id="verdict" className={styles.heading}>
        What was it?
      </h3>
      <Group gap={6}>
        {VERDICTS.map((verdict) => (
          <Button
            key={verdict}
            size="compact-sm"
            variant={current === verdict ? 'filled' : 'default'}
            aria-pressed={current === verdict}
            disabled={annotate.isPending}
            onClick={() => say(current === verdict ? null : verdict)}
          >
            {VERDICT_WORDS[verdict]}
          </Button>
        ))}
      </Group>
      <Text size="xs" c="dimmed" mt={6}>
        {current ? VERDICT_EFFECTS[current] : 'Your verdict is kept through re-runs and new versions.'}
      </Text>
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
            autosize
            minRows={1}
            maxRows={5}
            maxLength={MAX_REASON}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {current && reasonChanged && (
            <Button size="xs" mt={6} loading={annotate.isPending} onClick={() => say(current)}>
              Save the reason
            </Button>
          )}
        </div>
      )}
      {annotate.error && (
        <Text role="alert" size="sm" c="var(--danger-ink)" mt={6}>
          {problemText(annotate.error)}
        </Text>
      )}
    </section>
  );
}
