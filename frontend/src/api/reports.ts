import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from './client';
import { download, follow, reaches } from './download';
import { listen } from './events';
import { ProblemError } from './problem';
import { queryKeys } from './query-keys';
import type { ReportBody, ReportFormat, ReportLink, ReportList, ReportResponse } from './types';

const LOOK_AGAIN_MS = 700; // between two looks where events do not come through
const BETWEEN_DOWNLOADS_MS = 500; // beside the time that making the next one takes
const PATIENCE_MS = 120_000;
const PAGE = 200;

export const FORMAT_LABELS: Record<ReportFormat, string> = {
  pdf: 'PDF document',
  html: 'Web page (HTML)',
  csv: 'Table of anomalies (CSV)',
  json: 'Whole analysis (JSON)',
};

export function useReports() {
  return useQuery({
    queryKey: queryKeys.reports,
    queryFn: async ({ signal }) =>
      (await client.get<ReportList>('/reports', { params: { limit: PAGE }, signal })).data,
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ status }) => status === 'queued') ? LOOK_AGAIN_MS : false,
  });
}

type Wanted = Partial<ReportBody> & Pick<ReportBody, 'datasetId' | 'format'>;

/** Have reports made, follow their making (`progress`, null when nothing is made), and download them. */
export function useMakeReport() {
  const queries = useQueryClient();
  const [progress, setProgress] = useState<ReportResponse | null>(null);
  const mutation = useMutation({
    // One after the other: each is downloaded as soon as it is made.
    mutationFn: async (wanted: readonly Wanted[]) => {
      for (const [place, one] of wanted.entries()) {
        // The store's answer to one link must have begun before the next is followed, or the browser drops it.
        if (place > 0) await new Promise((wake) => setTimeout(wake, BETWEEN_DOWNLOADS_MS));
        const { data: asked } = await client.post<ReportResponse>('/reports/generate', one);
        setProgress(asked);
        const report = await finished(asked, setProgress);
        await downloadReport(report);
      }
    },
    onSettled: () => {
      setProgress(null);
      return queries.invalidateQueries({ queryKey: queryKeys.reports });
    },
  });
  return { ...mutation, progress };
}

/**
 * Download by a link, made for this click and good for some minutes: from the store itself where there is one, so
 * that nothing of the file passes through the page. Where this browser does not reach the store, through the API.
 */
export async function downloadReport({ reportId, fileName }: ReportResponse): Promise<void> {
  const { data: link } = await client.get<ReportLink>(`/reports/${reportId}/link`);
  if (await reaches(link.url)) follow(link.url, fileName);
  else await download(`/reports/${reportId}`, fileName);
}

export function useDeleteReport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => {
      await client.delete(`/reports/${id}`);
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.reports }),
  });
}

/** Follow a report by its events, by asking where they do not come through, until it is ready. */
async function finished(
  asked: ReportResponse,
  heard: (report: ReportResponse) => void,
): Promise<ReportResponse> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  let report = asked;
  const take = (news: ReportResponse) => {
    report = news;
    heard(news);
  };
  while (report.status === 'queued' && !patience.aborted) {
    await listen(`/reports/${asked.reportId}/events`, (data) => take(JSON.parse(data)), patience).catch(
      () => undefined,
    );
    if (report.status !== 'queued' || patience.aborted) break;
    await new Promise((wake) => setTimeout(wake, LOOK_AGAIN_MS));
    take((await client.get<ReportResponse>(`/reports/${asked.reportId}/status`)).data);
  }
  if (report.status === 'ready') return report;
  const { code = 'slow', message = 'The report takes long. Find it on the page Reports later.' } =
    report.failure ?? {};
  throw new ProblemError({ code, detail: message, status: 0 });
}
