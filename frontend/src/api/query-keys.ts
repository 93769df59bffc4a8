/** Every key under which the page keeps an answer of the API: the one place where they are made. */
export const queryKeys = {
  account: ['account'],
  session: ['session'],
  limits: ['limits'],
  samples: ['samples'],
  countries: ['countries'],
  reports: ['reports'],
  preview: (file: File | null, fields: readonly [string, string][]) => [
    'preview',
    file?.name,
    file?.size,
    file?.lastModified,
    fields,
  ],
  datasets: {
    all: ['datasets'],
    lists: ['datasets', 'list'],
    list: (choice: object) => ['datasets', 'list', choice],
    one: (id: string) => ['datasets', 'one', id],
    versions: (id: string) => ['datasets', 'versions', id],
  },
  analytics: {
    all: ['analytics'],
    of: (datasetId: string) => ['analytics', datasetId],
    analyses: (datasetId: string) => ['analytics', datasetId, 'analysis'],
    analysis: (datasetId: string, params: object) => ['analytics', datasetId, 'analysis', params],
    series: (datasetId: string, params: object) => ['analytics', datasetId, 'series', params],
    causes: (datasetId: string, params: object) => ['analytics', datasetId, 'causes', params],
    comparison: (datasetId: string, params: object) => ['analytics', datasetId, 'compare', params],
  },
  verdicts: (datasetId: string) => ['verdicts', datasetId],
} as const;
