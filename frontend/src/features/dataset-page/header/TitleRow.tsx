import { Button, Loader } from '@mantine/core';
import { IconLayoutRows, IconRefresh } from '@tabler/icons-react';
import type { Analysis, DatasetResponse, Progress } from '@/api/types';
import { counted, formatDayIn, formatDuration, formatInstant } from '@/components/format';
import { notifyFailure } from '@/components/notify';
import { PageHeader } from '@/components/PageHeader';
import { StatusChip } from '@/components/StatusChip';
import { useRunAnalysis } from '../api';
import { firstPanels } from '../compare-metrics/panels';
import { VersionPicker } from '../versions/VersionPicker';
import { type ChangeView, PLAIN_VIEW, type View } from '../view';
import { MetricSelect } from './MetricSelect';
import { MoreMenu } from './MoreMenu';
import { ReportMenu } from './ReportMenu';
import styles from './TitleRow.module.css';

/** A button that shows its mark alone where there is no room for its words. */
const BRIEF = { root: styles.brief ?? '', label: styles.word ?? '', section: styles.sign ?? '' };

interface TitleRowProps {
  dataset: DatasetResponse;
  newest: DatasetResponse;
  versions: readonly DatasetResponse[];
  progress: Progress | null;
  analysis: Analysis | undefined;
  view: View;
  changeView: ChangeView;
  onExport: () => void;
}

export function TitleRow(props: TitleRowProps) {
  const { dataset, newest, versions, progress, analysis, view, changeView } = props;
  const isCompared = view.compared.length > 0;
  const metric = view.metric ?? analysis?.metric ?? dataset.metricColumns[0] ?? null;
  const metrics = isCompared ? view.compared : metric === null ? [] : [metric];
  // Another analysis keeps the zoom but drops the selection, which it may not have.
  const ask = (change: Partial<View>) => changeView({ ...change, selected: null }, { push: true });
  return (
    <PageHeader
      title={dataset.datasetName}
      beside={
        <>
          <StatusChip status={newest.status} fraction={progress?.fraction ?? null} />
          <VersionPicker
            dataset={dataset}
            versions={versions}
            metric={metric}
            onChoose={(version) => ask({ version: version === newest.version ? null : version })}
            onShow={(version, selected) => {
              const zoom = { from: null, to: null, filters: PLAIN_VIEW.filters };
              const chosen = version === newest.version ? null : version;
              changeView({ ...zoom, metric, compared: [], version: chosen, selected }, { push: true });
            }}
          />
        </>
      }
      subtitle={subtitle(dataset, analysis)}
      actions={
        <div className={styles.tools}>
          {isCompared ? null : (
            <MetricSelect
              dataset={dataset}
              metric={metric}
              onChoose={(name) => ask({ metric: name, compared: [] })}
            />
          )}
          {dataset.metrics.length > 1 && !isCompared && (
            <Button
              variant="default"
              classNames={BRIEF}
              title="Show several metrics on one time axis"
              leftSection={<IconLayoutRows size={17} />}
              onClick={() => ask({ compared: firstPanels(dataset.metricColumns, metric) })}
            >
              Compare metrics
            </Button>
          )}
          <RunButton dataset={dataset} newest={newest} metrics={metrics} view={view} />
          <ReportMenu datasetId={dataset.id} metrics={metrics} version={dataset.version} view={view} />
          <MoreMenu
            dataset={newest}
            canExport={analysis !== undefined || isCompared}
            onExport={props.onExport}
          />
        </div>
      }
    />
  );
}

interface RunButtonProps extends Pick<TitleRowProps, 'dataset' | 'newest' | 'view'> {
  metrics: readonly string[];
}

function RunButton({ dataset, newest, metrics, view }: RunButtonProps) {
  const run = useRunAnalysis(dataset.id);
  return (
    <Button
      variant="default"
      classNames={BRIEF}
      leftSection={run.isPending ? <Loader size={16} /> : <IconRefresh size={17} />}
      title="Re-analyse: compute the analysis again from the stored rows"
      disabled={metrics.length === 0 || run.isPending || dataset.version !== newest.version}
      onClick={() =>
        run.mutate(
          { metrics, view },
          { onError: (error) => notifyFailure('The analysis could not be computed', error) },
        )
      }
    >
      Re-analyse
    </Button>
  );
}

function subtitle(
  { rowCount, firstTime, lastTime, timeZone }: DatasetResponse,
  analysis: Analysis | undefined,
): string {
  const parts: string[] = [];
  if (rowCount !== null) parts.push(counted(rowCount, 'row'));
  if (firstTime && lastTime) {
    const [first, last] = [formatDayIn(firstTime, timeZone), formatDayIn(lastTime, timeZone)];
    parts.push(`${first === last ? `on ${first}` : `from ${first} to ${last}`} (${timeZone})`);
  }
  const about = parts.join(' ');
  if (!analysis) return about;
  return `${about}. Analysed ${formatInstant(analysis.createdAt)} in ${formatDuration(analysis.tookSeconds)}.`;
}
