import type { Analysis, Anomaly, ReportResponse, Severity } from '@/api/types';

const DAY = 86_400_000;

export function anAnomaly(
  date: string,
  value: number,
  severity: Severity,
  more: Partial<Anomaly> = {},
): Anomaly {
  return {
    id: `anomaly-${date}`,
    date,
    start: date,
    end: date,
    points: 1,
    durationSeconds: 86_400,
    value,
    expected: 24_500,
    lower: 17_327,
    upper: 34_642,
    deviation: value - 24_500,
    deviationPct: (100 * (value - 24_500)) / 24_500,
    robustDeviations: 21.7,
    type: 'robust-z-score',
    score: 3.7,
    methods: [
      { name: 'robust-z-score', score: 21.7, flagged: true },
      { name: 'z-score', score: 2.1, flagged: false },
    ],
    severity,
    certainty: 'sure',
    chance: 0.0001,
    howSure: 'By chance, about 1 in 10,000 such series shows one as clear.',
    calendar: null,
    direction: value > 24_500 ? 'up' : 'down',
    kind: value > 24_500 ? 'spike' : 'dip',
    explanation: `${value} is not what was expected.`,
    reason: null,
    suggestedReason: null,
    verdict: null,
    verdictDate: null,
    ...more,
  };
}

const DIAL: Analysis['sensitivityCurve'] = [
  { sensitivity: 0, flaggedPoints: 2, events: 2 },
  { sensitivity: 0.5, flaggedPoints: 3, events: 3 },
  { sensitivity: 1, flaggedPoints: 5, events: 4 },
];

const HISTOGRAM: Analysis['histogram'] = {
  edges: [0, 20_000, 40_000, 60_000, 80_000, 100_000],
  counts: [1, 28, 0, 1, 1],
  anomalies: [1, 0, 0, 1, 1],
};

const BOX: Analysis['box'] = {
  by: 'all',
  groups: [
    {
      label: 'All',
      count: 31,
      lowerWhisker: 24_000,
      q1: 24_100,
      median: 24_300,
      q3: 24_500,
      upperWhisker: 24_600,
      outliers: [8_000, 62_000, 89_000],
    },
  ],
};

/** A month of days around 24,000 with the three events of the specification's example. */
export function anAnalysis(more: Partial<Analysis> = {}): Analysis {
  const time = Array.from({ length: 31 }, (_, day) =>
    new Date(Date.UTC(2024, 0, 1) + day * DAY).toISOString().slice(0, 10),
  );
  const value = time.map((_, day) =>
    day === 2 ? 89_000 : day === 14 ? 62_000 : day === 26 ? 8_000 : 24_000 + 100 * (day % 7),
  );
  return {
    datasetId: 'd1',
    datasetName: 'sales',
    version: 1,
    metric: 'revenue',
    unit: null,
    settings: {
      granularity: 'day',
      aggregate: 'sum',
      sensitivity: 0.5,
      direction: 'both',
      minChange: null,
      country: null,
      where: [],
      events: [],
      timeZone: 'Asia/Kolkata',
      granularityReason: "The data's own step is one day.",
      aggregateReason: 'Amounts add up.',
      countryReason: 'The country of the time zone Asia/Kolkata.',
      requestedCountry: 'auto',
      requestedGranularity: 'auto',
      requestedAggregate: 'auto',
      offeredGranularities: ['native', 'day', 'week'],
    },
    summary: {
      count: 31,
      missing: 0,
      rows: 31,
      mean: 27_000,
      median: 24_300,
      stdDev: 13_000,
      min: 8_000,
      max: 89_000,
      q1: 24_100,
      q3: 24_500,
      iqr: 400,
    },
    series: {
      granularity: 'day',
      time,
      value,
      rolling: value.map(() => 25_000),
      expected: value.map(() => 24_500),
      lower: value.map(() => 17_327),
      upper: value.map(() => 34_642),
      totalPoints: 31,
      downsampled: false,
      rangeSummary: null,
      firstIncomplete: false,
      lastIncomplete: false,
    },
    histogram: HISTOGRAM,
    box: BOX,
    anomalies: [
      anAnomaly('2024-01-03', 89_000, 'high', { score: 5 }),
      anAnomaly('2024-01-15', 62_000, 'medium', { score: 4 }),
      anAnomaly('2024-01-27', 8_000, 'high', { score: 3 }),
    ],
    severities: { high: 2, medium: 1, low: 0 },
    insights: [],
    quality: [],
    profile: {
      points: 31,
      cadenceSeconds: 86_400,
      regular: true,
      periods: [],
      transform: 'log',
      ratioScale: true,
      levelShifts: [],
      threshold: 5.8,
      thresholdLower: 5.8,
      scale: 1_700,
      nature: 'plain',
    },
    sensitivityCurve: DIAL,
    createdAt: '2026-11-23T08:00:00Z',
    tookSeconds: 0.1,
    verdicts: null,
    ...more,
  };
}

/** A report of the month above that waits for its turn. */
export function aReport(more: Partial<ReportResponse> = {}): ReportResponse {
  return {
    reportId: 'r1',
    url: '/api/reports/r1',
    status: 'queued',
    stage: 'queued',
    fraction: 0,
    message: 'Waiting for its turn',
    datasetId: 'd1',
    datasetName: 'Sales',
    version: 1,
    metric: 'revenue',
    metricTitle: 'Revenue',
    format: 'pdf',
    fileName: 'Sales-revenue-v1.pdf',
    createdAt: '2026-11-26T00:00:00Z',
    finishedAt: null,
    sizeBytes: null,
    failure: null,
    ...more,
  };
}
