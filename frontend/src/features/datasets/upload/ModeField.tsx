import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useId } from 'react';
import type { UploadMode } from './roles';

interface ModeFieldProps {
  mode: UploadMode;
  onChange: (mode: UploadMode) => void;
}

/** What the file is to the dataset: all its data from now on, or rows for it. */
export function ModeField({ mode, onChange }: ModeFieldProps) {
  const id = useId();
  return (
    <Stack gap={4} align="flex-start">
      <Text id={id} size="sm" fw={500}>
        What to do with the rows that are there
      </Text>
      <SegmentedControl
        aria-labelledby={id}
        value={mode}
        onChange={(chosen) => onChange(chosen === 'append' ? 'append' : 'replace')}
        data={[
          { value: 'replace', label: 'Replace them' },
          { value: 'append', label: 'Append rows' },
        ]}
      />
      <Text size="xs" c="dimmed">
        {mode === 'append'
          ? 'The file needs the same columns; they are read as in the version before. Where both have a time, the new rows win.'
          : 'The new version consists of this file alone.'}
      </Text>
    </Stack>
  );
}
