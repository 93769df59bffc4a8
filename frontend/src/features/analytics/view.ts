import type { Aggregate, Granularity, Reported, Severity } from '@/api/types';

/** What is looked at and how. All of it lives in the URL, so that a link shows what its sender saw. */
export interface View {
  metric: string | null;
  version: number | null;
  granularity: Granularity;
  aggregate: Aggregate;
  sensitivity: number;
  direction: Reported;
  /** "500" in the metric's unit or "20%" of the expected value. */
  minChange: string | null;
  /** The zoomed stretch, in wall-clock text of the dataset's zone. */
  from: string | null;
  to: string | null;
  /** The id of the selected anomaly. */
  selected: string | null;
  severity: Severity | null;
  /** The metrics that stand one above the other; none for one metric on its own page. */
  compared: readonly string[];
}

export const STANDARD_SENSITIVITY = 0.5;
export const MOST_COMPARED = 6; // panels that a screen shows and an eye compares

export const PLAIN_VIEW: View = {
  metric: null,
  version: null,
  granularity: 'auto',
  aggregate: 'auto',
  sensitivity: STANDARD_SENSITIVITY,
  direction: 'both',
  minChange: null,
  from: null,
  to: null,
  selected: null,
  severity: null,
  compared: [],
};

export const GRANULARITIES: readonly Granularity[] = [
  'auto',
  'native',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'quarter',
  'year',
];
export const AGGREGATES: readonly Aggregate[] = ['auto', 'sum', 'mean', 'min', 'max', 'count'];
export const DIRECTIONS: readonly Reported[] = ['both', 'up', 'down'];
const SEVERITY_NAMES: readonly Severity[] = ['high', 'medium', 'low'];
const TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$/;

function oneOf<T extends string>(text: string | null, choices: readonly T[]): T | null {
  return choices.find((choice) => choice === text) ?? null;
}

/** Read a view from a URL. What makes no sense there falls back to the plain view. */
export function readView(search: URLSearchParams): View {
  const version = Number(search.get('version'));
  const sensitivity = Number(search.get('sensitivity') ?? STANDARD_SENSITIVITY);
  const minChange = search.get('minChange');
  const [from, to] = [search.get('from'), search.get('to')];
  const window = from && to && TIME.test(from) && TIME.test(to) && from < to;
  return {
    metric: search.get('metric') || null,
    version: Number.isInteger(version) && version > 0 ? version : null,
    granularity: oneOf(search.get('granularity'), GRANULARITIES) ?? 'auto',
    aggregate: oneOf(search.get('aggregate'), AGGREGATES) ?? 'auto',
    sensitivity: sensitivity >= 0 && sensitivity <= 1 ? sensitivity : STANDARD_SENSITIVITY,
    direction: oneOf(search.get('direction'), DIRECTIONS) ?? 'both',
    minChange:
      minChange && /^\d*\.?\d+%?$/.test(minChange) && Number.parseFloat(minChange) > 0 ? minChange : null,
    from: window ? from : null,
    to: window ? to : null,
    selected: search.get('anomaly') || null,
    severity: oneOf(search.get('severity'), SEVERITY_NAMES),
    compared: [...new Set(search.getAll('compare').filter(Boolean))].slice(0, MOST_COMPARED),
  };
}

/** Write a view as URL parameters; what is as in the plain view is left out. */
export function writeView(view: View): URLSearchParams {
  const search = new URLSearchParams();
  const put = (name: string, value: string | number | null, plain: string | number | null) => {
    if (value !== null && value !== plain) search.set(name, String(value));
  };
  put('metric', view.metric, null);
  put('version', view.version, null);
  put('granularity', view.granularity, 'auto');
  put('aggregate', view.aggregate, 'auto');
  put('sensitivity', view.sensitivity, STANDARD_SENSITIVITY);
  put('direction', view.direction, 'both');
  put('minChange', view.minChange, null);
  put('from', view.from, null);
  put('to', view.to, null);
  put('anomaly', view.selected, null);
  put('severity', view.severity, null);
  for (const metric of view.compared) search.append('compare', metric);
  return search;
}

export type ChangeView = (change: Partial<View>, how?: { push?: boolean }) => void;

/** The parameters that tell one analysis from another. */
export function analysisParams(view: View): Record<string, string | number> {
  const params: Record<string, string | number> = {};
  if (view.metric) params.metric = view.metric;
  if (view.version) params.version = view.version;
  if (view.granularity !== 'auto') params.granularity = view.granularity;
  if (view.aggregate !== 'auto') params.aggregate = view.aggregate;
  if (view.sensitivity !== STANDARD_SENSITIVITY) params.sensitivity = view.sensitivity;
  if (view.direction !== 'both') params.direction = view.direction;
  if (view.minChange) params.minChange = view.minChange;
  return params;
}
