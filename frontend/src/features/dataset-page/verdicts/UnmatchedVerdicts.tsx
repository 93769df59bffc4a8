import { Button, Group, Text } from '@mantine/core';
import type { Analysis } from '@/api/types';
import { formatTime } from '@/components/format';
import { verdictLabel } from '../labels';
import { useSaveVerdict } from './useVerdict';

/** Verdicts on times without an anomaly, in this version or at these settings: listed so that they can be withdrawn. */
export function UnmatchedVerdicts({ analysis }: { analysis: Analysis }) {
  const { datasetId, metric, verdicts } = analysis;
  const saveVerdict = useSaveVerdict(datasetId);
  const unmatched = verdicts?.unmatched ?? [];
  if (unmatched.length === 0) return null;
  return (
    <section aria-label="Verdicts on other times">
      {unmatched.map(({ date, verdict, reason }) => (
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
            No anomaly on {formatTime(date)}. Your verdict: <strong>{verdictLabel(verdict)}</strong>
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
            loading={saveVerdict.isPending}
            aria-label={`Withdraw the verdict of ${formatTime(date)}`}
            onClick={() => saveVerdict.mutate({ metric, date, verdict: null, reason: null })}
          >
            Withdraw
          </Button>
        </Group>
      ))}
    </section>
  );
}
