import { Button } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import { labelOf } from '@/api/labels';
import type { Analysis } from '@/api/types';
import { counted } from '@/components/format';
import tableStyles from '../anomalies/AnomalyTable.module.css';
import { type AnomalyVerdict, VERDICT_EFFECTS, VERDICTS } from '../labels';
import { useShortcuts } from '../shortcuts';
import type { AnalysisView } from '../useAnalysisView';
import { useSaveVerdict } from './useVerdict';

interface BulkVerdictProps {
  analysis: Pick<Analysis, 'datasetId' | 'metric' | 'settings'>;
  state: AnalysisView;
}

/** One verdict for all selected anomalies, by a button or its digit. Reasons that were given stay. */
export function BulkVerdict({ analysis, state }: BulkVerdictProps) {
  const { checkedAnomalies, toggleChecked } = state;
  const { datasetId, metric, settings } = analysis;
  const { mutate, isPending } = useSaveVerdict(datasetId);
  const give = useCallback(
    (verdict: AnomalyVerdict) => {
      for (const { date, reason } of checkedAnomalies) {
        mutate({ metric, date, granularity: settings.granularity, verdict, reason });
      }
      toggleChecked(
        checkedAnomalies.map(({ id }) => id),
        false,
      );
    },
    [checkedAnomalies, mutate, metric, settings.granularity, toggleChecked],
  );
  const keys = useMemo(
    () => Object.fromEntries(VERDICTS.map((verdict, place) => [String(place + 1), () => give(verdict)])),
    [give],
  );
  useShortcuts(keys);
  return (
    <section className={tableStyles.bulk} aria-label="Verdict for the selected anomalies">
      <strong>{counted(checkedAnomalies.length, 'anomaly', 'anomalies')} selected:</strong>
      {VERDICTS.map((verdict, place) => (
        <Button
          key={verdict}
          size="compact-sm"
          variant="default"
          disabled={isPending}
          aria-keyshortcuts={String(place + 1)}
          title={`${VERDICT_EFFECTS[verdict]} Key ${place + 1}.`}
          onClick={() => give(verdict)}
        >
          {labelOf('verdicts', verdict)}
        </Button>
      ))}
      <Button
        size="compact-sm"
        variant="subtle"
        onClick={() =>
          toggleChecked(
            checkedAnomalies.map(({ id }) => id),
            false,
          )
        }
      >
        Clear selection
      </Button>
    </section>
  );
}
