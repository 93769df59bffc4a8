import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useId } from 'react';
import type { UploadMode } from './draft-options';

interface ModeFieldProps {
  mode: UploadMode;
  onChange: (mode: UploadMode) => void;
}

/** Whether the file replaces the rows of the dataset or is added to them. */
export function ModeField({ mode, onChange }: ModeFieldProps) {
  const id = useId();
  return (
    <Stack gap={4} align="flex-start">
      <Text id={id} size="sm" fw={500}>
        Existing rows
      </Text>
      <SegmentedControl
        aria-labelledby={id}
        value={mode}
        onChange={(chosen) => onChange(chosen === 'append' ? 'append' : 'replace')}
        data={[
          { value: 'replace', label: 'Replace' },
          { value: 'append', label: 'Keep and add' },
        ]}
      />
      <Text size="xs" c="dimmed">
        {mode === 'append'
          ? 'The file needs the same columns; they are read as in the previous version. Rows for the same time are replaced.'
          : 'The new version contains only this file.'}
      </Text>
    </Stack>
  );
}
