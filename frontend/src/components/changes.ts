import { writtenSize } from './estimate';
import type { NumberFormat } from './format';

// Percentages and differences, written as the server's sentences and reports write them.

/** A percentage as the server's sentences write it: 0.25%, 12.5%, from 20 on without a decimal: 263%. */
export function percent(points: number): string {
  const size = Math.abs(points);
  const decimals = size > 0 && size < 1 ? 1 - Math.floor(Math.log10(size)) : size < 20 ? 1 : 0;
  const text = writtenSize(size, decimals) ?? '0';
  return `${points < 0 && /[1-9]/.test(text) ? '\u2212' : ''}${text}%`;
}

/** By what share something changed: +12.5%. */
export function percentChange(points: number): string {
  const text = percent(points);
  return points > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

const LARGEST_SHARE = 1_000; // in percent: beyond it an amount says more

/**
 * How a value differs from an earlier one: +6.8%. As an amount where a share says nothing: of percentages, of values
 * that are not above zero, of multiples.
 */
export function changeText(value: number, earlier: number, numbers: NumberFormat): string {
  if (value === earlier) return 'unchanged';
  const share = (100 * (value - earlier)) / earlier;
  const isShare = earlier > 0 && value >= 0 && numbers.suffix !== '%' && share < LARGEST_SHARE;
  return isShare ? percentChange(share) : numbers.change(value - earlier);
}

const MOST_PERCENT = 10_000; // beyond it the share says more of how small the other number is

/** How far a value is from the expected one, as reports write it, too: +64,500 (+263%). */
export function differenceText(
  amount: number,
  share: number | null,
  numbers: NumberFormat,
  hasRatioScale: boolean,
): string {
  const text = numbers.change(amount);
  // Of an expected value that may be near zero the share says nothing.
  if (share === null || !hasRatioScale || Math.abs(share) >= MOST_PERCENT) return text;
  return `${text} (${percentChange(share)})`;
}
