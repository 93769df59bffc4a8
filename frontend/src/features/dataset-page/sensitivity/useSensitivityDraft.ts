import { useDebouncedValue } from '@mantine/hooks';
import { useCallback, useMemo, useState } from 'react';
import type { Analysis } from '@/api/types';
import { useTrial } from '../api';
import type { Preview } from '../chart/traces';
import { STANDARD_SENSITIVITY, type View } from '../view';
import { differences } from './sensitivity-curve';

const SETTLE_MS = 120; // a thumb that is still moving; the chart follows within a fraction of a second

export type DraftSettings = Pick<View, 'sensitivity' | 'direction' | 'minChange'>;

export const STANDARD_SETTINGS: DraftSettings = {
  sensitivity: STANDARD_SENSITIVITY,
  direction: 'both',
  minChange: null,
};

const settingsOf = ({ sensitivity, direction, minChange }: DraftSettings): DraftSettings => ({
  sensitivity,
  direction,
  minChange,
});

/** Settings that are being tried: what they would find, and what that changes in the charts. */
export function useSensitivityDraft(analyses: readonly Analysis[], view: View) {
  const [draft, setDraft] = useState<DraftSettings | null>(null);
  const current = settingsOf(view);
  const shown = draft ?? current;
  const isChanged = draft !== null && JSON.stringify(draft) !== JSON.stringify(current);
  const [settled] = useDebouncedValue(draft, SETTLE_MS);
  const trial = useTrial(analyses, { ...view, ...(settled ?? current) }, isChanged && settled !== null);
  const exact = isChanged && settled === draft ? trial.answers : null;
  // Until the answer to the newest draft has come, the charts show that of the one before.
  const [latest, setLatest] = useState<readonly Analysis[] | null>(null);
  if (exact?.some((answer, place) => answer !== latest?.[place])) setLatest(exact);
  const answers = isChanged ? (exact ?? latest) : null;
  const previews = useMemo(() => previewsOf(analyses, answers), [analyses, answers]);
  const open = useCallback(() => setDraft(settingsOf(view)), [view]);
  const close = useCallback(() => {
    setDraft(null);
    setLatest(null);
  }, []);
  return { isOpen: draft !== null, shown, isChanged, setDraft, open, close, exact, trial, previews };
}

export type SensitivityDraft = ReturnType<typeof useSensitivityDraft>;

/** What changes in each metric's chart, by its name; empty while nothing is tried. */
function previewsOf(
  analyses: readonly Analysis[],
  answers: readonly Analysis[] | null,
): ReadonlyMap<string, Preview> {
  const previews = new Map<string, Preview>();
  analyses.forEach(({ metric, anomalies }, place) => {
    const answer = answers?.[place];
    if (!answer || answer.metric !== metric) return;
    const { added, gone } = differences(anomalies, answer.anomalies);
    previews.set(metric, { added, goneIds: new Set(gone.map(({ id }) => id)) });
  });
  return previews;
}
