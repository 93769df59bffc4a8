import { Button, Divider, Drawer, Group, SegmentedControl, Slider, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { ErrorState } from '@/components/ErrorState';
import { counted, formatCount } from '@/components/format';
import { useTrial } from '../api';
import { DIRECTIONS, STANDARD_SENSITIVITY, type View } from '../view';
import { Changes } from './Changes';
import { DialCurve } from './DialCurve';
import { atSensitivity, differenceWords } from './dial';
import { MinChangeField } from './MinChangeField';
import styles from './SensitivityDrawer.module.css';
import { dialOf, type Tried, tallyOf, unitOf } from './tried';

const SETTLE_MS = 350; // the drawer asks for the exact answer once the hand rests
const DIRECTION_WORDS = { both: 'Both', up: 'Rises', down: 'Drops' };

type Draft = Pick<View, 'sensitivity' | 'direction' | 'minChange'>;

interface SensitivityDrawerProps {
  opened: boolean;
  /** What is on the page: one metric, or several that are tried at once. */
  shown: readonly Tried[];
  view: View;
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

function DrawerForm({ shown, view, onApply, onClose }: Omit<SensitivityDrawerProps, 'opened'>) {
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
  const analyses = shown.map(({ analysis }) => analysis);
  const trial = useTrial(analyses, { ...view, ...settled }, isChanged);
  const exact = isChanged && settled === draft ? trial.answers : null;
  const dial = dialOf(analyses.map((analysis) => analysis.dial));
  const quick = atSensitivity(dial, draft.sensitivity);
  const now = tallyOf(analyses);
  const about = quick ? { events: quick.events, points: quick.flaggedPoints } : now;
  const then = exact ? tallyOf(exact) : isChanged ? about : now;
  const points = analyses.reduce((sum, { summary }) => sum + summary.count, 0);

  return (
    <Stack gap="lg">
      <div>
        <Text size="sm" fw={500} id="dial-label">
          How much is worth telling
        </Text>
        <Text size="sm" c="dimmed" mb="sm">
          The middle is the tested standard: about one false alarm in twenty calm series.
        </Text>
        {dial.length > 1 && <DialCurve dial={dial} sensitivity={draft.sensitivity} />}
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
        unit={unitOf(analyses)}
        value={draft.minChange}
        onChange={(minChange) => set({ minChange })}
      />
      <Divider />
      <div aria-live="polite" className={styles.answer}>
        {isChanged && trial.error !== null ? (
          <ErrorState title="These settings could not be tried" error={trial.error} onRetry={trial.retry} />
        ) : (
          <>
            <p className={styles.flags}>
              Flags <strong>{formatCount(then.points)}</strong> of {formatCount(points)} points
              {shown.length > 1 && ` of ${shown.length} metrics`}
              {isChanged && !exact && ' (about)'}
            </p>
            <p className={styles.events}>
              {counted(then.events, 'anomaly', 'anomalies')}
              {isChanged && `, ${differenceWords(then.events, now.events)}`}
            </p>
          </>
        )}
        {exact && <Changes shown={shown} then={exact.map(({ anomalies }) => anomalies)} />}
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
