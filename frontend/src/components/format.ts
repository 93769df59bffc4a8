import { estimateDecimals, observedDecimals, writtenSize } from './estimate';

/** Numbers and times for people. Points' times are wall-clock text of the dataset's zone and are never shifted. */

const LOCALE = 'en-GB';
const CURRENCY = /^\p{Sc}$/u;
const COMPACT_FROM = 1e6;
const COMPACT_TICK_FROM = 1e5; // axes have less room than tables

const integer = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });

export function formatCount(value: number): string {
  return integer.format(value);
}

/** 1 row, 2 rows. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

export function compactCount(value: number): string {
  return new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** Decimals that tell values of this spread apart: 0 for 20,000, 1 for 4.8 and 48, 3 for 0.03. */
export function decimalsFor(spread: number | null, magnitude: number | null = null): number {
  const scale = spread && spread > 0 ? spread : Math.abs(magnitude ?? 0);
  if (!scale || !Number.isFinite(scale)) return 0;
  if (scale >= 100) return 0;
  return Math.min(8, Math.max(1, 1 - Math.floor(Math.log10(scale))));
}

export interface NumberFormat {
  /** The number alone: 1,234.5 */
  plain: (value: number | null) => string;
  /** A measured value with its unit: ₹1,234 or 842.2 °C. */
  full: (value: number | null) => string;
  /** An estimate with its unit, to as many digits as the spread of the series bears. */
  about: (value: number | null) => string;
  /** Short, for axes and tiles: ₹1.2M. */
  short: (value: number | null) => string;
  /** As short, with as many decimals as the steps of an axis need; `largest` tells all of them whether to shorten. */
  tick: (value: number, step: number, largest?: number) => string;
  /** With a sign and the unit: +24.3 °C, −₹1,200; of percentages +2.4 pp. */
  change: (value: number | null) => string;
  /** From one to another, the unit once: ₹1,000 to ₹2,000, 827.2 to 840.9 °C. */
  range: (lower: number | null, upper: number | null) => string;
  /** The unit where it stands apart from the number, else nothing. */
  suffix: string;
  prefix: string;
}

/** How the numbers of one metric are written. Whole numbers stay whole where `areWhole`. */
export function numberFormat(
  unit: string | null,
  decimals: number,
  areWhole = false,
  spread: number | null = null,
): NumberFormat {
  const fixed = new Intl.NumberFormat(LOCALE, {
    minimumFractionDigits: areWhole ? 0 : decimals,
    maximumFractionDigits: decimals,
  });
  const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 4 });
  const isCurrency = unit !== null && CURRENCY.test(unit);
  const prefix = isCurrency ? (unit ?? '') : '';
  const suffix = isCurrency || unit === null ? '' : unit === '%' ? '%' : `\u00a0${unit}`;
  const dress = (value: number, text: string) => {
    // A value that rounds to nothing is written without a sign.
    const negative = value < 0 && /[1-9]/.test(text);
    return `${negative ? '\u2212' : ''}${prefix}${text.replace(/^[-\u2212]/, '')}${suffix}`;
  };
  const plainText = (value: number, size = fixed.format(Math.abs(value))) =>
    value < 0 && /[1-9]/.test(size) ? `\u2212${size}` : size;
  // With a known spread as the server's sentences write it, so that a table and a sentence agree.
  const sizeOf = (value: number, decimalsOf: typeof estimateDecimals) =>
    (spread === null ? null : writtenSize(value, decimalsOf(value, spread))) ?? fixed.format(Math.abs(value));
  const estimate = (value: number) => sizeOf(value, estimateDecimals);
  const observed = (value: number) => sizeOf(value, observedDecimals);
  return {
    prefix,
    suffix,
    plain: (value) => (value === null ? '–' : plainText(value)),
    full: (value) => (value === null ? '–' : dress(value, observed(value))),
    about: (value) => (value === null ? '–' : dress(value, estimate(value))),
    short: (value) => {
      if (value === null) return '–';
      return dress(value, Math.abs(value) >= COMPACT_FROM ? compact.format(value) : observed(value));
    },
    tick: (value, step, largest = Math.abs(value)) => {
      const digits = step > 0 ? Math.min(8, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))) : 0;
      const text = new Intl.NumberFormat(LOCALE, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      });
      return dress(
        value,
        step >= 1 && largest >= COMPACT_TICK_FROM ? compact.format(value) : text.format(value),
      );
    },
    range: (lower, upper) => {
      if (lower === null || upper === null) return '–';
      const from = prefix ? dress(lower, estimate(lower)) : plainText(lower, estimate(lower));
      return `${from} to ${dress(upper, estimate(upper))}`;
    },
    change: (value) => {
      if (value === null) return '–';
      const text = estimate(value);
      const sign = value < 0 ? '\u2212' : '+';
      // Two percentages are percentage points apart, as the server's sentences say too.
      return `${/[1-9]/.test(text) ? sign : ''}${prefix}${text}${unit === '%' ? '\u00a0pp' : suffix}`;
    },
  };
}

/** The beginning of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The wall-clock instant of a point's time as milliseconds, as if its zone were UTC; NaN for text that is none. */
export function wallTime(text: string): number {
  const local = text.replace(/(Z|[+-]\d{2}:?\d{2})$/, '');
  return Date.parse(local.length <= 10 ? `${local}T00:00:00Z` : `${local}Z`);
}

/** Back to the text the API and the charts use: 2024-01-03T05:00:00, without a zone. */
export function wallText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}

/** What Plotly draws: the local text without its offset, which Plotly takes as it stands. */
export function withoutOffset(text: string): string {
  return text.replace(/(Z|[+-]\d{2}:?\d{2})$/, '');
}

