import { type QueryKey, useIsMutating, useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { client } from '@/api/client';
import { datasetKeys } from '@/api/datasets';
import type { Analysis, AnnotationBody } from '@/api/types';
import { formatTime } from '@/components/format';
import { settle, tellFailure } from '@/components/notify';
import { type Judged, spokenOf, withJudged, withSaid } from './said';

const CHANNEL = 'driftline-verdicts';
const mutationKey = (datasetId: string) => ['annotate', datasetId];
const noticeOf = (datasetId: string, { metric, date }: AnnotationBody) =>
  `verdict ${datasetId} ${metric} ${date}`;
const analysesOf = (datasetId: string) => ({ queryKey: ['analytics', datasetId, 'analysis'] });

/**
 * Say what an anomaly was, or (null) take it back.
 *
 * It is shown at once and put back as it was, in words, where the server does not take it. The verdict acts on other
 * points too, so the analyses are then read anew.
 */
export function useAnnotate(datasetId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationKey: mutationKey(datasetId),
    scope: { id: `annotate ${datasetId}` }, // one after the other, in the order they were given
    mutationFn: async (annotation: AnnotationBody) => {
      await client.put(`/analytics/${datasetId}/annotations`, annotation);
    },
    onMutate: async (annotation) => {
      // An answer from before must not come after and hide what was said.
      await queries.cancelQueries(analysesOf(datasetId));
      const before: [QueryKey, Judged[]][] = [];
      for (const [key, analysis] of queries.getQueriesData<Analysis>(analysesOf(datasetId))) {
        if (!analysis) continue;
        before.push([key, spokenOf(analysis, annotation)]);
        queries.setQueryData(key, withSaid(analysis, annotation));
      }
      return before;
    },
    onError: (error, said, before) => {
      const { date, verdict } = said;
      for (const [key, judged] of before ?? []) {
        queries.setQueryData<Analysis>(key, (analysis) => analysis && withJudged(analysis, judged));
      }
      const what = verdict === 'missed' ? 'report' : 'verdict';
      tellFailure(
        `The ${what} of ${formatTime(date)} was not ${verdict === null ? 'taken back' : 'saved'}`,
        error,
        noticeOf(datasetId, said),
      );
    },
    onSuccess: (_, said) => {
      settle(noticeOf(datasetId, said));
      tellOtherTabs(datasetId);
    },
    onSettled: () => {
      // While more are on their way an answer would not know of them.
      if (queries.isMutating({ mutationKey: mutationKey(datasetId) }) > 1) return undefined;
      return Promise.all([
        queries.invalidateQueries({ queryKey: ['analytics', datasetId] }),
        queries.invalidateQueries({ queryKey: datasetKeys.all }), // the list counts what is open
      ]);
    },
  });
}

/** Whether something said of that time is on its way. */
export function useIsAnnotating(datasetId: string, metric: string, dates: readonly string[]): boolean {
  const count = useIsMutating({
    mutationKey: mutationKey(datasetId),
    predicate: ({ state }) => {
      const said = state.variables as AnnotationBody | undefined;
      return said?.metric === metric && dates.includes(said.date);
    },
  });
  return count > 0;
}

function tellOtherTabs(datasetId: string): void {
  if (typeof BroadcastChannel === 'undefined') return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(datasetId);
  channel.close();
}

/** Read a dataset anew when another tab of this browser has said something of it. */
export function useVerdictsOfOtherTabs(datasetId: string): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (typeof BroadcastChannel === 'undefined') return undefined;
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = ({ data }) => {
      if (data !== datasetId) return;
      void queries.invalidateQueries({ queryKey: ['analytics', datasetId] });
      void queries.invalidateQueries({ queryKey: datasetKeys.all });
    };
    return () => channel.close();
  }, [queries, datasetId]);
}
