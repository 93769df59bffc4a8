import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { isCancel } from 'axios';
import { useState } from 'react';
import { useLimits } from '@/api/limits';
import { problemOf } from '@/api/problem';
import type { Preview } from '@/api/types';
import { Card } from '@/components/Card';
import { ErrorState } from '@/components/ErrorState';
import { ambiguousDate } from './ambiguous-date';
import { isCutShort, isHeadOnly, type Sent, usePreview, usePreviewBytes } from './api';
import { chosenMetrics, chosenTime, type DraftOptions, nameFromFile, type UploadMode } from './draft-options';
import { ModeField } from './ModeField';
import { OptionFields } from './OptionFields';
import { PreviewCard } from './PreviewCard';
import { SendingCard } from './SendingCard';
import { useSending } from './useSending';

interface CheckStepProps {
  file: File;
  target: { id: string; name: string } | undefined;
  options: DraftOptions;
  onChange: (options: DraftOptions) => void;
  onBack: () => void;
  onUploaded: (sent: Sent) => void;
}

/** How the file is read, to be checked and corrected before it is sent. */
export function CheckStep({ file, target, options, onChange, onBack, onUploaded }: CheckStepProps) {
  const preview = usePreview(file, options);
  const { previewBytes } = usePreviewBytes();
  const { data: limits } = useLimits();
  const readable = useReadable(preview.isPlaceholderData ? undefined : preview.data, options);
  const [mode, setMode] = useState<UploadMode>('replace');
  const isAppended = target !== undefined && mode === 'append';
  const [name, setName] = useState(target?.name ?? nameFromFile(file.name));
  const fitting = name.slice(0, limits?.maxNameCharacters);
  const seen = readable?.preview;
  const time = chosenTime(options, seen);
  const sending = useSending(
    {
      file,
      name: fitting.trim(),
      datasetId: target?.id ?? null,
      mode: isAppended ? 'append' : 'replace',
      options: { ...options, timeColumn: time },
    },
    onUploaded,
  );
  if (sending.isPending) return <SendingCard fileName={file.name} bytes={file.size} {...sending.progress} />;

  const missing = missingInput(fitting, isHeadOnly(file, previewBytes), seen, options);
  // Refused with these options; of a large compressed file only the whole can be judged.
  const isRefused = problemOf(preview.error) !== null && !isCutShort(file, previewBytes);
  const onUndo = readable ? () => onChange(readable.options) : null;
  return (
    <Stack gap="md">
      <SendingOutcome error={sending.error} onRetry={sending.send} />
      <PreviewCard {...{ file, preview, options, isAppended, onChange, onUndo, onBack }} />
      <Card title="Import options" subtitle="Detected from your file. Correct anything that looks wrong.">
        <Stack gap="md">
          <NameField name={fitting} isFixed={target !== undefined} onName={setName} />
          {target && <ModeField mode={mode} onChange={setMode} />}
          <OptionFields preview={seen} options={options} onChange={onChange} ofTextOnly={isAppended} />
        </Stack>
      </Card>
      <Group justify="flex-end" gap="md">
        {missing && (
          <Text size="sm" c="dimmed" id="missing">
            {missing}
          </Text>
        )}
        <Button
          size="md"
          rightSection={<IconArrowRight size={18} />}
          disabled={missing !== null || isRefused || preview.isPending}
          aria-describedby={missing ? 'missing' : undefined}
          onClick={sending.send}
        >
          Upload and analyse
        </Button>
      </Group>
    </Stack>
  );
}

/** The last options that the file could be read with, and what was read. */
function useReadable(data: Preview | undefined, options: DraftOptions) {
  const [last, setLast] = useState<{ preview: Preview; options: DraftOptions } | null>(null);
  if (data && data !== last?.preview) setLast({ preview: data, options });
  return last;
}

function SendingOutcome({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (!error) return null;
  if (isCancel(error)) {
    return (
      <Alert variant="light" color="indigo" c="var(--ink)" role="status">
        The upload was cancelled. Nothing was saved.
      </Alert>
    );
  }
  return <ErrorState title="The file was not uploaded" error={error} onRetry={onRetry} />;
}

interface NameFieldProps {
  name: string;
  isFixed: boolean;
  onName: (name: string) => void;
}

function NameField({ name, isFixed, onName }: NameFieldProps) {
  const { data: limits } = useLimits();
  return (
    <TextInput
      label="Dataset name"
      value={name}
      maxLength={limits?.maxNameCharacters}
      readOnly={isFixed}
      variant={isFixed ? 'filled' : 'default'}
      onChange={(event) => onName(event.currentTarget.value)}
    />
  );
}

/** What is still missing before the file can be sent; null if nothing is. */
function missingInput(
  name: string,
  headOnly: boolean,
  preview: Preview | undefined,
  options: DraftOptions,
): string | null {
  if (name.trim() === '') return 'Enter a name for the dataset.';
  if (!preview) return null;
  if (chosenTime(options, preview) === null) return 'Choose the column with the time.';
  if (chosenMetrics(options, preview).length === 0) return 'Choose at least one column to analyse.';
  if (!headOnly && ambiguousDate(preview, options)) return 'Choose day first or month first.';
  return null;
}
