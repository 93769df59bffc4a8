import { MultiSelect, SegmentedControl, Select, SimpleGrid, Text } from '@mantine/core';
import { useId } from 'react';
import type { Preview } from '@/api/types';
import { chosenMetrics, chosenTime, type DraftOptions, NO_COLUMNS } from './draft-options';
import { AUTO, DELIMITER_CHOICES, ENCODINGS, FORMATS, HEADER_ROWS, ZONES } from './option-choices';

interface OptionFieldsProps {
  preview: Preview | undefined;
  options: DraftOptions;
  onChange: (options: DraftOptions) => void;
  /** Whether the columns are settled: then only how the file is written can be chosen. */
  ofTextOnly?: boolean;
}

/** How the file is read. Everything is detected from it until the user chooses otherwise. */
export function OptionFields({ ofTextOnly = false, ...fields }: OptionFieldsProps) {
  return (
    <>
      {!ofTextOnly && <ColumnFields {...fields} />}
      <FormatFields {...fields} />
      <ValueFields {...fields} />
    </>
  );
}

type FieldsProps = Omit<OptionFieldsProps, 'ofTextOnly'>;

function isText(preview: Preview | undefined): boolean {
  return preview === undefined || preview.format === 'csv' || preview.format === 'tsv';
}

const ENCODED = new Set<Preview['format']>(['csv', 'tsv', 'json', 'ndjson']);

/** Whether the file is a text; workbooks and binary formats say themselves how theirs is written. */
function hasEncoding(preview: Preview | undefined): boolean {
  return preview === undefined || ENCODED.has(preview.format);
}

function ColumnFields({ preview, options, onChange }: FieldsProps) {
  const columns = preview?.columns ?? [];
  const time = chosenTime(options, preview);
  const numbers = columns
    .filter(({ name, type }) => type !== 'time' && name !== time)
    .map(({ name }) => name);
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <Select
          label="Time column"
          placeholder={preview ? 'Choose a column' : 'Known once the file is read'}
          data={columns.map(({ name }) => name)}
          value={time}
          onChange={(timeColumn) => onChange({ ...options, timeColumn })}
          allowDeselect={false}
          searchable={columns.length > 10}
          disabled={!preview}
        />
        <Select
          label="Time zone"
          description="Used for times without a time zone"
          inputWrapperOrder={['label', 'input', 'description']}
          data={ZONES}
          value={options.timeZone}
          onChange={(timeZone) => onChange({ ...options, timeZone: timeZone ?? 'UTC' })}
          searchable
          limit={40}
          nothingFoundMessage="No such time zone"
        />
      </SimpleGrid>
      <MultiSelect
        label="Columns to analyse"
        data={numbers}
        value={chosenMetrics(options, preview)}
        onChange={(metricColumns) => onChange({ ...options, metricColumns })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Clear all' }}
        disabled={!preview}
        maxDropdownHeight={260}
      />
    </>
  );
}

function FormatFields({ preview, options, onChange }: FieldsProps) {
  const set = (change: Partial<DraftOptions>) => onChange({ ...options, ...change });
  const hasLines = isText(preview);
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: hasLines ? 4 : 2 }} spacing="md">
      <Choice
        label="Format"
        value={options.format ?? null}
        choices={FORMATS}
        onChange={(format) => set({ format })}
      />
      {hasEncoding(preview) && (
        <Choice
          label="Encoding"
          value={options.encoding ?? null}
          choices={ENCODINGS}
          onChange={(encoding) => set({ encoding })}
        />
      )}
      {hasLines && (
        <Choice
          label="Delimiter"
          value={options.delimiter ?? null}
          choices={DELIMITER_CHOICES}
          onChange={(delimiter) => set({ delimiter })}
        />
      )}
      {hasLines && (
        <Choice
          label="Header row"
          value={options.headerLine?.toString() ?? null}
          choices={HEADER_ROWS}
          onChange={(line) => set(withHeader(line === null ? null : Number(line)))}
        />
      )}
    </SimpleGrid>
  );
}

/** Under another header the columns have other names: what was chosen for them no longer applies. */
function withHeader(headerLine: number | null): Partial<DraftOptions> {
  return { ...NO_COLUMNS, headerLine };
}

function ValueFields({ preview, options, onChange }: FieldsProps) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
      <YesNoAuto
        label="Dates like 03/04/2024"
        value={options.dayFirst ?? null}
        yes="Day first"
        no="Month first"
        onChange={(dayFirst) => onChange({ ...options, dayFirst })}
      />
      {isText(preview) && (
        <YesNoAuto
          label="Decimal separator"
          value={options.decimalComma ?? null}
          yes="1,5"
          no="1.5"
          onChange={(decimalComma) => onChange({ ...options, decimalComma })}
        />
      )}
    </SimpleGrid>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T | null;
  choices: readonly { value: T; label: string }[];
  onChange: (value: T | null) => void;
}

function Choice<T extends string>({ label, value, choices, onChange }: ChoiceProps<T>) {
  return (
    <Select
      label={label}
      value={value ?? AUTO.value}
      onChange={(chosen) => onChange(choices.find((one) => one.value === chosen)?.value ?? null)}
      allowDeselect={false}
      data={[AUTO, ...choices]}
      maxDropdownHeight={260}
    />
  );
}

interface YesNoAutoProps {
  label: string;
  value: boolean | null;
  yes: string;
  no: string;
  onChange: (value: boolean | null) => void;
}

function YesNoAuto({ label, value, yes, no, onChange }: YesNoAutoProps) {
  const id = useId();
  return (
    <div>
      <Text id={id} size="sm" fw={600} mb={2}>
        {label}
      </Text>
      <SegmentedControl
        aria-labelledby={id}
        fullWidth
        value={value === null ? AUTO.value : String(value)}
        onChange={(text) => onChange(text === AUTO.value ? null : text === 'true')}
        data={[AUTO, { value: 'true', label: yes }, { value: 'false', label: no }]}
      />
    </div>
  );
}
