import { Button, Group, Text } from '@mantine/core';
import type { Analysis } from '@/api/types';
import { formatTime } from '@/components/format';
import { verdictWords } from '../words';
import { useAnnotate } from './useAnnotate';

/** Verdicts on what is no anomaly (any more, or at these settings): without this they could not be taken back. */
export function ApartVerdicts({ analysis }: { analysis: Analysis }) {
  const { datasetId, metric, verdicts } = analysis;
  const annotate = useAnnotate(datasetId);
  const told = verdicts?.unmatched ?? [];
  if (told.length === 0) return null;
  return (
    <section aria-label="Verdicts on other times">
      {told.map(({ date, verdict, reason }) => (
        <Group
          key={`${date} ${verdict}`}
          px={20}
          pb={8}
          gap={8}
          justify="space-between"
          wrap="nowrap"
          align="flex-start"
        >
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }} lineClamp={3}>
            No anomaly is found on {formatTime(date)}, of which you said:{' '}
            <strong>{verdictWords(verdict)}</strong>
            {reason && (
              <>
                , <bdi>{reason}</bdi>
              </>
            )}
          </Text>
          <Button
            size="compact-xs"
            flex="none"
            variant="default"
            loading={annotate.isPending}
            aria-label={`Take back the verdict of ${formatTime(date)}`}
            onClick={() => annotate.mutate({ metric, date, verdict: null, reason: null })}
          >
            Take back
          </Button>
        </Group>
      ))}
    </section>
  );
}
