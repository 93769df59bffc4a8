import type { Preview } from '@/api/types';
import { MONTHS } from '@/components/format';
import { chosenTime, type DraftOptions } from './draft-options';

/** A date that may be read in two ways, and both readings. */
export interface AmbiguousDate {
  text: string;
  dayFirst: string;
  monthFirst: string;
}

const NUMERIC_DATE = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b/;

/** The first date of the preview whose day and month may be swapped, where neither file nor user has decided. */
export function ambiguousDate(preview: Preview, options: DraftOptions): AmbiguousDate | null {
  if (typeof options.dayFirst === 'boolean' || preview.dialect.dateOrder !== null) return null;
  const place = preview.columns.findIndex(({ name }) => name === chosenTime(options, preview));
  for (const row of preview.rows) {
    const match = NUMERIC_DATE.exec(row[place] ?? '');
    if (!match) continue;
    const [text, first = '', second = '', year = ''] = match;
    const [one, other] = [Number(first), Number(second)];
    if (one > 12 || other > 12 || one === other) continue;
    return { text, dayFirst: dateText(one, other, year), monthFirst: dateText(other, one, year) };
  }
  return null;
}

function dateText(day: number, month: number, year: string): string {
  return `${day} ${MONTHS[month - 1]} ${year}`;
}
