import type { Aggregate, Granularity, Kind, Reported, RunBody, Severity } from '@/api/types';
import { type AnomalyFilters, NO_FILTERS } from './anomalies/triage';
import { readEvents } from './header/calendar-events';

/** The settings of an analysis that the page offers: members of the API's body. */
type Settings = Pick<
  Required<RunBody>,
  'granularity' | 'aggregate' | 'sensitivity' | 'direction' | 'minChange' | 'country' | 'events'
>;

export const STANDARD_SENSITIVITY = 0.5;
export const MOST_CONDITIONS = 20; // as many as the API takes
export const MOST_COMPARED = 6; // panels that fit a screen

export const PLAIN_SETTINGS: Settings = {
  granularity: 'auto',
  aggregate: 'auto',
  sensitivity: STANDARD_SENSITIVITY,
  direction: 'both',
  minChange: null,
  country: 'auto',
  events: null,
};
const SETTINGS = Object.keys(PLAIN_SETTINGS) as (keyof Settings)[];

/** What is shown and how. All of it lives in the URL, so that a link shows what its sender saw. */
export interface View extends Settings {
  metric: string | null;
  version: number | null;
  /** The zoomed time range, in wall-clock text of the dataset's zone. */
  from: string | null;
  to: string | null;
  /** The id of the selected anomaly. */
  selected: string | null;
  /** Which anomalies are listed and marked. */
  filters: AnomalyFilters;
  /** Which rows count, as column:value; none for all of them. */
  where: readonly string[];
  /** The metrics that are compared; none for one metric on its own page. */
  compared: readonly string[];
}

export const PLAIN_VIEW: View = {
  metric: null,
  version: null,
  ...PLAIN_SETTINGS,
  from: null,
  to: null,
  selected: null,
  filters: NO_FILTERS,
  where: [],
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
const KINDS: readonly Kind[] = ['spike', 'dip', 'burst', 'outage', 'level_shift', 'flatline'];
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const COUNTRY = /^([A-Z]{2}|none)$/;
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
    country: COUNTRY.test(search.get('country') ?? '') ? search.get('country') : 'auto',
    events: readEvents(search.get('events')),
    from: window ? from : null,
    to: window ? to : null,
    selected: search.get('anomaly') || null,
    filters: readFilters(search),
    where: [...new Set(search.getAll('where').filter((text) => text.indexOf(':') > 0))].slice(
      0,
      MOST_CONDITIONS,
    ),
    compared: [...new Set(search.getAll('compare').filter(Boolean))].slice(0, MOST_COMPARED),
  };
}

function readFilters(search: URLSearchParams): AnomalyFilters {
  const day = (name: string) => {
    const text = search.get(name);
    return text && DAY.test(text) ? text : null;
  };
  return {
    status: oneOf(search.get('status'), ['open', 'closed']),
    severity: oneOf(search.get('severity'), SEVERITY_NAMES),
    side: oneOf(search.get('side'), ['up', 'down']),
    kind: oneOf(search.get('kind'), KINDS),
    since: day('since'),
    until: day('until'),
    search: search.get('q') || null,
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
  for (const name of SETTINGS) put(name, view[name], PLAIN_SETTINGS[name]);
  put('from', view.from, null);
  put('to', view.to, null);
  put('anomaly', view.selected, null);
  const { search: text, ...filters } = view.filters;
  for (const [name, value] of Object.entries(filters)) put(name, value, null);
  put('q', text, null);
  for (const condition of view.where) search.append('where', condition);
  for (const metric of view.compared) search.append('compare', metric);
  return search;
}

export type ChangeView = (change: Partial<View>, how?: { push?: boolean }) => void;

export function settingsOf(view: Settings): Settings {
  return Object.fromEntries(SETTINGS.map((name) => [name, view[name]])) as Settings;
}

/** The parameters that tell one analysis from another; what is as in the plain view is left out. */
export function analysisParams(view: View): Record<string, string | number | string[]> {
  const params: Record<string, string | number | string[]> = {};
  if (view.metric) params.metric = view.metric;
  if (view.version) params.version = view.version;
  if (view.where.length > 0) params.where = view.where.toSorted();
  for (const name of SETTINGS) {
    const value = view[name];
    if (value !== null && value !== PLAIN_SETTINGS[name]) params[name] = value;
  }
  return params;
}
