import { Skeleton } from '@mantine/core';
import type { Analysis, DatasetResponse } from '@/api/types';
import type { NumberFormat } from '@/components/format';
import { notifyFailure } from '@/components/notify';
import { AnomalyTable } from './anomalies/AnomalyTable';
import { AboutCard } from './cards/AboutCard';
import { BoxCard } from './cards/BoxCard';
import { CalendarCard } from './cards/CalendarCard';
import { HistogramCard } from './cards/HistogramCard';
import { KpiRow } from './cards/KpiRow';
import { MetricsCard } from './cards/MetricsCard';
import { SeriesCard } from './chart/SeriesCard';
import { around } from './chart/series';
import styles from './DatasetLayout.module.css';
import { downloadSeries } from './downloads';
import { metricOf } from './labels';
import type { FrameTools } from './PageFrame';
import { SidePanel } from './SidePanel';
import { useRemaining } from './useRemaining';
import { useSeriesView } from './useSeriesView';
import { MissedCard } from './verdicts/MissedCard';
import type { ChangeView, View } from './view';

export interface DatasetLayoutProps {
  analysis: Analysis;
  dataset: DatasetResponse;
  numbers: NumberFormat;
  view: View;
  changeView: ChangeView;
  tools: FrameTools;
}

/** Where each card of the page stands. What they show and do is in `useSeriesView`. */
export function DatasetLayout(props: DatasetLayoutProps) {
  const { analysis, dataset, numbers, view, changeView, tools } = props;
  const page = useSeriesView(props);
  const { series, whole, zoom, setZoom, state } = page;
  const [isRemainingShown, showRemaining] = useRemaining();
  const { title } = metricOf(dataset, analysis.metric);
  const setSeverity = (severity: View['filters']['severity']) =>
    changeView({ filters: { ...view.filters, severity } });
  return (
    <div className={styles.body}>
      <KpiRow
        analysis={analysis}
        series={series}
        window={page.window}
        zoom={zoom}
        numbers={numbers}
        severity={view.filters.severity}
        onSeverity={setSeverity}
      />
      <div className={styles.main}>
        <SeriesCard
          analysis={analysis}
          title={title}
          series={series}
          whole={whole}
          zoom={zoom}
          anomalies={state.listed}
          selected={state.selected}
          highlight={page.highlight}
          missed={page.markedMissed}
          preview={tools.previews.get(analysis.metric) ?? null}
          numbers={numbers}
          loading={page.isLoadingPoints}
          controls={{ analysis, view, changeView, onSensitivity: tools.onSensitivity }}
          onZoom={setZoom}
          onSelect={state.select}
          onPoint={page.pickPoint}
          onReport={() => state.report('')}
          onSeriesCsv={() => {
            downloadSeries(analysis, view).catch((error: unknown) =>
              notifyFailure('The series could not be downloaded', error),
            );
          }}
          onDrawn={showRemaining}
        />
        <SidePanel {...props} page={page} />
      </div>
      {isRemainingShown ? (
        <>
          <AnomalyTable
            analysis={analysis}
            numbers={numbers}
            state={state}
            filters={view.filters}
            onFilters={(filters) => changeView({ filters })}
            onExport={tools.onExport}
          />
          <MissedCard
            datasetId={analysis.datasetId}
            metric={analysis.metric}
            missed={page.missed}
            numbers={numbers}
            onShow={state.report}
            onExplain={state.select}
          />
          <MetricsCard
            dataset={dataset}
            current={analysis.metric}
            onOpen={(metric) => changeView({ metric, selected: null }, { push: true })}
          />
          <div className={styles.thirds}>
            <HistogramCard analysis={analysis} title={title} numbers={numbers} />
            <BoxCard analysis={analysis} title={title} numbers={numbers} />
            {analysis.anomalies.length > 0 && (
              <CalendarCard
                analysis={analysis}
                whole={whole}
                onPick={({ day, anomaly }) => {
                  setZoom(around(day, day, whole));
                  state.select(anomaly.id);
                }}
              />
            )}
          </div>
          <AboutCard analysis={analysis} dataset={dataset} numbers={numbers} />
        </>
      ) : (
        <Skeleton height={300} radius="md" />
      )}
    </div>
  );
}
