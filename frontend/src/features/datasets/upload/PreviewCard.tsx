import { Alert, Button, Group, Loader, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { problemOf } from '@/api/problem';
import type { Preview } from '@/api/types';
import { Card } from '@/components/Card';
import { ErrorState } from '@/components/ErrorState';
import { formatBytes } from '@/components/format';
import { ambiguousDate } from './ambiguous-date';
import { isHeadOnly, type usePreview, usePreviewBytes } from './api';
import { roleOf, withRole } from './column-roles';
import { DateOrderQuestion } from './DateOrderQuestion';
import { type DraftOptions, parseSummary, withColumnType, withoutColumns } from './draft-options';
import { GuessControls, shownGuesses } from './GuessControls';
import { MemberQuestion } from './MemberQuestion';
import { PreviewTable } from './PreviewTable';

interface PreviewCardProps {
  file: File;
  preview: ReturnType<typeof usePreview>;
  options: DraftOptions;
  /** Whether the file's rows join others: then the types of its columns are settled. */
  isAppended: boolean;
  onChange: (options: DraftOptions) => void;
  /** Go back to the options that the file could last be read with; null where there are none. */
  onUndo: (() => void) | null;
  onBack: () => void;
}

/** The first rows as they are read with the current options, or why they cannot be. */
export function PreviewCard(props: PreviewCardProps) {
  const { file, preview, onBack } = props;
  // What was read with other options would contradict the error.
  const shown = preview.error ? undefined : preview.data;
  return (
    <Card
      title={file.name}
      subtitle={[formatBytes(file.size), ...(shown ? parseSummary(shown) : [])].join(' · ')}
      actions={
        <Button variant="default" size="xs" onClick={onBack}>
          Choose another file
        </Button>
      }
    >
      {preview.isPending && (
        <Group gap="sm" role="status">
          <Loader size="sm" />
          <Text size="sm">Reading the first rows</Text>
        </Group>
      )}
      {preview.error && <PreviewError {...props} />}
      {shown && <PreviewRows {...props} shown={shown} />}
    </Card>
  );
}

function PreviewError({ preview, options, onChange, onUndo }: PreviewCardProps) {
  const problem = problemOf(preview.error);
  const title =
    problem === null
      ? 'The preview could not be loaded'
      : problem.code === 'ambiguous_date'
        ? 'Day or month first?'
        : 'This file cannot be read with these options';
  return (
    <ErrorState
      title={title}
      error={preview.error}
      {...(problem ? {} : { onRetry: () => void preview.refetch() })}
    >
      {problem?.code === 'several_tables' && (
        <MemberQuestion
          problem={problem}
          onAnswer={(member) => onChange({ ...withoutColumns(options), member })}
        />
      )}
      {problem && onUndo && (
        <Button size="xs" variant="default" onClick={onUndo}>
          Undo the last change
        </Button>
      )}
    </ErrorState>
  );
}

function PreviewRows({ file, options, isAppended, onChange, shown }: PreviewCardProps & { shown: Preview }) {
  const question = ambiguousDate(shown, options);
  const { previewBytes } = usePreviewBytes();
  // The question replaces the warning of the same content, the only one about what comes first.
  // Nor is what a guess below says said twice.
  const evidence = new Set((isAppended ? [] : shownGuesses(shown)).map((guess) => guess.evidence));
  const warnings = shown.warnings.filter(
    (text) => !evidence.has(text) && !(question && text.includes(question.text)),
  );
  return (
    <>
      {question && (
        <DateOrderQuestion
          date={question}
          mayBeDecidedLater={isHeadOnly(file, previewBytes)}
          onAnswer={(dayFirst) => onChange({ ...options, dayFirst })}
        />
      )}
      {warnings.map((warning) => (
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
      {!isAppended && <GuessControls preview={shown} options={options} onChange={onChange} />}
      <PreviewTable
        preview={shown}
        roleOf={(column) => roleOf(column, options, shown)}
        onRole={isAppended ? null : (name, role) => onChange(withRole(options, shown, name, role))}
        chosenTypes={options.columnTypes}
        onType={isAppended ? null : (name, type) => onChange(withColumnType(options, name, type))}
      />
    </>
  );
}
