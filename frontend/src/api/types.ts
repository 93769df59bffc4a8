/** The API's words. Times of points are text in the dataset's zone; times of events (uploads, runs) are UTC. */

export type Severity = 'high' | 'medium' | 'low';
export type Direction = 'up' | 'down';
export type Reported = 'up' | 'down' | 'both';
export type Method =
  | 'robust_z'
  | 'z_score'
  | 'iqr'
  | 'rolling_band'
  | 'seasonal_residual'
  | 'level_shift'
  | 'flatline';
export type Kind = 'spike' | 'dip' | 'burst' | 'outage' | 'level_shift' | 'flatline';
export type Granularity =
  | 'auto'
  | 'native'
  | 'minute'
  | 'hour'
  | 'day'
  | 'week'
  | 'month'
  | 'quarter'
  | 'year';
export type Aggregate = 'auto' | 'sum' | 'mean' | 'min' | 'max' | 'count';
export type Status = 'uploaded' | 'processing' | 'processed' | 'cached' | 'failed' | 'deleting';
export type ColumnType = 'time' | 'number' | 'boolean' | 'text' | 'empty';
export type Stage = 'storing' | 'reading' | 'analysing' | 'done';

export interface Account {
  id: string;
  email: string;
  createdAt: string;
}

export interface Session {
  accessToken: string;
  tokenType: string;
  expiresIn: number;
}

export interface Column {
  name: string;
  type: ColumnType;
  unit: string | null;
}

export interface DataQuality {
  totalRows: number;
  usableRows: number;
  rejectedRows: number;
  duplicateRows: number;
  duplicateTimes: number;
  outOfOrderRows: number;
  missingCells: number;
  notes: string[];
}

export interface Dataset {
  id: string;
  datasetName: string;
  version: number;
  status: Status;
  fileName: string;
  sizeBytes: number;
  uploadedAt: string;
  createdAt: string;
  processedAt: string | null;
  columns: Column[];
  timeColumn: string | null;
  metricColumns: string[];
  timeZone: string;
  rowCount: number | null;
  rejectedRows: number | null;
  firstTime: string | null;
  lastTime: string | null;
  quality: DataQuality | null;
  failure: { code: string; message: string } | null;
  anomalyCount: number | null;
  sparkline: number[];
}

export interface DatasetPage {
  items: Dataset[];
  total: number;
  limit: number;
  offset: number;
}

export interface Progress {
  datasetId: string;
  version: number;
  status: Status;
  stage: Stage;
  fraction: number;
  message: string;
  code: string | null;
}

export interface Dialect {
  encoding: string | null;
  compression: string | null;
  delimiter: string | null;
  quote: string | null;
  headerLine: number | null;
  decimal: string | null;
  thousands: string | null;
  dateOrder: string | null;
}

export interface PreviewColumn extends Column {
  samples: string[];
}

export interface Preview {
  format: 'csv' | 'tsv' | 'json' | 'ndjson' | 'parquet';
  dialect: Dialect;
  columns: PreviewColumn[];
  timeColumn: string | null;
  metricColumns: string[];
  rows: (string | null)[][];
  warnings: string[];
}

export interface Uploaded {
  datasetId: string;
  datasetName: string;
  version: number;
  status: Status;
}

export interface MinChange {
  amount: number;
  percent: boolean;
}

export interface ResolvedSettings {
  granularity: Granularity;
  aggregate: Aggregate;
  sensitivity: number;
  direction: Reported;
  minChange: MinChange | null;
  timeZone: string;
  granularityReason: string;
  aggregateReason: string;
  requestedGranularity: Granularity;
  requestedAggregate: Aggregate;
}

export interface Summary {
  count: number;
  missing: number;
  rows: number;
  mean: number | null;
  median: number | null;
  stdDev: number | null;
  min: number | null;
  max: number | null;
  q1: number | null;
  q3: number | null;
  iqr: number | null;
}

export interface SeriesView {
  granularity: Granularity;
  time: string[];
  value: (number | null)[];
  rolling: (number | null)[];
  expected: (number | null)[];
  lower: (number | null)[];
  upper: (number | null)[];
  totalPoints: number;
  downsampled: boolean;
}

export interface Histogram {
  edges: number[];
  counts: number[];
  anomalies: number[];
}

export interface BoxGroup {
  label: string;
  count: number;
  lowerWhisker: number;
  q1: number;
  median: number;
  q3: number;
  upperWhisker: number;
  outliers: number[];
}

export interface Box {
  by: string;
  groups: BoxGroup[];
}

export interface MethodVote {
  name: Method;
  score: number;
  flagged: boolean;
}

export interface Anomaly {
  id: string;
  date: string;
  start: string;
  end: string;
  points: number;
  durationSeconds: number;
  value: number;
  expected: number;
  lower: number;
  upper: number;
  deviation: number;
  deviationPct: number | null;
  robustDeviations: number;
  type: Method;
  score: number;
  methods: MethodVote[];
  severity: Severity;
  direction: Direction;
  kind: Kind;
  explanation: string;
  reason: string | null;
  verdict: string | null;
}

export interface Insight {
  code: string;
  title: string;
  text: string;
  evidence: { figures: Record<string, number | string>; start: string | null; end: string | null };
}

export interface QualityNote {
  code: string;
  text: string;
  count: number;
  start: string | null;
  end: string | null;
}

export interface Profile {
  points: number;
  cadenceSeconds: number | null;
  regular: boolean;
  periods: number[];
  transform: string;
  ratioScale: boolean;
  levelShifts: { date: string; before: number; after: number; change: number }[];
  threshold: number;
  thresholdLower: number;
  scale: number;
}

export interface DialPoint {
  sensitivity: number;
  flaggedPoints: number;
  events: number;
}

export interface Analysis {
  datasetId: string;
  datasetName: string;
  version: number;
  metric: string;
  unit: string | null;
  settings: ResolvedSettings;
  summary: Summary;
  series: SeriesView;
  histogram: Histogram;
  box: Box;
  anomalies: Anomaly[];
  severities: Record<Severity, number>;
  insights: Insight[];
  quality: QualityNote[];
  profile: Profile;
  dial: DialPoint[];
  createdAt: string;
  tookSeconds: number;
}

export interface Report {
  id: string;
  datasetId: string;
  datasetName?: string;
  metric: string;
  format: string;
  createdAt: string;
  url: string;
  sizeBytes?: number;
}
