import {
  Button,
  Divider,
  Drawer,
  Group,
  NumberInput,
  SegmentedControl,
  Slider,
  Stack,
  Text,
} from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { problemText } from '@/api/problem';
import type { Analysis, Anomaly } from '@/api/types';
import { counted, formatCount, formatTime, type NumberWords } from '@/components/format';
import { SeverityMark } from '@/components/SeverityMark';
import { useAnalysis } from '../api';
import { DIRECTIONS, STANDARD_SENSITIVITY, type View } from '../view';
import { DialCurve } from './DialCurve';
import { atSensitivity, differences, differenceWords } from './dial';
import styles from './SensitivityDrawer.module.css';

const SETTLE_MS = 350; // the drawer asks for the exact answer once the hand rests
const MOST_LISTED = 6;
const DIRECTION_WORDS = { both: 'Both', up: 'Rises', down: 'Drops' };

type Draft = Pick<View, 'sensitivity' | 'direction' | 'minChange'>;

interface SensitivityDrawerProps {
  opened: boolean;
  analysis: Analysis;
  view: View;
  words: NumberWords;
  onApply: (draft: Draft) => void;
  onClose: () => void;
}

export function SensitivityDrawer({ opened, onClose, ...rest }: SensitivityDrawerProps) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="md"
      title="Sensitivity"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <DrawerForm {...rest} onClose={onClose} />
    </Drawer>
  );
}

function DrawerForm({ analysis, view, words, onApply, onClose }: Omit<SensitivityDrawerProps, 'opened'>) {
  const [draft, setDraft] = useState<Draft>({
    sensitivity: view.sensitivity,
    direction: view.direction,
    minChange: view.minChange,
  });
  const set = (change: Partial<Draft>) => setDraft((current) => ({ ...current, ...change }));
  const isChanged =
    draft.sensitivity !== view.sensitivity ||
    draft.direction !== view.direction ||
    draft.minChange !== view.minChange;
  const [settled] = useDebouncedValue(draft, SETTLE_MS);
  const trial = useAnalysis(analysis.datasetId, { ...view, ...settled }, isChanged);
  const isExact = isChanged && trial.data !== undefined && !trial.isPlaceholderData && settled === draft;
  const quick = atSensitivity(analysis.dial, draft.sensitivity);
  const now = analysis.anomalies.length;
  const then =
    isExact && trial.data ? trial.data.anomalies.length : !isChanged ? now : (quick?.events ?? now);
  const points = !isChanged
    ? analysis.anomalies.reduce((sum, anomaly) => sum + anomaly.points, 0)
    : isExact && trial.data
      ? trial.data.anomalies.reduce((sum, anomaly) => sum + anomaly.points, 0)
      : (quick?.flaggedPoints ?? 0);

  return (
    <Stack gap="lg">
      <div>
        <Text size="sm" fw={500} id="dial-label">
          How much is worth telling
        </Text>
        <Text size="sm" c="dimmed" mb="sm">
          The middle is the tested standard: about one false alarm in twenty calm series.
        </Text>
        {analysis.dial.length > 1 && <DialCurve dial={analysis.dial} sensitivity={draft.sensitivity} />}
        <Slider
          value={draft.sensitivity}
          onChange={(sensitivity) => set({ sensitivity })}
          min={0}
          max={1}
          step={0.05}
          label={null}
          thumbLabel="Sensitivity"
          thumbProps={{ 'aria-valuetext': `${Math.round(100 * draft.sensitivity)} of 100` }}
          marks={[{ value: 0 }, { value: STANDARD_SENSITIVITY }, { value: 1 }]}
        />
        <Group justify="space-between" mt={8} aria-hidden>
          <Text size="xs" c="dimmed">
            Only the plainest
          </Text>
          <Text size="xs" c="dimmed">
            Standard
          </Text>
          <Text size="xs" c="dimmed">
            Everything odd
          </Text>
        </Group>
      </div>
      <div>
        <Text size="sm" fw={500} id="direction-label" mb={4}>
          Direction
        </Text>
        <SegmentedControl
          aria-labelledby="direction-label"
          fullWidth
          value={draft.direction}
          onChange={(value) => set({ direction: DIRECTIONS.find((known) => known === value) ?? 'both' })}
          data={DIRECTIONS.map((value) => ({ value, label: DIRECTION_WORDS[value] }))}
        />
      </div>
      <MinChangeField
        unit={analysis.unit}
        value={draft.minChange}
        onChange={(minChange) => set({ minChange })}
      />
      <Divider />
      <div aria-live="polite" className={styles.answer}>
        <p className={styles.flags}>
          Flags <strong>{formatCount(points)}</strong> of {formatCount(analysis.summary.count)} points
          {isChanged && !isExact && ' (about)'}
        </p>
        <p className={styles.events}>
          {counted(then, 'anomaly', 'anomalies')}
          {isChanged && `, ${differenceWords(then, now)}`}
        </p>
        {trial.error && isChanged && <p role="alert">{problemText(trial.error)}</p>}
        {isExact && trial.data && (
          <Changes now={analysis.anomalies} then={trial.data.anomalies} words={words} />
        )}
      </div>
      <Group justify="space-between">
        <Button
          variant="default"
          onClick={() => set({ sensitivity: STANDARD_SENSITIVITY, direction: 'both', minChange: null })}
        >
          Standard
        </Button>
        <Button
          disabled={!isChanged}
          onClick={() => {
            onApply(draft);
            onClose();
          }}
        >
          Apply
        </Button>
      </Group>
    </Stack>
  );
}