/** The short names that the server writes, too; Intl's British English would write Sept. */
export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function dayText(day: number, month: number, year: number): string {
  return `${day} ${MONTHS[month]} ${year}`;
}

function wallDay(ms: number): string {
  const date = new Date(ms);
  return dayText(date.getUTCDate(), date.getUTCMonth(), date.getUTCFullYear());
}

const wallMinute = new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', hour: '2-digit', minute: '2-digit' });

/** 3 Jan 2024, or 3 Jan 2024, 05:00 for points shorter than a day. */
export function formatTime(text: string): string {
  const ms = wallTime(text);
  if (Number.isNaN(ms)) return text;
  const day = wallDay(ms);
  return text.length <= 10 ? day : `${day}, ${wallMinute.format(ms)}`;
}

const DAY_SECONDS = 86_400;
const CALENDAR_UNITS: readonly [number, (date: Date) => string][] = [
  [360, (date) => String(date.getUTCFullYear())],
  [85, (date) => `Q${Math.floor(date.getUTCMonth() / 3) + 1} ${date.getUTCFullYear()}`],
  [27, (date) => `${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`],
];

const CALENDAR_NOUNS: readonly [number, string][] = [
  [360, 'year'],
  [85, 'quarter'],
  [27, 'month'],
];

/** The bucket of a length that begins at a time: Apr 2020 for a month, as the server's sentences say it. */
export function formatBucket(start: string, seconds: number): string {
  const date = new Date(wallTime(start));
  const isFirst = start.length <= 10 && date.getUTCDate() === 1;
  const unit = isFirst ? CALENDAR_UNITS.find(([days]) => seconds >= days * DAY_SECONDS) : undefined;
  return unit ? unit[1](date) : formatTime(start);
}

export function formatSpan(start: string, end: string): string {
  if (start === end) return formatTime(start);
  const [from, to] = [new Date(wallTime(start)), new Date(wallTime(end))];
  const isDays = start.length <= 10 && end.length <= 10;
  if (!isDays && start.slice(0, 10) === end.slice(0, 10)) {
    return `${formatTime(start)} to ${wallMinute.format(to)}`;
  }
  if (!isDays && from.getUTCFullYear() === to.getUTCFullYear()) {
    const first = `${from.getUTCDate()} ${MONTHS[from.getUTCMonth()]}, ${wallMinute.format(from)}`;
    return `${first} to ${formatTime(end)}`;
  }
  if (isDays && from.getUTCFullYear() === to.getUTCFullYear()) {
    const first =
      from.getUTCMonth() === to.getUTCMonth()
        ? String(from.getUTCDate())
        : `${from.getUTCDate()} ${MONTHS[from.getUTCMonth()]}`;
    return `${first} to ${formatTime(end)}`;
  }
  return `${formatTime(start)} to ${formatTime(end)}`;
}

interface EventTimes {
  date: string;
  start: string;
  end: string;
  points: number;
  durationSeconds: number;
  direction: 'up' | 'down';
}

/** 21 Mar 2024, or 16 to 22 Mar 2024 (7 days); `withPeak` adds when it was highest or lowest. */
export function formatEvent(
  { date, start, end, points, durationSeconds, direction }: EventTimes,
  withPeak = false,
): string {
  // The duration counts the last bucket, too.
  const bucket = durationSeconds - (wallTime(end) - wallTime(start)) / 1000;
  const peak = formatBucket(date, bucket);
  if (start === end) return peak;
  const isCalendar = peak !== formatTime(date);
  const days = isCalendar
    ? `${formatBucket(start, bucket)} to ${formatBucket(end, bucket)}`
    : formatSpan(start, end);
  // Months and years are not all of one length: those are counted.
  const noun = CALENDAR_NOUNS.find(([least]) => bucket >= least * DAY_SECONDS)?.[1];
  const length = isCalendar && noun ? counted(points, noun) : formatDuration(durationSeconds);
  const span = `${days} (${length})`;
  if (!withPeak) return span;
  return `${span}, ${direction === 'up' ? 'highest' : 'lowest'} ${isCalendar ? 'in' : 'on'} ${peak}`;
}

/** An instant (an upload, a run) in the user's own zone, which is named: the dataset may have another. */
export function formatInstant(iso: string): string {
  const date = new Date(iso);
  const clock = new Intl.DateTimeFormat(LOCALE, {
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(date);
  return `${dayText(date.getDate(), date.getMonth(), date.getFullYear())}, ${clock}`;
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

export function formatAgo(iso: string, now: number = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return 'just now';
}

/** The instant in the dataset's zone, as a day: 21 Nov 2026. */
export function formatDayIn(iso: string, timeZone: string): string {
  const options = { day: 'numeric', month: 'numeric', year: 'numeric' } as const;
  const inZone = (zone: string) => {
    const parts = new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: zone }).formatToParts(
      new Date(iso),
    );
    const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 1);
    return dayText(part('day'), part('month') - 1, part('year'));
  };
  try {
    return inZone(timeZone);
  } catch {
    return inZone('UTC'); // a zone that this browser does not know: the server stores times in UTC
  }
}

export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  let size = bytes;
  let step = 0;
  while (size >= 1000 && step < units.length - 1) {
    size /= 1000;
    step += 1;
  }
  return `${step === 0 ? size : size.toFixed(size < 10 ? 1 : 0)} ${units[step]}`;
}

function unitText(amount: number, unit: string): string {
  const rounded = Math.round(amount * 10) / 10;
  return `${rounded} ${unit}${rounded === 1 ? '' : 's'}`;
}

export function formatDuration(seconds: number): string {
  if (seconds < 1) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  if (seconds < 90) return `${Math.round(seconds * 10) / 10} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return unitText(seconds / 3600, 'hour');
  return unitText(seconds / 86_400, 'day');
}
