import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from './client';
import { download } from './download';
import { ProblemError } from './problem';
import type { Report, ReportBody, ReportFormat, ReportList } from './types';

const LOOK_AGAIN_MS = 700; // a PDF takes a second or two
const PATIENCE_MS = 120_000;
const PAGE = 200;

export const FORMAT_WORDS: Record<ReportFormat, string> = {
  pdf: 'PDF document',
  html: 'Web page (HTML)',
  csv: 'Table of anomalies (CSV)',
  json: 'Whole analysis (JSON)',
};

const reportKeys = { list: ['reports'] as const };

export function useReports() {
  return useQuery({
    queryKey: reportKeys.list,
    queryFn: async ({ signal }) =>
      (await client.get<ReportList>('/reports', { params: { limit: PAGE }, signal })).data,
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ status }) => status === 'queued') ? 2 * LOOK_AGAIN_MS : false,
  });
}

/** Have a report made, wait for it, and download it. */
export function useMakeReport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (wanted: Partial<ReportBody> & Pick<ReportBody, 'datasetId' | 'format'>) => {
      const { data: asked } = await client.post<Report>('/reports/generate', wanted);
      await downloadReport(await finished(asked));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: reportKeys.list }),
  });
}

export function downloadReport({ reportId, fileName }: Report): Promise<void> {
  return download(`/reports/${reportId}`, fileName);
}

export function useDeleteReport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => {
      await client.delete(`/reports/${id}`);
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: reportKeys.list }),
  });
}

async function finished(asked: Report): Promise<Report> {
  const deadline = Date.now() + PATIENCE_MS;
  let report = asked;
  while (report.status === 'queued' && Date.now() < deadline) {
    await new Promise((wake) => setTimeout(wake, LOOK_AGAIN_MS));
    report = (await client.get<Report>(`/reports/${asked.reportId}/status`)).data;
  }
  if (report.status === 'ready') return report;
  const { code = 'slow', message = 'The report takes long. Find it on the page Reports later.' } =
    report.failure ?? {};
  throw new ProblemError({ code, detail: message, status: 0 });
}
