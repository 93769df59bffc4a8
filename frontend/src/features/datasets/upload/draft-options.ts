import type { ColumnType, Preview, UploadUrlBody } from '@/api/types';

export type UploadMode = 'replace' | 'append';

/** The parse options of the API's document. */
type ParseOptions = Omit<UploadUrlBody, 'fileName' | 'sizeBytes' | 'datasetName' | 'datasetId' | 'mode'>;

type ColumnChoices = Pick<ParseOptions, 'metricColumns' | 'columnTypes' | 'dimensions' | 'notDimensions'>;

/** What the user chose for a file. `null` or missing means: detect it from the file. */
export interface DraftOptions extends Omit<ParseOptions, keyof ColumnChoices> {
  timeZone: string;
  metricColumns: string[] | null;
  dimensions: string[] | null;
  /** Columns that are no dimensions, though their values repeat. */
  notDimensions: string[];
  /** Types that differ from the detected ones, by the column's name. */
  columnTypes: Readonly<Record<string, ColumnType>>;
}

/** Nothing is chosen for the columns. */
export const NO_COLUMNS = {
  timeColumn: null,
  metricColumns: null,
  dimensions: null,
  notDimensions: [],
  columnTypes: {},
};

export const NO_OPTIONS: DraftOptions = { timeZone: 'UTC', ...NO_COLUMNS };

/** The options as members of a JSON body. What is to be detected is not sent. */
export function asJson({ metricColumns, columnTypes, dimensions, ...others }: DraftOptions): ParseOptions {
  return {
    ...others,
    metricColumns: metricColumns ?? [],
    dimensions: dimensions ?? [],
    columnTypes: Object.entries(columnTypes).map(([name, type]) => `${type}:${name}`),
  };
}

/** The same options as fields of the upload form: of a list one field for each item, under the name of one. */
export function formFields(options: DraftOptions): [string, string][] {
  return Object.entries(asJson(options)).flatMap(([name, value]): [string, string][] => {
    if (value === null || value === undefined || value === '') return [];
    if (Array.isArray(value)) return value.map((item) => [name.replace(/s$/, ''), String(item)]);
    return [[name, String(value)]];
  });
}

/** The fields for rows that are added: columns and time zone are the dataset's own. */
export function appendFields(options: DraftOptions): [string, string][] {
  const own = ['timeZone', 'timeColumn', 'metricColumn', 'columnType', 'dimension', 'notDimension'];
  return [['mode', 'append'], ...formFields(options).filter(([name]) => !own.includes(name))];
}

/** The options with another type for a column, null to detect it. A role that the type rules out is dropped. */
export function withColumnType(options: DraftOptions, name: string, type: ColumnType | null): DraftOptions {
  const { [name]: _, ...others } = options.columnTypes;
  const metricColumns =
    type === null || type === 'number'
      ? options.metricColumns
      : (options.metricColumns?.filter((metric) => metric !== name) ?? null);
  return {
    ...options,
    columnTypes: type === null ? others : { ...others, [name]: type },
    timeColumn: options.timeColumn === name && type !== 'time' ? null : (options.timeColumn ?? null),
    metricColumns,
  };
}

/** The options of the file alone: its columns are to be found again. */
export function withoutColumns(options: DraftOptions): DraftOptions {
  return { ...options, ...NO_COLUMNS };
}

/** The fields that change how the file is read, hence the preview. Metrics and the zone do not. */
export function parseFields(options: DraftOptions): [string, string][] {
  return formFields({ ...options, metricColumns: null });
}

export function chosenTime(options: DraftOptions, preview: Preview | undefined): string | null {
  return options.timeColumn ?? preview?.timeColumn ?? null;
}

export function chosenMetrics(options: DraftOptions, preview: Preview | undefined): string[] {
  return options.metricColumns ?? preview?.metricColumns ?? [];
}

/** Sales 2024.csv.gz becomes "Sales 2024". */
export function nameFromFile(fileName: string): string {
  const bare = fileName.replace(
    /(\.(csv|tsv|txt|json|geojson|ndjson|jsonl|parquet|feather|arrow|xls[xmb]?|ods))?(\.(gz|bz2|xz|zst|zip))?$/i,
    '',
  );
  return bare || fileName;
}

const DELIMITERS: Record<string, string> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'bar',
  ' ': 'space',
};

/** How the file was read. */
export function parseSummary(preview: Preview): string[] {
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
  if (dialect.dateOrder) facts.push(`dates: ${dialect.dateOrder}`);
  return facts;
}
