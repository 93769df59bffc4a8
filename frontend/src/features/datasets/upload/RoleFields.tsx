import { MultiSelect, SegmentedControl, Select, SimpleGrid, Text } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import type { Encoding, FileFormat, Preview } from '@/api/types';
import { type Choices, chosenMetrics, chosenTime } from './roles';

interface RoleFieldsProps {
  preview: Preview | undefined;
  choices: Choices;
  onChange: (choices: Choices) => void;
  /** Whether the columns are settled: only how the file is written is asked for. */
  ofTextOnly?: boolean;
}

const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const ZONES = [...new Set(['UTC', OWN_ZONE, ...Intl.supportedValuesOf('timeZone')])].filter(Boolean);

const FOUND_OUT = { value: 'auto', label: 'Find out' };
const FORMATS: { value: FileFormat; label: string }[] = [
  { value: 'csv', label: 'CSV' },
  { value: 'tsv', label: 'TSV (tabs)' },
  { value: 'json', label: 'JSON' },
  { value: 'ndjson', label: 'JSON lines' },
  { value: 'parquet', label: 'Parquet' },
];
const HEADERS = [
  FOUND_OUT,
  { value: '0', label: 'No header' },
  // Titles and notes above a table are a few lines.
  ...Array.from({ length: 20 }, (_, above) => ({ value: String(above + 1), label: `Line ${above + 1}` })),
];
const ENCODINGS: { value: Encoding; label: string }[] = [
  { value: 'utf-8', label: 'UTF-8' },
  { value: 'utf-16', label: 'UTF-16' },
  { value: 'windows-1252', label: 'Western (Windows-1252)' },
  { value: 'iso-8859-1', label: 'Western (ISO 8859-1)' },
  { value: 'iso-8859-15', label: 'Western (ISO 8859-15)' },
  { value: 'windows-1250', label: 'Central European (Windows-1250)' },
  { value: 'windows-1251', label: 'Cyrillic (Windows-1251)' },
  { value: 'shift_jis', label: 'Japanese (Shift JIS)' },
  { value: 'gb18030', label: 'Chinese (GB 18030)' },
  { value: 'big5', label: 'Chinese (Big5)' },
  { value: 'euc-kr', label: 'Korean (EUC-KR)' },
];

export function RoleFields({ preview, choices, onChange, ofTextOnly = false }: RoleFieldsProps) {
  const columns = preview?.columns ?? [];
  const set = (change: Partial<Choices>) => onChange({ ...choices, ...change });
  const time = chosenTime(choices, preview);
  const numbers = columns
    .filter(({ name, type }) => type !== 'time' && name !== time)
    .map(({ name }) => name);
  const isText = preview === undefined || preview.format === 'csv' || preview.format === 'tsv';
  return (
    <>
      {!ofTextOnly && (
        <>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
            <Select
              label="Time column"
              placeholder={preview ? 'Choose a column' : 'Known once the file is read'}
              data={columns.map(({ name }) => name)}
              value={time}
              onChange={(timeColumn) => set({ timeColumn })}
              allowDeselect={false}
              searchable={columns.length > 10}
              disabled={!preview}
            />
            <Select
              label="Time zone"
              description="Of times that bring none of their own"
              inputWrapperOrder={['label', 'input', 'description']}
              data={ZONES}
              value={choices.timeZone}
              onChange={(timeZone) => set({ timeZone: timeZone ?? 'UTC' })}
              searchable
              limit={40}
              nothingFoundMessage="No such zone"
            />
          </SimpleGrid>
          <MultiSelect
            label="Columns to analyse"
            data={numbers}
            value={chosenMetrics(choices, preview)}
            onChange={(metricColumns) => set({ metricColumns })}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': 'Choose none' }}
            disabled={!preview}
            maxDropdownHeight={260}
          />
        </>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2, md: isText ? 4 : 2 }} spacing="md">
        <Select
          label="Format"
          value={choices.format ?? 'auto'}
          onChange={(format) => set({ format: format === 'auto' ? null : (format as FileFormat) })}
          allowDeselect={false}
          data={[FOUND_OUT, ...FORMATS]}
        />
        {preview?.format !== 'parquet' && (
          <Select
            label="Encoding"
            value={choices.encoding ?? 'auto'}
            onChange={(encoding) => set({ encoding: encoding === 'auto' ? null : (encoding as Encoding) })}
            allowDeselect={false}
            data={[FOUND_OUT, ...ENCODINGS]}
          />
        )}
        {isText && (
          <Select
            label="Columns are separated by"
            value={choices.delimiter ?? 'auto'}
            onChange={(delimiter) => set({ delimiter: delimiter === 'auto' ? null : delimiter })}
            allowDeselect={false}
            data={[
              FOUND_OUT,
              { value: ',', label: 'Comma' },
              { value: ';', label: 'Semicolon' },
              { value: '\t', label: 'Tab' },
              { value: '|', label: 'Bar |' },
            ]}
          />
        )}
        {isText && (
          <Select
            label="Names of the columns"
            value={choices.headerLine === null ? 'auto' : String(choices.headerLine)}
            onChange={(line) => set(withHeader(line === null || line === 'auto' ? null : Number(line)))}
            allowDeselect={false}
            data={HEADERS}
            maxDropdownHeight={260}
          />
        )}
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <Labelled label="Dates like 03/04/2024">
          {(id) => (
            <SegmentedControl
              aria-labelledby={id}
              fullWidth
              value={asText(choices.dayFirst)}
              onChange={(text) => set({ dayFirst: asChoice(text) })}
              data={[
                { value: 'auto', label: 'Find out' },
                { value: 'true', label: 'Day first' },
                { value: 'false', label: 'Month first' },
              ]}
            />
          )}
        </Labelled>
        {isText && (
          <Labelled label="Decimal sign">
            {(id) => (
              <SegmentedControl
                aria-labelledby={id}
                fullWidth
                value={asText(choices.decimalComma)}
                onChange={(text) => set({ decimalComma: asChoice(text) })}
                data={[
                  { value: 'auto', label: 'Find out' },
                  { value: 'false', label: '1.5' },
                  { value: 'true', label: '1,5' },
                ]}
              />
            )}
          </Labelled>
        )}
      </SimpleGrid>
    </>
  );
}

/** Under another header the columns have other names: what was said of them falls with it. */
function withHeader(headerLine: number | null): Partial<Choices> {
  return { headerLine, timeColumn: null, metricColumns: null, columnTypes: {} };
}

function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div>
      <Text id={id} size="sm" fw={600} mb={2}>
        {label}
      </Text>
      {children(id)}
    </div>
  );
}

function asText(choice: boolean | null): string {
  return choice === null ? 'auto' : String(choice);
}

function asChoice(text: string): boolean | null {
  return text === 'auto' ? null : text === 'true';
}
