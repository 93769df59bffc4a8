import { ActionIcon, Button, Group, Text, Textarea, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Analysis, SeriesView } from '@/api/types';
import { Card } from '@/components/Card';
import { formatTime, type NumberWords, wallTime } from '@/components/format';
import { tell } from '@/components/notify';
import { MAX_REASON } from '../words';
import { fieldOf, type Missed, refusalOf } from './missed';
import { useAnnotate } from './useAnnotate';

interface MissedPanelProps {
  analysis: Analysis;
  series: SeriesView;
  missed: readonly Missed[];
  words: NumberWords;
  /** The time picked so far, as the series writes it; empty before. */
  date: string;
  onDate: (date: string) => void;
  onClose: () => void;
}

/** Tell of an anomaly that was not found: a time, picked in the chart or written here, and why. */
export function MissedPanel(props: MissedPanelProps) {
  const { analysis, series, missed, words, date, onDate, onClose } = props;
  const known = missed.find((one) => wallTime(one.date) === wallTime(date));
  const [reason, setReason] = useState<string | null>(null);
  const annotate = useAnnotate(analysis.datasetId);
  const field = fieldOf(series);
  const written = reason ?? known?.reason ?? '';
  const refusal = date === '' ? null : refusalOf(date, series, analysis.anomalies);
  const index = series.time.findIndex((time) => wallTime(time) === wallTime(date));
  const say = (verdict: 'missed' | null) =>
    annotate.mutate(
      {
        metric: analysis.metric,
        date: known?.date ?? series.time[index] ?? date,
        granularity: analysis.settings.granularity,
        verdict,
        reason: verdict ? written.trim() || null : null,
      },
      {
        onSuccess: () => {
          tell(verdict ? 'Thank you, it is noted' : 'The report is taken back');
          onClose();
        },
      },
    );
  return (
    <Card
      title="Report a missed anomaly"
      subtitle="Click a point in the chart, or write its time. It stays through re-runs and new versions."
      actions={
        <ActionIcon
          variant="subtle"
          color="gray"
          c="var(--ink)"
          aria-label="Close the report"
          onClick={onClose}
        >
          <IconX size={18} />
        </ActionIcon>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (date !== '' && refusal === null) say('missed');
        }}
      >
        <TextInput
          label={`Time (${analysis.settings.timeZone})`}
          type={field.type}
          step={field.type === 'date' ? 1 : 'any'}
          value={field.text(date)}
          error={refusal}
          onChange={(event) => onDate(event.currentTarget.value)}
          autoFocus
        />
        {index !== -1 && (
          <Text size="sm" mt={6}>
            {formatTime(date)}: <strong>{words.full(series.value[index] ?? null)}</strong>, expected{' '}
            {words.range(series.lower[index] ?? null, series.upper[index] ?? null)}
          </Text>
        )}
        <Textarea
          label="Why is it one?"
          dir="auto"
          placeholder="What happened (optional)"
          mt="sm"
          autosize
          minRows={2}
          maxRows={6}
          maxLength={MAX_REASON}
          value={written}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Group mt="md" gap="sm">
          <Button type="submit" loading={annotate.isPending} disabled={date === '' || refusal !== null}>
            {known ? 'Save' : 'Report it'}
          </Button>
          {known && (
            <Button variant="default" disabled={annotate.isPending} onClick={() => say(null)}>
              Take it back
            </Button>
          )}
        </Group>
      </form>
    </Card>
  );
}
