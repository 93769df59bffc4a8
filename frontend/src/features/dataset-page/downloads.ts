import { client } from '@/api/client';
import { download } from '@/api/download';
import type { Analysis } from '@/api/types';
import { analysisParams, type View } from './view';

/** Every point of a series with its expected range, in the visible time range, as the server writes it. */
export function downloadSeries(analysis: Analysis, view: View): Promise<void> {
  const { datasetId, datasetName, metric } = analysis;
  const range = view.from && view.to ? { from: view.from, to: view.to } : {};
  const params = { ...analysisParams({ ...view, metric }), ...range };
  const path = client.getUri({ baseURL: '', url: `/analytics/${datasetId}/series.csv`, params });
  return download(path, `${datasetName}-${metric}-series.csv`, { isNamed: true });
}
