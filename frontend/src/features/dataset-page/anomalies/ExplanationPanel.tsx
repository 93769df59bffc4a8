import { Button, Group } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { kindLabel, labelOf } from '@/api/labels';
import type { Analysis, Anomaly } from '@/api/types';
import { Card } from '@/components/Card';

import { CertaintyMark } from '@/components/CertaintyMark';

import { differenceText } from '@/components/changes';
import { formatEvent, type NumberFormat } from '@/components/format';
import { SeverityMark } from '@/components/SeverityMark';
import { isClosed } from '../labels';

import { VerdictForm } from '../verdicts/VerdictForm';
import type { View } from '../view';
import { Disclosure } from './Disclosure';
import { Evidence, evidenceTitle } from './Evidence';
import styles from './ExplanationPanel.module.css';
import { ExplanationTools } from './ExplanationTools';
import { Neighbours } from './Neighbours';
import { RangePicture } from './RangePicture';
import { Where } from './Where';

interface ExplanationPanelProps {
  analysis: Analysis;
  view: View;
  anomaly: Anomaly;
  /** Its place in the list, from 0; -1 where the filters leave it out. */
  position: number;
  total: number;
  numbers: NumberFormat;
  onStep: (step: 1 | -1) => void;
  onZoom: () => void;
  onClose: () => void;
  hasVerdictKeys: boolean;
  /** Shows only the rows of a value, as column:value. */
  onFilter: (condition: string) => void;
  /** Whether the file has columns whose values group its rows. */
  hasDimensions: boolean;
}

/** Why this is an anomaly: the sentence first, then what was expected, then the verdict and the evidence. */
export function ExplanationPanel(props: ExplanationPanelProps) {
  const { analysis, view, anomaly, position, total, numbers, onStep, onClose } = props;
  const heading = useScrollIntoView(anomaly.id);
  return (
    <Card className={styles.card}>
      <div ref={heading} className={styles.head}>
        <span className={styles.count}>
          {position === -1 ? 'Not in the filtered list' : `Anomaly ${position + 1} of ${total}`}
        </span>
        <ExplanationTools onStep={onStep} onClose={onClose} />
      </div>
      <div aria-live="polite">
        <h2 className={styles.title}>
          <SeverityMark severity={anomaly.severity} size={14} hollow={isClosed(anomaly.verdict)} />
          {labelOf('severities', anomaly.severity)}: {kindLabel(anomaly).toLowerCase()}
        </h2>
        <p className={styles.when}>{formatEvent(anomaly, true)}</p>
        <p className={styles.sure}>
          <CertaintyMark certainty={anomaly.certainty} size={13} />
          <span>
            <strong>{labelOf('certainties', anomaly.certainty)}.</strong> {anomaly.howSure}
          </span>
        </p>
        <p className={styles.sentence}>{anomaly.explanation}</p>
      </div>
      <RangePicture anomaly={anomaly} numbers={numbers} />
      <dl className={styles.figures}>
        <Figure term="Actual" value={numbers.full(anomaly.value)} />
        <Figure term="Expected" value={numbers.about(anomaly.expected)} />
        <Figure term="Expected range" value={numbers.range(anomaly.lower, anomaly.upper)} />
        <Figure
          term="Difference"
          value={differenceText(
            anomaly.deviation,
            anomaly.deviationPct,
            numbers,
            analysis.profile.ratioScale,
          )}
        />
      </dl>
      {props.hasDimensions && (
        <Where
          analysis={analysis}
          view={view}
          anomaly={anomaly}
          numbers={numbers}
          onFilter={props.onFilter}
        />
      )}
      <VerdictForm
        key={anomaly.id}
        datasetId={analysis.datasetId}
        metric={analysis.metric}
        granularity={analysis.settings.granularity}
        anomaly={anomaly}
        hasKeys={props.hasVerdictKeys}
      />
      <Disclosure title={evidenceTitle(anomaly.methods)}>
        <Evidence methods={anomaly.methods} leading={anomaly.type} />
      </Disclosure>
      <Disclosure title="Values around it">
        <Neighbours analysis={analysis} view={view} anomaly={anomaly} numbers={numbers} />
      </Disclosure>
      <Group mt="sm">
        <Button variant="default" size="xs" onClick={props.onZoom}>
          Zoom to it
        </Button>
      </Group>
    </Card>
  );
}

/**
 * On a phone the panel is below the chart: a selection there brings its sentence into view, the chart still above.
 * Elsewhere it stands beside the chart: a selection in the table far below brings both into view.
 */
function useScrollIntoView(id: string) {
  const heading = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each newly selected anomaly is the reason.
  useEffect(() => {
    const narrow = window.matchMedia('(max-width: 75em)').matches;
    const top = heading.current?.getBoundingClientRect().top ?? 0;
    const isSeen = top >= 0 && top < window.innerHeight / 2;
    if (narrow || !isSeen) heading.current?.scrollIntoView?.({ block: narrow ? 'center' : 'start' });
  }, [id]);
  return heading;
}

function Figure({ term, value }: { term: string; value: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  );
}
