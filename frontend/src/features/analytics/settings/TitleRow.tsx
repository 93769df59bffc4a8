import { Button, Loader, Select } from '@mantine/core';
import { IconAdjustments, IconRefresh } from '@tabler/icons-react';
import type { Analysis, Dataset, Granularity, Progress } from '@/api/types';
import { counted, formatDayIn, formatDuration, formatInstant } from '@/components/format';
import { tellFailure } from '@/components/notify';
import { PageHeader } from '@/components/PageHeader';
import { StatusChip } from '@/components/StatusChip';
import { useRunAnalysis } from '../api';
import { firstPanels } from '../stack/panels';
import { AGGREGATES, type ChangeView, GRANULARITIES, type View } from '../view';
import { AGGREGATE_WORDS, GRANULARITY_WORDS, metricLabel } from '../words';
import { MoreMenu } from './MoreMenu';
import { ReportMenu } from './ReportMenu';
import styles from './TitleRow.module.css';
import { VersionPicker } from './VersionPicker';

interface TitleRowProps {
  dataset: Dataset;
  newest: Dataset;
  versions: readonly Dataset[];
  progress: Progress | null;
  analysis: Analysis | undefined;
  /** Whether there is anything that another sensitivity can be tried on. */
  canTry: boolean;
  view: View;
  changeView: ChangeView;
  onSensitivity: () => void;
  onExport: () => void;
}

export function TitleRow(props: TitleRowProps) {
  const { dataset, newest, versions, progress, analysis, view, changeView } = props;
  const run = useRunAnalysis(dataset.id);
  const isCompared = view.compared.length > 0;
  const metric = view.metric ?? analysis?.metric ?? dataset.metricColumns[0] ?? null;
  const metrics = isCompared ? view.compared : metric === null ? [] : [metric];
  // Another question keeps the zoom but drops the selection, which may not exist in its answer.
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
              const zoom = { from: null, to: null, severity: null };
              const chosen = version === newest.version ? null : version;
              changeView({ ...zoom, metric, compared: [], version: chosen, selected }, { push: true });
            }}
          />
        </>
      }
      subtitle={subtitle(dataset, analysis)}
      actions={
        <div className={styles.tools}>
          <Select
            aria-label="Metric"
            className={styles.metric ?? ''}
            data={metricChoices(dataset)}
            value={isCompared ? SEVERAL : metric && ONE + metric}
            onChange={(choice) => {
              if (choice === SEVERAL) ask({ compared: firstPanels(dataset.metricColumns, metric) });
              else if (choice) ask({ metric: choice.slice(ONE.length), compared: [] });
            }}
            allowDeselect={false}
            searchable={dataset.metricColumns.length > 8}
          />
          <Select
            aria-label="Granularity"
            className={styles.unit ?? ''}
            data={GRANULARITIES.map((value) => ({ value, label: granularityLabel(value, analysis) }))}
            value={view.granularity}
            onChange={(value) =>
              ask({
                granularity: GRANULARITIES.find((known) => known === value) ?? 'auto',
                from: null,
                to: null,
              })
            }
            allowDeselect={false}
          />
          <Select
            aria-label="Aggregate"
            className={styles.unit ?? ''}
            data={AGGREGATES.map((value) => ({
              value,
              label:
                value === 'auto' && analysis
                  ? `Auto: ${AGGREGATE_WORDS[analysis.settings.aggregate]}`
                  : AGGREGATE_WORDS[value],
            }))}
            value={view.aggregate}
            onChange={(value) => ask({ aggregate: AGGREGATES.find((known) => known === value) ?? 'auto' })}
            allowDeselect={false}
          />
          <Button
            variant="default"
            leftSection={<IconAdjustments size={17} />}
            onClick={props.onSensitivity}
            disabled={!props.canTry}
          >
            Sensitivity
          </Button>
          <Button
            variant="default"
            leftSection={run.isPending ? <Loader size={16} /> : <IconRefresh size={17} />}
            disabled={metrics.length === 0 || run.isPending || dataset.version !== newest.version}
            onClick={() =>
              run.mutate(
                { metrics, view },
                { onError: (error) => tellFailure('The analysis could not be run', error) },
              )
            }
          >
            Re-run
          </Button>
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

// A column may have any name: what stands before it keeps the choices apart.
const ONE = 'one:';
const SEVERAL = 'several';

function metricChoices({ metrics }: Dataset) {
  const each = metrics.map((metric) => ({ value: ONE + metric.name, label: metricLabel(metric) }));
  if (metrics.length < 2) return each;
  return [...each, { group: 'Several', items: [{ value: SEVERAL, label: 'Compare metrics' }] }];
}

function granularityLabel(value: Granularity, analysis: Analysis | undefined): string {
  if (value !== 'auto' || !analysis) return GRANULARITY_WORDS[value];
  return `Auto: ${GRANULARITY_WORDS[analysis.settings.granularity]}`;
}

function subtitle(
  { rowCount, firstTime, lastTime, timeZone }: Dataset,
  analysis: Analysis | undefined,
): string {
  const parts: string[] = [];
  if (rowCount !== null) parts.push(counted(rowCount, 'row'));
  if (firstTime && lastTime) {
    parts.push(
      `from ${formatDayIn(firstTime, timeZone)} to ${formatDayIn(lastTime, timeZone)} (${timeZone})`,
    );
  }
  const about = parts.join(' ');
  if (!analysis) return about;
  return `${about}. Analysed ${formatInstant(analysis.createdAt)} in ${formatDuration(analysis.tookSeconds)}.`;
}
