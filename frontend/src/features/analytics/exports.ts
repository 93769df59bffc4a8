import type { Analysis } from '@/api/types';

const COLUMNS = [
  'date',
  'start',
  'end',
  'points',
  'value',
  'expected',
  'lower',
  'upper',
  'deviation',
  'deviationPct',
  'severity',
  'direction',
  'kind',
  'type',
  'score',
  'explanation',
  'verdict',
  'reason',
] as const;

/** The anomalies as CSV, the strings safe to open in a spreadsheet. */
export function anomaliesAsCsv({ anomalies }: Analysis): string {
  const lines = anomalies.map((anomaly) => COLUMNS.map((column) => cell(anomaly[column])).join(','));
  return `${COLUMNS.join(',')}\r\n${lines.join('\r\n')}${lines.length > 0 ? '\r\n' : ''}`;
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  // A cell that begins like a formula would be run by a spreadsheet.
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
