import { ActionIcon, Button, Group, Text, Textarea, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useLimits } from '@/api/limits';
import type { Analysis, SeriesView } from '@/api/types';
import { Card } from '@/components/Card';
import { formatTime, type NumberFormat, wallTime } from '@/components/format';
import { notify } from '@/components/notify';
import { fieldOf, type Missed, refusalOf } from './missed';
import { useSaveVerdict } from './useVerdict';

interface MissedPanelProps {
  analysis: Analysis;
  series: SeriesView;
  missed: readonly Missed[];
  numbers: NumberFormat;
  /** The time picked so far, as the series writes it; empty before one is picked. */
  date: string;
  onDate: (date: string) => void;
  onClose: () => void;
}

/** Report an anomaly that was not found: its time, picked in the chart or typed, and a reason. */
export function MissedPanel(props: MissedPanelProps) {
  const { analysis, series, missed, numbers, date, onDate, onClose } = props;
  const known = missed.find((one) => wallTime(one.date) === wallTime(date));
  const [reason, setReason] = useState<string | null>(null);
  const saveVerdict = useSaveVerdict(analysis.datasetId);
  const { data: limits } = useLimits();
  const field = fieldOf(series);
  const written = reason ?? known?.reason ?? '';
  const refusal = date === '' ? null : refusalOf(date, series, analysis.anomalies);
  const index = series.time.findIndex((time) => wallTime(time) === wallTime(date));
  const save = (verdict: 'missed' | null) =>
    saveVerdict.mutate(
      {
        metric: analysis.metric,
        date: known?.date ?? series.time[index] ?? date,
        granularity: analysis.settings.granularity,
        verdict,
        reason: verdict ? written.trim() || null : null,
      },
      {
        onSuccess: () => {
          notify(verdict ? 'Saved as a missed anomaly' : 'The report was withdrawn');
          onClose();
        },
      },
    );
  return (
    <Card
      title="Report a missed anomaly"
      subtitle="Click a point in the chart, or enter its time. Reports stay when you re-analyse or upload a new version."
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
          if (date !== '' && refusal === null) save('missed');
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
            {formatTime(date)}: <strong>{numbers.full(series.value[index] ?? null)}</strong>, expected{' '}
            {numbers.range(series.lower[index] ?? null, series.upper[index] ?? null)}
          </Text>
        )}
        <Textarea
          label="Reason"
          dir="auto"
          placeholder="What happened (optional)"
          mt="sm"
          autosize
          minRows={2}
          maxRows={6}
          maxLength={limits?.maxReasonCharacters}
          value={written}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Group mt="md" gap="sm">
          <Button type="submit" loading={saveVerdict.isPending} disabled={date === '' || refusal !== null}>
            {known ? 'Save' : 'Report'}
          </Button>
          {known && (
            <Button variant="default" disabled={saveVerdict.isPending} onClick={() => save(null)}>
              Withdraw
            </Button>
          )}
        </Group>
      </form>
    </Card>
  );
}
