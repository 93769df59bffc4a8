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
import { ProcessingStep } from './ProcessingStep';
import { type Choices, NOTHING_CHOSEN } from './roles';
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
    return (
      <ErrorState title="This dataset takes no new version" error={error} onRetry={() => void refetch()} />
    );
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
  const [choices, setChoices] = useState<Choices>({
    ...NOTHING_CHOSEN,
    timeZone: existing?.timeZone ?? 'UTC',
  });
  const [uploaded, setUploaded] = useState<Sent | null>(null);
  const [again, setAgain] = useState<Sent | null>(null);
  const step = uploaded ? 2 : file ? 1 : 0;

  const startOver = () => {
    setFile(null);
    setUploaded(null);
    setChoices((chosen) => ({ ...NOTHING_CHOSEN, timeZone: chosen.timeZone }));
  };
  // A corrected try goes into the same dataset as its next version, so that failures leave no litter.
  const target = again ? { id: again.datasetId, name: again.datasetName } : existing;

  return (
    <Stack gap="md" maw={1120} mx="auto" w="100%">
      <PageHeader
        title={existing ? `New version of ${existing.name}` : 'Upload a dataset'}
        subtitle={
          existing
            ? 'The versions before stay listed and can be viewed.'
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
        <Stepper.Step label="File" description="Choose it" />
        <Stepper.Step label="Columns" description="Check how it is read" />
        <Stepper.Step label="Quality" description="What was found" />
      </Stepper>
      {step === 0 && <ChooseStep onChoose={setFile} />}
      {step === 0 && !existing && <SampleList />}
      {step === 1 && file && (
        <CheckStep
          file={file}
          target={target}
          choices={choices}
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
