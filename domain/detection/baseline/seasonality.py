"""Seasons: the calendar's periods, taken only if they predict what they have not seen."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft

from domain.detection.prepared_series import BoolArray, FloatArray, IntArray, PreparedSeries
from domain.detection.robust_stats import TO_SIGMA, running_median, spread

HOUR, DAY, WEEK = 3_600.0, 86_400.0, 604_800.0
WEEKDAYS: Final = 7
YEARLY: Final = ((2_629_746.0, 12), (7_889_238.0, 4), (WEEK, 52))  # a cadence of so many seconds: points per year
CADENCE_WITHIN: Final = 0.04  # months have 28 to 31 days
WHOLE_WITHIN: Final = 0.02  # a period must be a whole number of points, but for this share
CYCLES: Final = 2.9  # fewer cannot be told from chance (and 3 years of months, less a day, still count)
LEAST_PERIOD: Final = 4
GAIN: Final = 0.08  # absolute error must fall by this much on cycles not fitted ...
GAIN_PER_PHASE: Final = 0.5  # ... and by this times phases / N more: long periods fit noise
ECHO_GAIN: Final = 0.15  # instead of GAIN for a period that no calendar suggests
ECHO: Final = 0.2  # the least autocorrelation worth a trial
CAP: Final = 10.0  # deviations count no further than this many MAD
PAIR: Final = 2
UNSTEADY_FROM: Final = 30  # cycles from which the spread of each phase is known ...
UNSTEADY: Final = 1.5  # ... and counts where it is so many times that of the whole


@dataclass(frozen=True, slots=True)
class Seasonality:
    """What repeats: ``values`` per point, the sum over ``periods``, on the scale of judgement."""

    periods: tuple[int, ...]
    values: FloatArray


@dataclass(frozen=True, slots=True)
class Pattern:
    """A way to repeat: every ``period`` points, through so many ``phases`` (7 days for a week of hours, or 168)."""

    period: int
    phases: int
    phase: IntArray
    cycle: IntArray


def find(scaled: FloatArray, series: PreparedSeries) -> Seasonality:
    """Find the seasons of ``scaled``, shortest first, each on what the ones before it left.

    Like STL (Cleveland et al. 1990) a season is what the same phases share, and like its robust version outliers do
    not count; but phases are medians, and a season must earn its place by cross-validation on cycles it has not seen.
    """
    rest = scaled
    total = np.zeros(len(scaled))
    periods: list[int] = []
    if not series.regular:
        return Seasonality((), total)
    for pattern in _calendar(series):
        flat = _detrended(rest, pattern.period)
        if _gain(flat, pattern) > GAIN + GAIN_PER_PHASE * pattern.phases / len(rest):
            part = _others(flat, pattern)
            rest, total = rest - part, total + part
            periods.append(pattern.period)
    period = 0 if periods else _echo(scaled)
    if period:
        slots = series.slots()
        pattern = Pattern(period, period, slots % period, slots // period)
        flat = _detrended(scaled, period)
        if _gain(flat, pattern) > ECHO_GAIN + GAIN_PER_PHASE * period / len(rest):
            return Seasonality((period,), _others(flat, pattern))
    return Seasonality(tuple(dict.fromkeys(periods)), total)


def unsteadiness(rest: FloatArray, series: PreparedSeries, periods: tuple[int, ...]) -> FloatArray:
    """Return per point how much wider its phase of the shortest season spreads than the whole: 1 where not clearly.

    A job that runs every hour, each time as long as it likes, is less predictable than the minutes between: seasonal
    heteroscedasticity (our own rule; a season-wise standard deviation is as old as the control chart).
    """
    usual = spread(rest)
    if not periods or usual <= 0 or len(rest) < UNSTEADY_FROM * periods[0]:
        return np.ones(len(rest))
    phase = series.slots() % periods[0]
    medians, _ = _phase_medians(np.abs(rest), phase, periods[0])
    ratio = TO_SIGMA * medians / usual
    return np.where(ratio > UNSTEADY, ratio, 1.0)[phase]


def _calendar(series: PreparedSeries) -> list[Pattern]:
    """Return the calendar's patterns, shortest first, as far as the series holds enough cycles of them."""
    if series.cadence is None:
        return []
    spans = [span / series.cadence for span in (HOUR, DAY, WEEK)]
    periods = {round(s) for s in spans if abs(s - round(s)) < WHOLE_WITHIN * s}
    periods |= {count for length, count in YEARLY if abs(series.cadence / length - 1) < CADENCE_WITHIN}
    slots = series.slots()
    cycles = int(slots[-1]) + 1
    patterns = []
    for period in sorted(p for p in periods if p >= LEAST_PERIOD and cycles >= CYCLES * p):
        if period == round(WEEK / series.cadence) and period > WEEKDAYS:
            # weekdays as a whole first: seven phases are known from a few weeks, 168 are not
            day = np.asarray(np.floor(series.seconds / DAY), dtype=np.int64)
            patterns.append(Pattern(period, WEEKDAYS, day % WEEKDAYS, day // WEEKDAYS))
        patterns.append(Pattern(period, period, slots % period, slots // period))
    return patterns


def _detrended(scaled: FloatArray, period: int) -> FloatArray:
    return scaled - running_median(scaled, period)


def _capped(values: FloatArray) -> FloatArray:
    limit = CAP * spread(values)
    return np.clip(values, -limit, limit) if limit > 0 else values


def _gain(flat: FloatArray, pattern: Pattern) -> float:
    """Return by what share the absolute error falls on odd cycles with the medians of even ones, and back."""
    rest = _capped(flat)
    odd = pattern.cycle % 2 == 1
    before = after = 0.0
    for fitted, tested in ((odd, ~odd), (~odd, odd)):
        if not fitted.any():
            continue
        medians, known = _phase_medians(rest[fitted], pattern.phase[fitted], pattern.phases)
        in_known_phase = tested & known[pattern.phase]
        before += float(np.abs(rest[in_known_phase] - np.median(rest[fitted])).sum())
        after += float(np.abs(rest[in_known_phase] - medians[pattern.phase[in_known_phase]]).sum())
    return 1.0 - after / before if before > 0 else 0.0


def _phase_medians(values: FloatArray, phase: IntArray, phases: int) -> tuple[FloatArray, BoolArray]:
    """Return the median per phase, and which phases have any value."""
    ordered = values[_order(values, phase, phases)]
    counts = np.bincount(phase, minlength=phases)
    starts = np.cumsum(counts) - counts
    known, last = counts > 0, len(values) - 1
    low = np.minimum(starts + np.maximum(counts - 1, 0) // 2, last)
    high = np.minimum(starts + counts // 2, last)
    return np.where(known, (ordered[low] + ordered[high]) / 2, 0.0), known


def _order(values: FloatArray, phase: IntArray, phases: int) -> IntArray:
    """Sort by phase, then by value: ``lexsort`` but for ties, in a third of its time, for phases fit a radix sort."""
    by_value = np.argsort(values)
    by_phase = np.argsort(phase[by_value].astype(np.min_scalar_type(phases)), kind="stable")
    return np.asarray(by_value[by_phase], dtype=np.int64)


def _others(rest: FloatArray, pattern: Pattern) -> FloatArray:
    """Return per point the median of the same phase in the other cycles: none props up its own expectation.

    Of two others the one nearer to zero is taken: their mean would hand half of an outlier to its neighbours.
    """
    order = _order(rest, pattern.phase, pattern.phases)
    ordered, group = rest[order], pattern.phase[order]
    counts = np.bincount(pattern.phase, minlength=pattern.phases)
    starts = (np.cumsum(counts) - counts)[group]
    rank = np.arange(len(rest)) - starts
    others = counts[group] - 1
    low, high = np.maximum(others - 1, 0) // 2, others // 2
    last = len(rest) - 1
    below = ordered[np.minimum(starts + low + (low >= rank), last)]
    above = ordered[np.minimum(starts + high + (high >= rank), last)]
    nearer = np.where(np.abs(below) < np.abs(above), below, above)
    middle = np.where(others == PAIR, nearer, (below + above) / 2)
    values = np.zeros(len(rest))
    values[order] = np.where(others > 0, middle, 0.0)
    return values


def _echo(scaled: FloatArray) -> int:
    """Return the lag of the highest peak of the autocorrelation after its first negative value, 0 without one."""
    n = len(scaled)
    longest = int(n / CYCLES)
    if longest <= LEAST_PERIOD:
        return 0
    rest = _capped(scaled - running_median(scaled, max(25, n // 3)))
    rest = rest - rest.mean()
    size = next_fast_len(2 * n, real=True)
    acf = irfft(np.abs(rfft(rest, size)) ** 2, size)[: longest + 2]
    if acf[0] <= 0:
        return 0
    acf = acf / acf[0]
    negative = np.flatnonzero(acf < 0)
    if len(negative) == 0:
        return 0  # it only fades: smoothness, not a season
    inner = np.arange(max(LEAST_PERIOD, negative[0] + 1), longest + 1)
    peaks = inner[(acf[inner] >= acf[inner - 1]) & (acf[inner] >= acf[inner + 1]) & (acf[inner] > ECHO)]
    return int(peaks[np.argmax(acf[peaks])]) if len(peaks) else 0
