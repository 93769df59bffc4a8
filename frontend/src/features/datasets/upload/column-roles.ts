import type { Preview, PreviewColumn } from '@/api/types';
import { chosenMetrics, chosenTime, type DraftOptions } from './draft-options';

/** What a column is for. */
export type Role = 'time' | 'metric' | 'dimension' | 'neither';

/** What a column is for: as the user chose, else as it was detected. */
export function roleOf(column: PreviewColumn, options: DraftOptions, preview: Preview): Role {
  const { name } = column;
  if (name === chosenTime(options, preview)) return 'time';
  if (chosenMetrics(options, preview).includes(name)) return 'metric';
  if (options.notDimensions.includes(name)) return 'neither';
  const isDimension = options.dimensions ? options.dimensions.includes(name) : column.role === 'dimension';
  return isDimension ? 'dimension' : 'neither';
}

/** The roles that a column may be given; the one that it has is among them. */
export function offeredRoles(column: PreviewColumn, role: Role): Role[] {
  if (role === 'time') return ['time']; // a file has one: it changes by choosing another column
  const offered: Role[] = ['neither'];
  if (column.type !== 'empty') offered.push('time');
  if (column.type === 'number' || role === 'metric') offered.push('metric');
  if (!['empty', 'time'].includes(column.type) || role === 'dimension') offered.push('dimension');
  return offered;
}

/** The options with another role for a column. It loses the one it had, and a type that the new one rules out. */
export function withRole(options: DraftOptions, preview: Preview, name: string, role: Role): DraftOptions {
  const { [name]: type, ...otherTypes } = options.columnTypes;
  const isRuledOut = (role === 'time' && type !== 'time') || (role === 'metric' && type !== 'number');
  const notDimensions = options.notDimensions.filter((other) => other !== name);
  return {
    ...options,
    columnTypes: isRuledOut ? otherTypes : options.columnTypes,
    timeColumn: role === 'time' ? name : (options.timeColumn ?? null),
    metricColumns: metricsWith(options, preview, name, role === 'metric'),
    dimensions: dimensionsWith(options, preview, name, role === 'dimension'),
    notDimensions: role === 'neither' ? [...notDimensions, name] : notDimensions,
  };
}

function metricsWith(options: DraftOptions, preview: Preview, name: string, isMetric: boolean) {
  const metrics = chosenMetrics(options, preview);
  if (metrics.includes(name) === isMetric) return options.metricColumns;
  return isMetric ? [...metrics, name] : metrics.filter((other) => other !== name);
}

/** Names replace what is detected in all rows, of which the preview has the first: only another one needs them. */
function dimensionsWith(options: DraftOptions, preview: Preview, name: string, isDimension: boolean) {
  const others = options.dimensions?.filter((other) => other !== name) ?? [];
  if (!isDimension) return others.length > 0 ? others : null;
  if (options.dimensions) return [...others, name];
  const column = preview.columns.find((one) => one.name === name);
  if (column?.role === 'dimension') return null; // detected again, no longer excluded or a metric
  const detected = preview.columns.filter((one) => roleOf(one, options, preview) === 'dimension');
  return [...detected.map((one) => one.name), name];
}
