import { Stack, Stepper } from '@mantine/core';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useDataset } from '@/api/datasets';
import { ErrorState } from '@/components/ErrorState';
import { PageHeader } from '@/components/PageHeader';
import { usePageTitle } from '@/components/usePageTitle';
import { SampleList } from '../SampleList';
import type { Sent } from './api';
import { CheckStep } from './CheckStep';
import { ChooseStep } from './ChooseStep';
import { type DraftOptions, NO_OPTIONS } from './draft-options';
import { ProcessingStep } from './ProcessingStep';
import styles from './UploadPage.module.css';

export function UploadPage() {
  const [search] = useSearchParams();
  const existing = search.get('dataset');
  return existing ? <NewVersion key={existing} datasetId={existing} /> : <UploadFlow key="new" />;
}

function NewVersion({ datasetId }: { datasetId: string }) {
  const { data, error, refetch } = useDataset(datasetId);
  usePageTitle('Upload', { label: 'Datasets', to: '/datasets' });
  if (error)
    return <ErrorState title="This dataset cannot be updated" error={error} onRetry={() => void refetch()} />;
  return data ? (
    <UploadFlow existing={{ id: data.id, name: data.datasetName, timeZone: data.timeZone }} />
  ) : null;
}

interface UploadFlowProps {
  existing?: { id: string; name: string; timeZone: string };
}

function UploadFlow({ existing }: UploadFlowProps) {
  usePageTitle('Upload', { label: 'Datasets', to: '/datasets' });
  const [file, setFile] = useState<File | null>(null);
  const [options, setChoices] = useState<DraftOptions>({
    ...NO_OPTIONS,
    timeZone: existing?.timeZone ?? 'UTC',
  });
  const [uploaded, setUploaded] = useState<Sent | null>(null);
  const [again, setAgain] = useState<Sent | null>(null);
  const step = uploaded ? 2 : file ? 1 : 0;

  const startOver = () => {
    setFile(null);
    setUploaded(null);
    setChoices((chosen) => ({ ...NO_OPTIONS, timeZone: chosen.timeZone }));
  };
  // A corrected upload becomes the next version of the same dataset, so that failures leave nothing behind.
  const target = again ? { id: again.datasetId, name: again.datasetName } : existing;

  return (
    <Stack gap="md" maw={1120} mx="auto" w="100%">
      <PageHeader
        title={existing ? `New version of ${existing.name}` : 'Upload a dataset'}
        subtitle={
          existing
            ? 'Earlier versions are kept and can still be opened.'
            : 'A table with a time column and at least one column of numbers.'
        }
      />
      <Stepper
        active={step}
        size="sm"
        iconSize={32}
        allowNextStepsSelect={false}
        wrap={false}
        classNames={{
          stepDescription: styles.description ?? '',
          separator: styles.separator ?? '',
        }}
      >
        <Stepper.Step label="File" description="Choose" />
        <Stepper.Step label="Import" description="Check the options" />
        <Stepper.Step label="Result" description="What we found" />
      </Stepper>
      {step === 0 && <ChooseStep onChoose={setFile} />}
      {step === 0 && !existing && <SampleList />}
      {step === 1 && file && (
        <CheckStep
          file={file}
          target={target}
          options={options}
          onChange={setChoices}
          onBack={startOver}
          onUploaded={setUploaded}
        />
      )}
      {uploaded && (
        <ProcessingStep
          uploaded={uploaded}
          onChangeColumns={() => {
            setAgain(uploaded);
            setUploaded(null);
          }}
          onAnotherFile={() => {
            setAgain(uploaded);
            startOver();
          }}
        />
      )}
    </Stack>
  );
}