interface MinChangeFieldProps {
  unit: string | null;
  value: string | null;
  onChange: (value: string | null) => void;
}

function MinChangeField({ unit, value, onChange }: MinChangeFieldProps) {
  const [isPercent, setIsPercent] = useState(value?.endsWith('%') ?? true);
  const write = (amount: number | string, percent: boolean) => {
    const number = Number(amount);
    onChange(amount !== '' && number > 0 ? `${number}${percent ? '%' : ''}` : null);
  };
  const amount = value ? Number.parseFloat(value) : '';
  return (
    <Group align="flex-end" gap="sm" wrap="nowrap">
      <NumberInput
        label="Smallest change that counts"
        description="Against the expected value; empty for any"
        placeholder="Any"
        min={0}
        value={amount}
        suffix={isPercent ? '%' : unit ? ` ${unit}` : ''}
        thousandSeparator=","
        onChange={(next) => write(next, isPercent)}
        flex={1}
      />
      <SegmentedControl
        aria-label="Smallest change in"
        value={isPercent ? 'percent' : 'amount'}
        onChange={(kind) => {
          setIsPercent(kind === 'percent');
          write(amount, kind === 'percent');
        }}
        data={[
          { value: 'percent', label: '%' },
          { value: 'amount', label: unit ?? 'Value' },
        ]}
      />
    </Group>
  );
}

function Changes({
  now,
  then,
  words,
}: {
  now: readonly Anomaly[];
  then: readonly Anomaly[];
  words: NumberWords;
}) {
  const { added, gone } = differences(now, then);
  if (added.length === 0 && gone.length === 0)
    return <p className={styles.events}>The same events as now.</p>;
  return (
    <>
      <ChangeList title="New" anomalies={added} words={words} />
      <ChangeList title="No longer" anomalies={gone} words={words} />
    </>
  );
}

function ChangeList({
  title,
  anomalies,
  words,
}: {
  title: string;
  anomalies: readonly Anomaly[];
  words: NumberWords;
}) {
  if (anomalies.length === 0) return null;
  return (
    <div className={styles.changes}>
      <h3>
        {title} ({anomalies.length})
      </h3>
      <ul>
        {anomalies.slice(0, MOST_LISTED).map((anomaly) => (
          <li key={anomaly.id}>
            <SeverityMark severity={anomaly.severity} size={10} />
            <span>{formatTime(anomaly.date)}</span>
            <span className={styles.value}>{words.full(anomaly.value)}</span>
          </li>
        ))}
      </ul>
      {anomalies.length > MOST_LISTED && (
        <p className={styles.events}>and {anomalies.length - MOST_LISTED} others</p>
      )}
    </div>
  );
}
