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

export interface NumberWords {
  /** The number alone: 1,234.5 */
  plain: (value: number | null) => string;
  /** With its unit: ₹1,234 or 842.2 °C. */
  full: (value: number | null) => string;
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
export function numberWords(unit: string | null, decimals: number, areWhole = false): NumberWords {
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
  const plainText = (value: number) => {
    const text = fixed.format(Math.abs(value));
    return value < 0 && /[1-9]/.test(text) ? `\u2212${text}` : text;
  };
  return {
    prefix,
    suffix,
    plain: (value) => (value === null ? '–' : plainText(value)),
    full: (value) => (value === null ? '–' : dress(value, fixed.format(value))),
    short: (value) => {
      if (value === null) return '–';
      return dress(value, Math.abs(value) >= COMPACT_FROM ? compact.format(value) : fixed.format(value));
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
      const from = prefix ? dress(lower, fixed.format(lower)) : plainText(lower);
      return `${from} to ${dress(upper, fixed.format(upper))}`;
    },
    change: (value) => {
      if (value === null) return '–';
      const text = fixed.format(Math.abs(value));
      const sign = value < 0 ? '\u2212' : '+';
      // Two percentages are percentage points apart, as the server's sentences say too.
      return `${/[1-9]/.test(text) ? sign : ''}${prefix}${text}${unit === '%' ? '\u00a0pp' : suffix}`;
    },
  };
}

/** By what share something changed: +12.5%. */
export function percentChange(share: number): string {
  return numberWords(null, 1).change(share).concat('%');
}

/** A sentence of the server's as it is set here: 12% as in every figure, and no line ends between a number and its unit. */
export function typeset(sentence: string, unit: string | null): string {
  const tight = sentence.replace(/(\d[KMBT]?) %/g, '$1%');
  if (!unit || unit === '%') return tight;
  return tight.replaceAll(` ${unit}`, (match, at: number) =>
    /[\dKMBT]/.test(tight.charAt(at - 1)) ? `\u00a0${unit}` : match,
  );
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

const wallDay = new Intl.DateTimeFormat(LOCALE, {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const wallMinute = new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', hour: '2-digit', minute: '2-digit' });

/** 3 Jan 2024, or 3 Jan 2024, 05:00 for points shorter than a day. */
export function formatTime(text: string): string {
  const ms = wallTime(text);
  if (Number.isNaN(ms)) return text;
  const day = wallDay.format(ms).replace('Sept', 'Sep');
  return text.length <= 10 ? day : `${day}, ${wallMinute.format(ms)}`;
}

export function formatSpan(start: string, end: string): string {
  return start === end ? formatTime(start) : `${formatTime(start)} to ${formatTime(end)}`;
}

/** A point in time of ours (an upload, a run), in the reader's own zone, which is said: the dataset may have another. */
export function formatInstant(iso: string): string {
  return new Intl.DateTimeFormat(LOCALE, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(new Date(iso));
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
  const options = { day: 'numeric', month: 'short', year: 'numeric' } as const;
  try {
    return new Intl.DateTimeFormat(LOCALE, { ...options, timeZone }).format(new Date(iso));
  } catch {
    // A zone that this browser does not know: UTC is what the server keeps.
    return new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: 'UTC' }).format(new Date(iso));
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

export function formatDuration(seconds: number): string {
  if (seconds < 1) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  if (seconds < 90) return `${Math.round(seconds * 10) / 10} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round((seconds / 3600) * 10) / 10} hours`;
  return `${Math.round((seconds / 86_400) * 10) / 10} days`;
}
