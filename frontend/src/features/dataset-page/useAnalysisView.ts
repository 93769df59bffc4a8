import { useCallback, useMemo, useReducer } from 'react';
import type { Analysis, Anomaly, Insight } from '@/api/types';
import { type AnomalySort, listAnomalies, MOST_SEVERE_FIRST } from './anomalies/triage';
import type { ChangeView, View } from './view';

/** What the page of one metric keeps for itself; everything that a link should show lives in the URL (`View`). */
interface State {
  /** The insight that the chart highlights. */
  insight: Insight | null;
  /** The time of a missed anomaly that is being reported, empty before one is picked; null while none is. */
  missedDate: string | null;
  sort: AnomalySort;
  /** The anomalies that one verdict is given to together. */
  checked: ReadonlySet<string>;
}

type Action =
  | { type: 'highlight'; insight: Insight | null }
  | { type: 'report'; date: string | null }
  | { type: 'sort'; sort: AnomalySort }
  | { type: 'check'; ids: readonly string[]; isChecked: boolean };

const START: State = { insight: null, missedDate: null, sort: MOST_SEVERE_FIRST, checked: new Set() };

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'highlight':
      return { ...state, insight: action.insight };
    case 'report':
      return { ...state, missedDate: action.date };
    case 'sort':
      return { ...state, sort: action.sort };
    case 'check': {
      const checked = new Set(state.checked);
      for (const id of action.ids) {
        if (action.isChecked) checked.add(id);
        else checked.delete(id);
      }
      return { ...state, checked };
    }
  }
}

/** The state of the dataset page and everything that changes it, in one place. */
export function useAnalysisView(analysis: Analysis, view: View, changeView: ChangeView) {
  const [state, dispatch] = useReducer(reduce, START);
  const { anomalies } = analysis;
  const { filters } = view;
  const listed = useMemo(
    () => listAnomalies(anomalies, filters, state.sort),
    [anomalies, filters, state.sort],
  );
  const selected = anomalies.find(({ id }) => id === view.selected) ?? null;
  const position = selected ? listed.indexOf(selected) : -1;

  const select = useCallback(
    (id: string | null) => {
      dispatch({ type: 'report', date: null });
      changeView({ selected: id });
    },
    [changeView],
  );
  const step = useCallback(
    (by: 1 | -1) => {
      const next = stepFrom(listed, position, by);
      if (next) select(next.id);
    },
    [listed, position, select],
  );
  const clear = useCallback(() => {
    dispatch({ type: 'highlight', insight: null });
    dispatch({ type: 'check', ids: listed.map(({ id }) => id), isChecked: false });
    select(null);
  }, [listed, select]);
  const report = useCallback(
    (date: string | null) => {
      changeView({ selected: null });
      dispatch({ type: 'report', date });
    },
    [changeView],
  );
  const toggleChecked = useCallback(
    (ids: readonly string[], isChecked: boolean) => dispatch({ type: 'check', ids, isChecked }),
    [],
  );
  return {
    ...state,
    listed,
    selected,
    position,
    select,
    step,
    clear,
    report,
    toggleChecked,
    /** The checked anomalies that are listed, in the table's order. */
    checkedAnomalies: listed.filter(({ id }) => state.checked.has(id)),
    setSort: useCallback((sort: AnomalySort) => dispatch({ type: 'sort', sort }), []),
    setInsight: useCallback((insight: Insight | null) => dispatch({ type: 'highlight', insight }), []),
    setMissedDate: useCallback((date: string | null) => dispatch({ type: 'report', date }), []),
  };
}

export type AnalysisView = ReturnType<typeof useAnalysisView>;

/** The anomaly one step on in the listed order, beginning again at the other end; from none, the first or the last. */
function stepFrom(listed: readonly Anomaly[], position: number, by: 1 | -1): Anomaly | null {
  if (listed.length === 0) return null;
  const from = position === -1 ? (by === 1 ? -1 : 0) : position;
  return listed[(from + by + listed.length) % listed.length] ?? null;
}
