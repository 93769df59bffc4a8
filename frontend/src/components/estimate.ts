// Numbers as the server's sentences write them (domain/wording/formatting.py), so that a table and a sentence agree.

const DIGITS = 3; // of an estimate
const SPREAD_DIGITS = 2; // of the spread: what two values of the series can be compared by
const MOST_DIGITS = 7;
const COMPACT: readonly [number, string][] = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
];
const WORDLESS = 1e15; // beyond it there is no word people know
const SMALLEST_PLAIN = 1e-4;

function magnitude(value: number): number {
  return Math.floor(Math.log10(Math.abs(value)));
}

/** Decimals of an estimate: three significant digits, or more where the spread is finer. Negative before the point. */
export function estimateDecimals(value: number, spread: number): number {
  if (value === 0 || !Number.isFinite(value)) return 0;
  const size = magnitude(value);
  let wanted = DIGITS - 1 - size;
  if (spread > 0 && Number.isFinite(spread)) {
    wanted = Math.max(wanted, SPREAD_DIGITS - 1 - magnitude(spread));
    // Near zero no more digits than its neighbours have.
    if (magnitude(spread) > size) wanted = Math.min(wanted, Math.max(DIGITS - 1 - magnitude(spread), 0));
  }
  return Math.min(wanted, MOST_DIGITS - 1 - size);
}

/** A half goes to the even neighbour, as the server rounds. */
function evenRound(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  return rest === 0.5 ? down + (down % 2) : Math.round(value);
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** 8.02×10⁻⁶, as people write it. */
function scientific(value: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential(DIGITS - 1).split('e');
  const digits = exponent.replace(/\D/g, '').replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)] ?? '');
  return `${mantissa}×10${exponent.startsWith('-') ? '⁻' : ''}${digits}`;
}

/** The size of a number without sign or unit: 10,700, 1.04M, 8.02×10⁻⁶. Null where it is no number. */
export function writtenSize(value: number, decimals: number): string | null {
  const exact = Math.abs(value);
  if (!Number.isFinite(exact)) return null;
  if (exact >= WORDLESS) return scientific(exact);
  const rounded = decimals < 0 ? evenRound(exact / 10 ** -decimals) * 10 ** -decimals : exact;
  if (exact > 0 && exact < SMALLEST_PLAIN)
    return Number(exact.toFixed(Math.min(100, Math.max(0, decimals)))) === 0 ? '0' : scientific(exact);
  const [unit, word] = COMPACT.find(([least]) => rounded >= least) ?? [1, ''];
  const places = Math.min(20, Math.max(0, decimals + Math.round(Math.log10(unit))));
  const text = new Intl.NumberFormat('en-GB', { maximumFractionDigits: places, roundingMode: 'halfEven' });
  return text.format(rounded / unit) + word;
}

/** How a measured value is written: whole numbers below a million in full. */
export function observedDecimals(value: number, spread: number): number {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return 0;
  const decimals = estimateDecimals(value, spread);
  return Math.abs(value) < 1e6 ? Math.max(0, decimals) : decimals;
}
