import type { Encoding, FileFormat } from '@/api/types';

/** What the import options may be, besides being detected from the file. */
export const AUTO = { value: 'auto', label: 'Auto-detect' };

const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
export const ZONES = [...new Set(['UTC', OWN_ZONE, ...Intl.supportedValuesOf('timeZone')])].filter(Boolean);

export const FORMATS: { value: FileFormat; label: string }[] = [
  { value: 'csv', label: 'CSV' },
  { value: 'tsv', label: 'TSV (tabs)' },
  { value: 'json', label: 'JSON' },
  { value: 'ndjson', label: 'JSON lines' },
  { value: 'parquet', label: 'Parquet' },
  { value: 'arrow', label: 'Arrow, Feather' },
  { value: 'xlsx', label: 'Excel (.xlsx)' },
  { value: 'xls', label: 'Excel (.xls)' },
  { value: 'ods', label: 'OpenDocument (.ods)' },
];

const MOST_LINES_ABOVE = 20; // titles and notes above a table are a few lines

export const HEADER_ROWS = [
  { value: '0', label: 'No header' },
  ...Array.from({ length: MOST_LINES_ABOVE }, (_, above) => ({
    value: String(above + 1),
    label: `Line ${above + 1}`,
  })),
];

export const DELIMITER_CHOICES = [
  { value: ',', label: 'Comma' },
  { value: ';', label: 'Semicolon' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Vertical bar' },
];

export const ENCODINGS: { value: Encoding; label: string }[] = [
  { value: 'utf-8', label: 'UTF-8' },
  { value: 'utf-16', label: 'UTF-16' },
  { value: 'windows-1252', label: 'Western (Windows-1252)' },
  { value: 'iso-8859-1', label: 'Western (ISO 8859-1)' },
  { value: 'iso-8859-15', label: 'Western (ISO 8859-15)' },
  { value: 'mac-roman', label: 'Western (Mac Roman)' },
  { value: 'cp850', label: 'Western (DOS 850)' },
  { value: 'windows-1250', label: 'Central European (Windows-1250)' },
  { value: 'windows-1257', label: 'Baltic (Windows-1257)' },
  { value: 'windows-1254', label: 'Turkish (Windows-1254)' },
  { value: 'windows-1251', label: 'Cyrillic (Windows-1251)' },
  { value: 'koi8-r', label: 'Cyrillic (KOI8-R)' },
  { value: 'cp866', label: 'Cyrillic (DOS 866)' },
  { value: 'iso-8859-5', label: 'Cyrillic (ISO 8859-5)' },
  { value: 'windows-1253', label: 'Greek (Windows-1253)' },
  { value: 'windows-1255', label: 'Hebrew (Windows-1255)' },
  { value: 'windows-1256', label: 'Arabic (Windows-1256)' },
  { value: 'cp874', label: 'Thai (Windows-874)' },
  { value: 'shift_jis', label: 'Japanese (Shift JIS)' },
  { value: 'euc-jp', label: 'Japanese (EUC-JP)' },
  { value: 'gb18030', label: 'Chinese (GB 18030)' },
  { value: 'big5', label: 'Chinese (Big5)' },
  { value: 'euc-kr', label: 'Korean (EUC-KR)' },
];
