import { Button, Divider, Drawer, Group, SegmentedControl, Slider, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { STANDARD_SENSITIVITY } from '../view';
import type { ShownAnalysis } from './draft-settings';
import { combinedCurve, unitOf } from './draft-settings';
import { MinChangeField } from './MinChangeField';
import { SensitivityCurve } from './SensitivityCurve';
import styles from './SensitivityDrawer.module.css';
import { TrialResult } from './TrialResult';
import { type DraftSettings, type SensitivityDraft, STANDARD_SETTINGS } from './useSensitivityDraft';

const DIRECTIONS = [
  { value: 'both', label: 'Both' },
  { value: 'up', label: 'Rises' },
  { value: 'down', label: 'Drops' },
] as const;

interface SensitivityDrawerProps {
  draft: SensitivityDraft;
  /** The analyses on the page: of one metric, or of several that are tried at once. */
  shown: readonly ShownAnalysis[];
  onApply: (settings: DraftSettings) => void;
}

/** Beside the chart, which shows what the settings change; nothing covers or darkens it. */
export function SensitivityDrawer({ draft, shown, onApply }: SensitivityDrawerProps) {
  const isNarrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  return (
    <Drawer
      opened={draft.isOpen}
      onClose={draft.close}
      position={isNarrow ? 'bottom' : 'right'}
      size={isNarrow ? '62%' : 376}
      title="Sensitivity"
      withOverlay={false}
      lockScroll={false}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ content: styles.content ?? '' }}
    >
      <DrawerForm draft={draft} shown={shown} onApply={onApply} />
    </Drawer>
  );
}

function DrawerForm({ draft, shown, onApply }: SensitivityDrawerProps) {
  const settings = draft.shown;
  const set = (change: Partial<DraftSettings>) => draft.setDraft({ ...settings, ...change });
  const analyses = shown.map(({ analysis }) => analysis);
  return (
    <Stack gap="lg">
      <SensitivitySlider
        curve={combinedCurve(analyses.map((analysis) => analysis.sensitivityCurve))}
        value={settings.sensitivity}
        onChange={(sensitivity) => set({ sensitivity })}
      />
      <div>
        <Text size="sm" fw={500} id="direction-label" mb={4}>
          Direction
        </Text>
        <SegmentedControl
          aria-labelledby="direction-label"
          fullWidth
          value={settings.direction}
          onChange={(value) =>
            set({ direction: DIRECTIONS.find((known) => known.value === value)?.value ?? 'both' })
          }
          data={DIRECTIONS.map(({ value, label }) => ({ value, label }))}
        />
      </div>
      <MinChangeField
        unit={unitOf(analyses)}
        value={settings.minChange}
        onChange={(minChange) => set({ minChange })}
      />
      <Divider />
      <TrialResult draft={draft} shown={shown} />
      <Group justify="space-between">
        <Button variant="default" onClick={() => draft.setDraft(STANDARD_SETTINGS)}>
          Reset
        </Button>
        <Button
          disabled={!draft.isChanged}
          onClick={() => {
            onApply(settings);
            draft.close();
          }}
        >
          Apply
        </Button>
      </Group>
    </Stack>
  );
}

interface SensitivitySliderProps {
  curve: ReturnType<typeof combinedCurve>;
  value: number;
  onChange: (value: number) => void;
}

function SensitivitySlider({ curve, value, onChange }: SensitivitySliderProps) {
  return (
    <div>
      <Text size="sm" c="dimmed" mb="sm">
        At the middle, about 1 in 20 quiet series gets a false alarm.
      </Text>
      {curve.length > 1 && <SensitivityCurve sensitivityCurve={curve} sensitivity={value} />}
      <Slider
        value={value}
        onChange={onChange}
        min={0}
        max={1}
        step={0.05}
        label={null}
        thumbLabel="Sensitivity"
        thumbProps={{ 'aria-valuetext': `${Math.round(100 * value)} of 100` }}
        marks={[{ value: 0 }, { value: STANDARD_SENSITIVITY }, { value: 1 }]}
      />
      <Group justify="space-between" mt={8} aria-hidden>
        {['Only clear cases', 'Standard', 'Anything unusual'].map((label) => (
          <Text key={label} size="xs" c="dimmed">
            {label}
          </Text>
        ))}
      </Group>
    </div>
  );
}
