import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Insight } from '@/api/types';
import { wallTime } from '@/components/format';
import { windowQuery } from './api';
import { around, extentOf, splice } from './chart/series';
import { useZoom } from './chart/useZoom';
import type { DatasetLayoutProps } from './DatasetLayout';
import { useChartKeys, useShortcuts, useStepKeys } from './shortcuts';
import { useAnalysisView } from './useAnalysisView';
import { type Missed, missedOf } from './verdicts/missed';

/** Everything that the cards of the page share: the zoomed series, the selection, what is reported. */
export function useSeriesView({
  analysis,
  view,
  changeView,
}: Pick<DatasetLayoutProps, 'analysis' | 'view' | 'changeView'>) {
  const state = useAnalysisView(analysis, view, changeView);
  const whole = useMemo(() => extentOf(analysis.series) ?? { from: 0, to: 1 }, [analysis.series]);
  const [zoom, setZoom] = useZoom(view, changeView);
  const dense = useQuery(
    windowQuery(analysis.datasetId, { ...view, metric: analysis.metric }, analysis.series.downsampled),
  );
  const series = useMemo(
    () => (zoom ? splice(analysis.series, dense.data) : analysis.series),
    [analysis.series, dense.data, zoom],
  );
  const missed = useMemo(() => missedOf({ ...analysis, series }), [analysis, series]);
  const { missedDate, insight } = state;
  const markedMissed = useMemo(
    () =>
      withDraft(
        missed.filter(({ found, isOutside }) => !found && !isOutside),
        missedDate,
      ),
    [missed, missedDate],
  );
  useStepKeys({ onStep: state.step, onClear: state.clear, onReport: state.report });
  useChartKeys({ zoom, whole, onZoom: setZoom });
  useCheckKey(state);
  const { start, end } = insight?.evidence ?? { start: null, end: null };
  return {
    state,
    whole,
    zoom,
    setZoom,
    series,
    missed,
    markedMissed,
    /** The answer for the zoomed range, where the whole series was downsampled. */
    window: zoom && !dense.isPlaceholderData ? dense.data : undefined,
    isLoadingPoints: dense.isFetching,
    highlight: start && end ? { start, end } : null,
    /** A click beside every anomaly: it picks the time of a report, opens one that exists, or clears the selection. */
    pickPoint: (date: string) => {
      const isKnown = missed.some((one) => wallTime(one.date) === wallTime(date));
      if (missedDate !== null || isKnown) state.report(date);
      else state.select(null);
    },
    showInsight: (next: Insight | null) => {
      state.setInsight(next);
      const evidence = next?.evidence;
      setZoom(evidence?.start && evidence.end ? around(evidence.start, evidence.end, whole) : null);
    },
  };
}

export type SeriesViewState = ReturnType<typeof useSeriesView>;

/** The reported anomalies with the one that is being reported, so that its place in the chart is seen. */
function withDraft(missed: readonly Missed[], date: string | null): readonly Missed[] {
  if (!date || Number.isNaN(wallTime(date))) return missed;
  if (missed.some((one) => wallTime(one.date) === wallTime(date))) return missed;
  return [...missed, { date, reason: null, value: null }];
}

/** X selects the shown anomaly for a verdict on several, or takes it out of that selection. */
function useCheckKey({ selected, checked, toggleChecked }: ReturnType<typeof useAnalysisView>): void {
  const keys = useMemo(
    () => ({ x: () => selected && toggleChecked([selected.id], !checked.has(selected.id)) }),
    [selected, checked, toggleChecked],
  );
  useShortcuts(keys);
}
