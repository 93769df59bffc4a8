import { ActionIcon, Button, Group, Tooltip } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { Anomaly, Granularity, SeriesView } from '@/api/types';
import { Card } from '@/components/Card';
import { formatDuration, formatSpan, formatTime, type NumberWords, typeset } from '@/components/format';
import { SEVERITY_WORDS, SeverityMark } from '@/components/SeverityMark';
import { neighboursOf } from '../chart/series';
import { isClosed, kindWords } from '../words';
import { Evidence } from './Evidence';
import styles from './ExplanationPanel.module.css';
import { RangePicture } from './RangePicture';
import { VerdictForm } from './VerdictForm';

const NEIGHBOURS = 2; // before and after

interface ExplanationPanelProps {
  datasetId: string;
  metric: string;
  granularity: Granularity;
  anomaly: Anomaly;
  position: number;
  total: number;
  series: SeriesView;
  unit: string | null;
  words: NumberWords;
  onStep: (step: 1 | -1) => void;
  onZoom: () => void;
  onClose: () => void;
}

/** Why this is an anomaly: the sentence first, then what was expected, then who says so. */
export function ExplanationPanel(props: ExplanationPanelProps) {
  const { anomaly, position, total, series, unit, words, onStep, onZoom, onClose } = props;
  const heading = useRef<HTMLDivElement>(null);
  // On a phone the panel is below the chart: a selection there brings its sentence into view, the chart still above.
  // Elsewhere it stands beside the chart: a selection in the table far below brings both into view.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each newly selected anomaly is the reason.
  useEffect(() => {
    const narrow = window.matchMedia('(max-width: 75em)').matches;
    const top = heading.current?.getBoundingClientRect().top ?? 0;
    const isSeen = top >= 0 && top < window.innerHeight / 2;
    if (narrow || !isSeen) heading.current?.scrollIntoView?.({ block: narrow ? 'center' : 'start' });
  }, [anomaly.id]);

  return (
    <Card className={styles.card}>
      <div ref={heading} className={styles.head}>
        <span className={styles.count}>
          Anomaly {position} of {total}
        </span>
        <Group gap={4} wrap="nowrap">
          <Tooltip label="Previous (K)">
            <ActionIcon
              variant="subtle"
              color="gray"
              c="var(--ink)"
              aria-label="Previous anomaly"
              onClick={() => onStep(-1)}
            >
              <IconChevronUp size={18} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Next (J)">
            <ActionIcon
              variant="subtle"
              color="gray"
              c="var(--ink)"
              aria-label="Next anomaly"
              onClick={() => onStep(1)}
            >
              <IconChevronDown size={18} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Close (Esc)">
            <ActionIcon
              variant="subtle"
              color="gray"
              c="var(--ink)"
              aria-label="Close the explanation"
              onClick={onClose}
            >
              <IconX size={18} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </div>
      <div aria-live="polite">
        <h2 className={styles.title}>
          <SeverityMark severity={anomaly.severity} size={14} hollow={isClosed(anomaly.verdict)} />
          {SEVERITY_WORDS[anomaly.severity]}: {kindWords(anomaly).toLowerCase()}
        </h2>
        <p className={styles.when}>
          {formatTime(anomaly.date)}
          {anomaly.points > 1 && (
            <>
              {' '}
              (peak of {formatSpan(anomaly.start, anomaly.end)}, {formatDuration(anomaly.durationSeconds)})
            </>
          )}
        </p>
        <p className={styles.sentence}>{typeset(anomaly.explanation, unit)}</p>
      </div>
      <RangePicture anomaly={anomaly} words={words} />
      <dl className={styles.figures}>
        <Figure term="Actual" value={words.full(anomaly.value)} />
        <Figure term="Expected" value={words.full(anomaly.expected)} />
        <Figure term="Usual range" value={words.range(anomaly.lower, anomaly.upper)} />
        <Figure term="Difference" value={difference(anomaly, words)} />
      </dl>
      <VerdictForm
        key={anomaly.id}
        datasetId={props.datasetId}
        metric={props.metric}
        granularity={props.granularity}
        anomaly={anomaly}
      />
      <Evidence methods={anomaly.methods} leading={anomaly.type} />
      <h3 className={styles.subhead}>Around it</h3>
      <table className={styles.neighbours}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Actual</th>
            <th scope="col">Expected</th>
          </tr>
        </thead>
        <tbody>
          {neighboursOf(series, anomaly.date, NEIGHBOURS).map((point) => (
            <tr key={point.time} data-peak={point.isPeak}>
              <td>{formatTime(point.time)}</td>
              <td>{words.full(point.value)}</td>
              <td>{words.full(point.expected)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button variant="default" size="xs" mt="md" onClick={onZoom}>
        Zoom to it
      </Button>
    </Card>
  );
}

function Figure({ term, value }: { term: string; value: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  );
}

export function difference({ deviation, deviationPct }: Anomaly, words: NumberWords): string {
  const amount = `${words.change(deviation)}`;
  if (deviationPct === null || Math.abs(deviationPct) > 10_000) return amount;
  const digits = Math.abs(deviationPct) < 10 ? 1 : 0;
  return `${amount} (${deviationPct < 0 ? '\u2212' : '+'}${Math.abs(deviationPct).toFixed(digits)}%)`;
}
