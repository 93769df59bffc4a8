import {
  type QueryClient,
  type QueryKey,
  useIsMutating,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect } from 'react';
import { useSearchParams } from 'react-router';
import { client } from '@/api/client';
import { queryKeys } from '@/api/query-keys';
import type { Analysis, VerdictBody } from '@/api/types';
import { formatTime } from '@/components/format';
import { dismiss, notifyFailure } from '@/components/notify';
import { readView } from '../view';
import { affectedVerdicts, type VerdictState, withVerdict, withVerdictStates } from './optimistic-verdict';

const CHANNEL = 'driftline-verdicts';
const mutationKey = queryKeys.verdicts;
const noticeOf = (datasetId: string, { metric, date }: VerdictBody) =>
  `verdict ${datasetId} ${metric} ${date}`;
const analysesOf = (datasetId: string) => ({ queryKey: queryKeys.analytics.analyses(datasetId) });

/**
 * Say what an anomaly was, or (null) take it back.
 *
 * It is shown at once and put back as it was, in words, where the server does not take it. The verdict acts on other
 * points too, so the analyses are then read again.
 */
export function useSaveVerdict(datasetId: string) {
  const queries = useQueryClient();
  const where = useRows();
  return useMutation({
    mutationKey: mutationKey(datasetId),
    scope: { id: `saveVerdict ${datasetId}` }, // one after the other, in the order they were given
    mutationFn: async (annotation: VerdictBody) => {
      await client.put(`/analytics/${datasetId}/verdicts`, { ...annotation, ...where });
    },
    onMutate: async (annotation) => {
      // An answer from before must not come after and hide what was said.
      await queries.cancelQueries(analysesOf(datasetId));
      const before: [QueryKey, VerdictState[]][] = [];
      for (const [key, analysis] of queries.getQueriesData<Analysis>(analysesOf(datasetId))) {
        if (!analysis) continue;
        before.push([key, affectedVerdicts(analysis, { ...annotation, ...where })]);
        queries.setQueryData(key, withVerdict(analysis, { ...annotation, ...where }));
      }
      return before;
    },
    onError: (error, said, before) => {
      const { date, verdict } = said;
      for (const [key, judged] of before ?? []) {
        queries.setQueryData<Analysis>(key, (analysis) => analysis && withVerdictStates(analysis, judged));
      }
      const what = verdict === 'missed' ? 'report' : 'verdict';
      notifyFailure(
        `The ${what} of ${formatTime(date)} was not ${verdict === null ? 'taken back' : 'saved'}`,
        error,
        noticeOf(datasetId, said),
      );
    },
    onSuccess: (_, said) => {
      dismiss(noticeOf(datasetId, said));
      notifyOtherTabs(datasetId);
    },
    onSettled: () => {
      // While more are on their way an answer would not know of them.
      if (queries.isMutating({ mutationKey: mutationKey(datasetId) }) > 1) return;
      // Not awaited: the verdict is saved, and the next one need not wait for the analysis.
      void readAgain(queries, datasetId);
    },
  });
}

/** Read the analyses, then the list: it counts what is open, by a worker that needs the analysis. */
async function readAgain(queries: QueryClient, datasetId: string): Promise<void> {
  await queries.invalidateQueries({ queryKey: queryKeys.analytics.of(datasetId) });
  await queries.invalidateQueries({ queryKey: queryKeys.datasets.all });
}

/** The segment that the page shows: a verdict belongs to it. */
function useRows(): Pick<VerdictBody, 'where'> {
  const [search] = useSearchParams();
  const { where } = readView(search);
  return where.length > 0 ? { where: [...where] } : {};
}

/** Whether a verdict on one of these times is being saved. */
export function useIsSavingVerdict(datasetId: string, metric: string, dates: readonly string[]): boolean {
  const count = useIsMutating({
    mutationKey: mutationKey(datasetId),
    predicate: ({ state }) => {
      const said = state.variables as VerdictBody | undefined;
      return said?.metric === metric && dates.includes(said.date);
    },
  });
  return count > 0;
}

function notifyOtherTabs(datasetId: string): void {
  if (typeof BroadcastChannel === 'undefined') return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(datasetId);
  channel.close();
}

/** Read a dataset again when a verdict was given in another tab of this browser. */
export function useVerdictsFromOtherTabs(datasetId: string): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (typeof BroadcastChannel === 'undefined') return undefined;
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = ({ data }) => {
      if (data !== datasetId) return;
      void queries.invalidateQueries({ queryKey: queryKeys.analytics.of(datasetId) });
      void queries.invalidateQueries({ queryKey: queryKeys.datasets.all });
    };
    return () => channel.close();
  }, [queries, datasetId]);
}
