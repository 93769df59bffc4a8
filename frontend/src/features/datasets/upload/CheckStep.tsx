import { Alert, Button, Group, Loader, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconArrowRight } from '@tabler/icons-react';
import { isCancel } from 'axios';
import { useRef, useState } from 'react';
import { problemOf } from '@/api/problem';
import type { Preview } from '@/api/types';
import { Card } from '@/components/Card';
import { ErrorState } from '@/components/ErrorState';
import { formatBytes } from '@/components/format';
import { useOnce } from '@/components/useOnce';
import { isCutShort, type Sent, usePreview, useUpload } from './api';
import { ModeField } from './ModeField';
import { PreviewTable } from './PreviewTable';
import { RoleFields } from './RoleFields';
import {
  type Choices,
  chosenMetrics,
  chosenTime,
  nameFromFile,
  readingFacts,
  type UploadMode,
  withColumnType,
} from './roles';
import { SendingCard } from './SendingCard';

interface CheckStepProps {
  file: File;
  target: { id: string; name: string } | undefined;
  choices: Choices;
  onChange: (choices: Choices) => void;
  onBack: () => void;
  onUploaded: (sent: Sent) => void;
}

export function CheckStep({ file, target, choices, onChange, onBack, onUploaded }: CheckStepProps) {
  const preview = usePreview(file, choices);
  // What does not fit is refused; what was seen before stays, so that the choice can be taken back.
  const [seen, setSeen] = useState<Preview>();
  if (preview.data && preview.data !== seen) setSeen(preview.data);
  const upload = useUpload();
  const [mode, setMode] = useState<UploadMode>('replace');
  const appending = target !== undefined && mode === 'append';
  const [name, setName] = useState(target?.name ?? nameFromFile(file.name));
  const [sent, setSent] = useState({ fraction: 0, rate: null as number | null, detour: false });
  const abort = useRef<AbortController | null>(null);

  const send = useOnce(upload.isPending, upload.error, () => {
    abort.current = new AbortController();
    setSent({ fraction: 0, rate: null, detour: false });
    upload.mutate(
      {
        file,
        name: name.trim(),
        datasetId: target?.id ?? null,
        mode: appending ? 'append' : 'replace',
        choices: { ...choices, timeColumn: chosenTime(choices, seen) },
        signal: abort.current.signal,
        onProgress: (fraction, rate) => setSent((before) => ({ ...before, fraction, rate })),
        onDetour: () => setSent({ fraction: 0, rate: null, detour: true }),
      },
      { onSuccess: onUploaded },
    );
  });

  if (upload.isPending) {
    return (
      <SendingCard fileName={file.name} bytes={file.size} {...sent} onCancel={() => abort.current?.abort()} />
    );
  }

  const cancelled = isCancel(upload.error);
  const metrics = chosenMetrics(choices, seen);
  const time = chosenTime(choices, seen);
  const missing = missingWords(name, seen ? time : 'unknown', seen ? metrics.length : 1);
  // Refused as it stands; a choice below may mend it. Of a large packed file only the whole can be judged.
  const refused = problemOf(preview.error);
  const blocked = refused !== null && !isCutShort(file);

  return (
    <Stack gap="md">
      {upload.error && !cancelled && (
        <ErrorState title="The file was not uploaded" error={upload.error} onRetry={send} />
      )}
      {cancelled && (
        <Alert variant="light" color="indigo" c="var(--ink)" role="status">
          The upload was cancelled. Nothing was kept.
        </Alert>
      )}
      <Card
        title={file.name}
        subtitle={[formatBytes(file.size), ...(preview.data ? readingFacts(preview.data) : [])].join(' · ')}
        actions={
          <Button variant="default" size="xs" onClick={onBack}>
            Choose another file
          </Button>
        }
      >
        {preview.isPending && (
          <Group gap="sm" role="status">
            <Loader size="sm" />
            <Text size="sm">Reading the head of the file</Text>
          </Group>
        )}
        {preview.error && (
          <ErrorState
            title={
              refused?.code === 'ambiguous_date'
                ? 'Day or month first?'
                : 'This file cannot be read as it stands'
            }
            error={preview.error}
            {...(refused ? {} : { onRetry: () => void preview.refetch() })}
          />
        )}
        {seen && (
          <>
            {seen.warnings.map((warning) => (
              <Alert
                key={warning}
                variant="light"
                color="yellow"
                c="var(--ink)"
                mb="sm"
                icon={<IconAlertTriangle size={18} color="var(--low)" />}
              >
                {warning}
              </Alert>
            ))}
            <PreviewTable
              preview={seen}
              time={time}
              metrics={metrics}
              said={choices.columnTypes}
              onType={appending ? null : (name, type) => onChange(withColumnType(choices, name, type))}
            />
          </>
        )}
      </Card>
      <Card title="How to read it" subtitle="Found out from the file; change what is wrong.">
        <Stack gap="md">
          <TextInput
            label="Name of the dataset"
            value={name}
            maxLength={200}
            readOnly={target !== undefined}
            variant={target ? 'filled' : 'default'}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {target && <ModeField mode={mode} onChange={setMode} />}
          <RoleFields preview={seen} choices={choices} onChange={onChange} ofTextOnly={appending} />
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
          disabled={missing !== null || blocked || preview.isPending}
          aria-describedby={missing ? 'missing' : undefined}
          onClick={send}
        >
          Upload and analyse
        </Button>
      </Group>
    </Stack>
  );
}

function missingWords(name: string, time: string | null, metrics: number): string | null {
  if (name.trim() === '') return 'Give the dataset a name.';
  if (time === null) return 'Choose the column that holds the time.';
  if (metrics === 0) return 'Choose at least one column to analyse.';
  return null;
}
