import type { DatasetResponse } from '@/api/types';

export type SortKey = 'name' | 'rows' | 'anomalies' | 'uploaded';
export interface Sort {
  key: SortKey;
  descending: boolean;
}

const FACTS: Record<SortKey, (dataset: DatasetResponse) => string | number> = {
  name: (dataset) => dataset.datasetName.toLocaleLowerCase(),
  rows: (dataset) => dataset.rowCount ?? -1,
  anomalies: (dataset) => dataset.anomalyCount ?? -1,
  uploaded: (dataset) => Date.parse(dataset.uploadedAt),
};

/** The datasets whose name or file holds the words, in the wanted order. */
export function chosenDatasets(
  datasets: readonly DatasetResponse[],
  search: string,
  sort: Sort,
): DatasetResponse[] {
  const wanted = search.trim().toLocaleLowerCase();
  const fact = FACTS[sort.key];
  return datasets
    .filter(({ datasetName, fileName }) => `${datasetName} ${fileName}`.toLocaleLowerCase().includes(wanted))
    .sort((one, other) => {
      const [a, b] = [fact(one), fact(other)];
      const order = typeof a === 'string' ? a.localeCompare(String(b)) : a - Number(b);
      return sort.descending ? -order : order;
    });
}
