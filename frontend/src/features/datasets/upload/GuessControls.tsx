import { Select, Stack, Text } from '@mantine/core';
import type { Preview } from '@/api/types';
import { capital } from '@/components/format';
import { type DraftOptions, withoutColumns } from './draft-options';

interface GuessControlsProps {
  preview: Preview;
  options: DraftOptions;
  onChange: (options: DraftOptions) => void;
}

type Guess = NonNullable<Preview['guesses']>[number];

const LABELS: Record<string, string> = {
  timeColumn: 'Time column',
  sheet: 'Sheet',
  shape: 'Table layout',
};
const SHAPES: Record<string, string> = { auto: 'Auto-detect', as_is: 'As in the file' };

/** What was guessed of the file, why, and what else it may be. */
export function GuessControls({ preview, options, onChange }: GuessControlsProps) {
  const guesses = shownGuesses(preview);
  if (guesses.length === 0) return null;
  return (
    <Stack gap="xs" mb="sm">
      {guesses.map((guess) => (
        <Select
          key={guess.field}
          label={guess.asks ? `Is “${guess.value}” the time?` : LABELS[guess.field]}
          description={capital(guess.evidence)}
          data={choices(guess)}
          value={chosen(guess, options)}
          onChange={(value) => value && onChange(withAnswer(options, guess.field, value))}
          allowDeselect={false}
          maw="30rem"
        />
      ))}
      {guesses.some(({ asks }) => asks) && (
        <Text size="sm" c="dimmed">
          Several columns may hold the time. Choose the right one.
        </Text>
      )}
    </Stack>
  );
}

/** The guesses that may be answered otherwise. */
export function shownGuesses(preview: Preview): Guess[] {
  return (preview.guesses ?? []).filter((guess) => guess.field in LABELS && isOpen(guess));
}

/** The time has a field of its own among the options: it is asked here only where two are as plausible. */
function isOpen({ field, asks, alternatives }: Guess): boolean {
  return alternatives.length > 0 && (field !== 'timeColumn' || asks);
}

function choices({ field, value, alternatives }: Guess): { value: string; label: string }[] {
  const values = [...new Set([value ?? '', ...alternatives])].filter(Boolean);
  return values.map((one) => ({ value: one, label: field === 'shape' ? (SHAPES[one] ?? one) : one }));
}

function chosen({ field, value }: Guess, options: DraftOptions): string | null {
  if (field === 'timeColumn') return options.timeColumn ?? value;
  if (field === 'sheet') return options.sheet ?? value;
  return options.shape ?? value;
}

function withAnswer(options: DraftOptions, field: string, value: string): DraftOptions {
  if (field === 'timeColumn') return { ...options, timeColumn: value };
  // Another sheet, or another shape, has other columns: what was chosen for them no longer applies.
  const others = withoutColumns(options);
  return field === 'sheet'
    ? { ...others, sheet: value }
    : { ...others, shape: value === 'as_is' ? 'as_is' : 'auto' };
}
