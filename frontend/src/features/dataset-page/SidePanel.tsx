import { ExplanationPanel } from './anomalies/ExplanationPanel';
import { InsightPanel } from './cards/InsightPanel';
import { around } from './chart/series';
import type { DatasetLayoutProps } from './DatasetLayout';
import type { SeriesViewState } from './useSeriesView';
import { MissedPanel } from './verdicts/MissedPanel';

interface SidePanelProps extends DatasetLayoutProps {
  page: SeriesViewState;
}

/** Beside the chart: the insights, the selected anomaly, or the report of a missed one. */
export function SidePanel({ analysis, dataset, numbers, view, changeView, page }: SidePanelProps) {
  const { state, series, whole } = page;
  if (state.missedDate !== null) {
    return (
      <MissedPanel
        analysis={analysis}
        series={series}
        missed={page.missed}
        numbers={numbers}
        date={state.missedDate}
        onDate={state.setMissedDate}
        onClose={() => state.setMissedDate(null)}
      />
    );
  }
  if (state.selected) {
    const { start, end } = state.selected;
    return (
      <ExplanationPanel
        analysis={analysis}
        view={view}
        anomaly={state.selected}
        position={state.position}
        total={state.listed.length}
        numbers={numbers}
        onStep={state.step}
        onZoom={() => page.setZoom(around(start, end, whole))}
        onClose={state.clear}
        hasVerdictKeys={state.checkedAnomalies.length === 0}
        onFilter={(condition) =>
          changeView({ where: [...new Set([...view.where, condition])], selected: null }, { push: true })
        }
        hasDimensions={dataset.dimensions.length > 0}
      />
    );
  }
  return (
    <InsightPanel
      insights={analysis.insights}
      active={state.insight}
      onShow={page.showInsight}
      whole={whole}
    />
  );
}
