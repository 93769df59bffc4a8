import type { Analysis, Anomaly } from '@/api/types';

type Cell = string | number | null;

const MARK = '\ufeff'; // byte order mark: without it Excel reads UTF-8 as the code page of its country
const plain = <K extends keyof Anomaly>(name: K & (Anomaly[K] extends Cell ? K : never)) =>
  [name, (anomaly: Anomaly) => anomaly[name] as Cell] as const;

/** The columns of the CSV report (adapters/reports/csv_table.py): one table, wherever it is downloaded. */
const COLUMNS: readonly (readonly [string, (anomaly: Anomaly) => Cell])[] = [
  plain('date'),
  plain('start'),
  plain('end'),
  plain('points'),
  plain('durationSeconds'),
  plain('value'),
  plain('expected'),
  plain('lower'),
  plain('upper'),
  plain('deviation'),
  plain('deviationPct'),
  plain('severity'),
  plain('direction'),
  plain('kind'),
  plain('type'),
  plain('score'),
  plain('robustDeviations'),
  [
    'foundBy',
    ({ methods }) =>
      methods
        .filter(({ flagged }) => flagged)
        .map(({ name }) => name)
        .join(' '),
  ],
  plain('explanation'),
  plain('verdict'),
  plain('reason'),
  ['suggestedReason', ({ suggestedReason }) => suggestedReason?.text ?? null],
  plain('id'),
];

/** The anomalies as CSV, the strings safe to open in a spreadsheet. */
export function anomaliesAsCsv({ anomalies }: Analysis): string {
  const lines = [
    COLUMNS.map(([name]) => name),
    ...anomalies.map((anomaly) => COLUMNS.map(([, of]) => cell(of(anomaly)))),
  ];
  return MARK + lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  // A cell that begins like a formula would be run by a spreadsheet.
  const safe = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
