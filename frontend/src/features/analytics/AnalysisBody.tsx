import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { Analysis, Dataset, Insight } from '@/api/types';
import { type NumberWords, wallTime } from '@/components/format';
import { QualityReport } from '@/components/QualityReport';
import styles from './AnalysisBody.module.css';
import { AnomalyTable } from './anomalies/AnomalyTable';
import { ExplanationPanel } from './anomalies/ExplanationPanel';
import { MissedCard } from './anomalies/MissedCard';
import { MissedPanel } from './anomalies/MissedPanel';
import { type Missed, missedOf } from './anomalies/missed';
import { windowQuery } from './api';
import { BoxCard } from './cards/BoxCard';
import { HeatCard } from './cards/HeatCard';
import { HistogramCard } from './cards/HistogramCard';
import { InsightPanel } from './cards/InsightPanel';
import { KpiRow } from './cards/KpiRow';
import { ProfileCard, QualityNotes } from './cards/ProfileCard';
import { SeriesCard } from './chart/SeriesCard';
import { around, extentOf, splice, within } from './chart/series';
import { useStepKeys } from './shortcuts';
import { useRest } from './useRest';
import { useStretch } from './useStretch';
import type { ChangeView, View } from './view';
import { metricOf } from './words';

interface AnalysisBodyProps {
  analysis: Analysis;
  dataset: Dataset;
  words: NumberWords;
  view: View;
  changeView: ChangeView;
  onExport: () => void;
}

export function AnalysisBody({ analysis, dataset, words, view, changeView, onExport }: AnalysisBodyProps) {
  const whole = useMemo(() => extentOf(analysis.series) ?? { from: 0, to: 1 }, [analysis.series]);
  const [stretch, setStretch] = useStretch(view, changeView);
  const dense = useQuery(
    windowQuery(analysis.datasetId, { ...view, metric: analysis.metric }, analysis.series.downsampled),
  );
  const series = useMemo(
    () => (stretch ? splice(analysis.series, dense.data) : analysis.series),
    [analysis.series, dense.data, stretch],
  );
  const [insight, setInsight] = useState<Insight | null>(null);
  const [hasRest, showRest] = useRest();

  const { title } = metricOf(dataset, analysis.metric);
  const { anomalies } = analysis;
  const place = anomalies.findIndex(({ id }) => id === view.selected);
  const selected = anomalies[place] ?? null;
  // The time of the report at hand, empty before one is picked; null while nothing is reported.
  const [report, setReport] = useState<string | null>(null);
  const select = useCallback(
    (id: string | null) => {
      setReport(null);
      changeView({ selected: id });
    },
    [changeView],
  );
  const step = useCallback(
    (by: 1 | -1) => {
      if (anomalies.length === 0) return;
      const from = place === -1 ? (by === 1 ? -1 : 0) : place;
      select(anomalies[(from + by + anomalies.length) % anomalies.length]?.id ?? null);
    },
    [anomalies, place, select],
  );
  const missed = useMemo(() => missedOf({ ...analysis, series }), [analysis, series]);
  const crosses = useMemo(
    () =>
      drafted(
        missed.filter(({ found, isOutside }) => !found && !isOutside),
        report,
      ),
    [missed, report],
  );
  const clear = useCallback(() => {
    setInsight(null);
    select(null);
  }, [select]);
  const showReport = useCallback(
    (date: string) => {
      select(null);
      setReport(date);
    },
    [select],
  );
  const startReport = useCallback(() => showReport(''), [showReport]);
  const point = (date: string) => {
    const isKnown = missed.some((one) => wallTime(one.date) === wallTime(date));
    if (report !== null || isKnown) showReport(date);
    else select(null);
  };
  useStepKeys({ onStep: step, onClear: clear, onReport: startReport });

  const showInsight = (next: Insight | null) => {
    setInsight(next);
    const { start, end } = next?.evidence ?? { start: null, end: null };
    setStretch(start && end ? around(start, end, whole) : null);
  };
  const highlight =
    insight?.evidence.start && insight.evidence.end
      ? { start: insight.evidence.start, end: insight.evidence.end }
      : null;

  return (
    <div className={styles.body}>
      <KpiRow
        analysis={analysis}
        words={words}
        severity={view.severity}
        onSeverity={(severity) => changeView({ severity })}
      />
      <div className={styles.main}>
        <SeriesCard
          analysis={analysis}
          title={title}
          series={series}
          whole={whole}
          stretch={stretch}
          selected={selected}
          highlight={highlight}
          severity={view.severity}
          words={words}
          missed={crosses}
          loading={dense.isFetching}
          onStretch={setStretch}
          onSelect={select}
          onPoint={point}
          isPicking={report !== null}
          onReport={startReport}
          onDrawn={showRest}
        />
        <div className={styles.side}>
          {report !== null ? (
            <MissedPanel
              analysis={analysis}
              series={series}
              missed={missed}
              words={words}
              date={report}
              onDate={setReport}
              onClose={() => setReport(null)}
            />
          ) : selected ? (
            <ExplanationPanel
              datasetId={analysis.datasetId}
              metric={analysis.metric}
              granularity={analysis.settings.granularity}
              anomaly={selected}
              position={place + 1}
              total={anomalies.length}
              unit={analysis.unit}
              series={series}
              words={words}
              onStep={step}
              onZoom={() => setStretch(around(selected.start, selected.end, whole))}
              onClose={clear}
            />
          ) : (
            <InsightPanel
              unit={analysis.unit}
              insights={analysis.insights}
              active={insight}
              onShow={showInsight}
              whole={whole}
            />
          )}
        </div>
      </div>
      {hasRest ? (
        <>
          <div className={styles.thirds}>
            <HistogramCard analysis={analysis} title={title} words={words} />
            <BoxCard analysis={analysis} title={title} words={words} />
            <HeatCard
              analysis={analysis}
              whole={whole}
              onPick={(cell) => {
                const air = (cell.to - cell.from) * 1.5;
                setStretch(within({ from: cell.from - air, to: cell.to + air }, whole));
                const hit = anomalies.find(({ date }) => {
                  const at = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
                  return at <= cell.to && at + 86_399_999 >= cell.from;
                });
                if (hit) select(hit.id);
              }}
            />
          </div>
          <AnomalyTable
            analysis={analysis}
            words={words}
            severity={view.severity}
            selected={selected}
            onSeverity={(severity) => changeView({ severity })}
            onSelect={select}
            onExport={onExport}
          />
          <MissedCard
            datasetId={analysis.datasetId}
            metric={analysis.metric}
            missed={missed}
            words={words}
            onShow={showReport}
            onExplain={select}
          />
          <QualityNotes analysis={analysis} known={dataset.quality?.notes ?? []} />
          <ProfileCard analysis={analysis} words={words} />
          <QualityReport dataset={dataset} />
        </>
      ) : (
        <Skeleton height={300} radius="md" />
      )}
    </div>
  );
}

/** The reports with the one that is being written, so that its place in the chart is seen. */
function drafted(missed: readonly Missed[], date: string | null): readonly Missed[] {
  if (!date || Number.isNaN(wallTime(date))) return missed;
  if (missed.some((one) => wallTime(one.date) === wallTime(date))) return missed;
  return [...missed, { date, reason: null, value: null }];
}
