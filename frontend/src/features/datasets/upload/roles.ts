import type { ColumnType, Encoding, FileFormat, Preview, UploadUrlBody } from '@/api/types';

export type UploadMode = 'replace' | 'append';

/** What the user said of a file. `null` means: decide from the file. */
export interface Choices {
  timeColumn: string | null;
  metricColumns: string[] | null;
  timeZone: string;
  dayFirst: boolean | null;
  decimalComma: boolean | null;
  delimiter: string | null;
  /** The line that names the columns; 0 for none. */
  headerLine: number | null;
  format: FileFormat | null;
  encoding: Encoding | null;
  /** Types that differ from what was found, by the column's name. */
  columnTypes: Readonly<Record<string, ColumnType>>;
}

export const NOTHING_CHOSEN: Choices = {
  timeColumn: null,
  metricColumns: null,
  timeZone: 'UTC',
  dayFirst: null,
  decimalComma: null,
  delimiter: null,
  headerLine: null,
  format: null,
  encoding: null,
  columnTypes: {},
};

/** The choices as fields of the upload form. What was left to the file is not sent. */
export function formFields(choices: Choices): [string, string][] {
  const fields: [string, string][] = [['timeZone', choices.timeZone]];
  if (choices.timeColumn) fields.push(['timeColumn', choices.timeColumn]);
  for (const metric of choices.metricColumns ?? []) fields.push(['metricColumn', metric]);
  if (choices.dayFirst !== null) fields.push(['dayFirst', String(choices.dayFirst)]);
  if (choices.decimalComma !== null) fields.push(['decimalComma', String(choices.decimalComma)]);
  if (choices.delimiter) fields.push(['delimiter', choices.delimiter === '\t' ? 'tab' : choices.delimiter]);
  if (choices.headerLine !== null) fields.push(['headerLine', String(choices.headerLine)]);
  if (choices.format) fields.push(['format', choices.format]);
  if (choices.encoding) fields.push(['encoding', choices.encoding]);
  for (const [name, type] of Object.entries(choices.columnTypes))
    fields.push(['columnType', `${type}:${name}`]);
  return fields;
}

/** The fields of rows that are added: columns and time zone are the dataset's own. */
export function appendFields(choices: Choices): [string, string][] {
  const own = ['timeZone', 'timeColumn', 'metricColumn', 'columnType'];
  return [['mode', 'append'], ...formFields(choices).filter(([name]) => !own.includes(name))];
}

type SaidInJson = Pick<
  UploadUrlBody,
  | 'timeColumn'
  | 'metricColumns'
  | 'timeZone'
  | 'dayFirst'
  | 'decimalComma'
  | 'delimiter'
  | 'headerLine'
  | 'format'
  | 'encoding'
  | 'columnTypes'
>;

/** The same choices as members of a JSON body. */
export function said({ metricColumns, columnTypes, ...others }: Choices): SaidInJson {
  return {
    ...others,
    metricColumns: metricColumns ?? [],
    columnTypes: Object.entries(columnTypes).map(([name, type]) => ({ name, type })),
  };
}

/** The choices with another type for a column; null leaves it to the file. Roles that the type rules out go with it. */
export function withColumnType(choices: Choices, name: string, type: ColumnType | null): Choices {
  const { [name]: _, ...others } = choices.columnTypes;
  const metricColumns =
    type === null || type === 'number'
      ? choices.metricColumns
      : (choices.metricColumns?.filter((metric) => metric !== name) ?? null);
  return {
    ...choices,
    columnTypes: type === null ? others : { ...others, [name]: type },
    timeColumn: choices.timeColumn === name && type !== 'time' ? null : choices.timeColumn,
    metricColumns,
  };
}

/** The fields that change how the file is read, hence the preview. Metrics and the zone do not. */
export function readingFields(choices: Choices): [string, string][] {
  return formFields({ ...choices, metricColumns: null });
}

export function chosenTime(choices: Choices, preview: Preview | undefined): string | null {
  return choices.timeColumn ?? preview?.timeColumn ?? null;
}

export function chosenMetrics(choices: Choices, preview: Preview | undefined): string[] {
  return choices.metricColumns ?? preview?.metricColumns ?? [];
}

/** Sales 2024.csv.gz becomes "Sales 2024". */
export function nameFromFile(fileName: string): string {
  const bare = fileName.replace(/(\.(csv|tsv|txt|json|ndjson|jsonl|parquet))?(\.gz)?$/i, '');
  return (bare || fileName).slice(0, 200);
}

const DELIMITERS: Record<string, string> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'bar',
  ' ': 'space',
};

/** How the file was read, in words. */
export function readingFacts(preview: Preview): string[] {
  const { dialect, format } = preview;
  const facts = [format === 'ndjson' ? 'JSON lines' : format.toUpperCase()];
  if (dialect.compression) facts.push(`compressed (${dialect.compression})`);
  if (dialect.delimiter && format === 'csv') {
    facts.push(`separated by ${DELIMITERS[dialect.delimiter] ?? `"${dialect.delimiter}"`}`);
  }
  if (dialect.encoding) facts.push(dialect.encoding.toUpperCase());
  if (dialect.delimiter && dialect.headerLine === null) facts.push('no header');
  if (dialect.headerLine && dialect.headerLine > 1) facts.push(`header in line ${dialect.headerLine}`);
  if (dialect.decimal === ',') facts.push('decimal comma');
  if (dialect.thousands)
    facts.push(`thousands separated by ${DELIMITERS[dialect.thousands] ?? `"${dialect.thousands}"`}`);
  if (dialect.dateOrder) facts.push(`dates read as ${dateOrder(dialect.dateOrder)}`);
  return facts;
}

function dateOrder(order: string): string {
  const words: Record<string, string> = {
    dmy: 'day, month, year',
    mdy: 'month, day, year',
    ymd: 'year, month, day',
    day_first: 'day first',
    month_first: 'month first',
    iso: 'year, month, day',
  };
  return words[order.toLowerCase()] ?? order;
}
