import { ActionIcon, Button, Select, Tooltip } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconCalendarStar } from '@tabler/icons-react';
import { useState } from 'react';
import { labelOf } from '@/api/labels';
import type { Aggregate, Analysis, Granularity } from '@/api/types';

import { AGGREGATES, type ChangeView, GRANULARITIES, type View } from '../view';
import { CalendarDialog } from './CalendarDialog';
import styles from './SeriesControls.module.css';

const CHARACTER_PX = 6.1; // of Inter at 12 px, semibold
const ARROW_PX = 44; // with the paddings

export interface SeriesControlsProps {
  /** Absent while it is loaded, and where several are compared. */
  analysis: Analysis | undefined;
  view: View;
  changeView: ChangeView;
  onSensitivity: () => void;
}

/** How the series is made of the rows, and how sensitive the detection is. */
export function SeriesControls({ analysis, view, changeView, onSensitivity }: SeriesControlsProps) {
  // Another analysis keeps the zoom but drops the selection, which it may not have.
  const ask = (change: Partial<View>) => changeView({ ...change, selected: null }, { push: true });
  return (
    <>
      <LabelledSelect
        label="Interval"
        value={view.granularity}
        choices={offeredGranularities(analysis, view).map((value) => ({
          value,
          label: intervalLabel(value, analysis),
        }))}
        onChange={(granularity: Granularity) => ask({ granularity, from: null, to: null })}
      />
      <LabelledSelect
        label="Value"
        value={view.aggregate}
        choices={AGGREGATES.map((value) => ({ value, label: aggregateLabel(value, analysis) }))}
        onChange={(aggregate: Aggregate) => ask({ aggregate })}
      />
      <CalendarButton analysis={analysis} view={view} ask={ask} />
      <Button
        className={styles.wide ?? ''}
        variant="default"
        size="xs"
        leftSection={<IconAdjustmentsHorizontal size={15} />}
        onClick={onSensitivity}
      >
        Sensitivity
      </Button>
      <Tooltip label="Sensitivity">
        <ActionIcon
          className={styles.narrow ?? ''}
          variant="default"
          aria-label="Sensitivity"
          onClick={onSensitivity}
        >
          <IconAdjustmentsHorizontal size={16} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

interface CalendarButtonProps extends Pick<SeriesControlsProps, 'analysis' | 'view'> {
  ask: (change: Partial<View>) => void;
}

function CalendarButton({ analysis, view, ask }: CalendarButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Tooltip label="Holidays and events">
        <ActionIcon variant="default" aria-label="Holidays and events" onClick={() => setOpen(true)}>
          <IconCalendarStar size={16} />
        </ActionIcon>
      </Tooltip>
      {isOpen && (
        <CalendarDialog analysis={analysis} view={view} onApply={ask} onClose={() => setOpen(false)} />
      )}
    </>
  );
}

/** Finer units than the data's own would be full of gaps: they are not offered, unless a link asks for one. */
function offeredGranularities(analysis: Analysis | undefined, view: View): readonly Granularity[] {
  const offered = analysis?.settings.offeredGranularities ?? [];
  if (offered.length === 0) return GRANULARITIES;
  return GRANULARITIES.filter(
    (value) => value === 'auto' || value === view.granularity || offered.includes(value),
  );
}

function intervalLabel(value: Granularity, analysis: Analysis | undefined): string {
  if (value !== 'auto' || !analysis) return labelOf('granularities', value);
  return `Auto (${labelOf('granularities', analysis.settings.granularity).toLowerCase()})`;
}

function aggregateLabel(value: Aggregate, analysis: Analysis | undefined): string {
  if (value !== 'auto' || !analysis) return labelOf('aggregates', value);
  return `Auto (${labelOf('aggregates', analysis.settings.aggregate).toLowerCase()})`;
}

interface LabelledSelectProps<T extends string> {
  label: string;
  value: T;
  choices: { value: T; label: string }[];
  onChange: (value: T) => void;
}

/** A select that says inside its frame what it selects. */
function LabelledSelect<T extends string>({ label, value, choices, onChange }: LabelledSelectProps<T>) {
  const labelWidth = label.length * CHARACTER_PX + 16;
  const chosenLabel = choices.find((one) => one.value === value)?.label ?? '';
  return (
    <Select
      size="xs"
      aria-label={label}
      className={styles.select ?? ''}
      classNames={{ section: styles.label ?? '', input: styles.input ?? '' }}
      leftSection={<span>{label}</span>}
      leftSectionWidth={labelWidth}
      // As wide as what it says.
      style={{
        '--wanted': `${labelWidth + chosenLabel.length * CHARACTER_PX + ARROW_PX}px`,
        '--label': `${labelWidth - 10}px`,
      }}
      leftSectionPointerEvents="none"
      data={choices}
      value={value}
      allowDeselect={false}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      onChange={(chosen) => {
        const choice = choices.find((one) => one.value === chosen);
        if (choice) onChange(choice.value);
      }}
    />
  );
}
