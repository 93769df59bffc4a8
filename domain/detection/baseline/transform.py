"""The scale on which a series has even spread: identity, square root, logarithm, or Anscombe's for counts.

A rule in robust deviations is fair only where the spread does not depend on the level and the two tails are alike.
The choice is among the powers 1, 1/2 and 0 of Box & Cox (1964), by their likelihood with a robust width in place of
the standard deviation. Two terms are ours: skewness, because the likelihood of a width alone does not see it, and
evenness of the spread over levels, the criterion of Guerrero (1993), because season and trend hide it from a width.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from domain.detection.baseline import seasonality
from domain.detection.prepared_series import FloatArray, PreparedSeries
from domain.detection.result import TransformKind
from domain.detection.robust_stats import running_median

LOG_GUARD: Final = 0.01  # log takes nothing below this share of the median: a zero stays finite, and far out
SMALL_SHARE: Final = 0.25  # of the median: a value below it shows how small they come
SMALLEST: Final = 1e-300  # and nothing below this, whatever the median
SHORT: Final = 20  # below it no spread can be compared with a level: log if positive
NEGATIVES_FROM: Final = 200  # points, of which ...
FEW_NEGATIVES: Final = 0.005  # ... at most this share may be negative without deciding the scale
FEW_ZEROS: Final = 0.1  # more zeros than this share make a logarithm meaningless
COUNT_MEDIAN: Final = 30.0  # above it a count is as good as continuous
SPARSE_COUNT_MEDIAN: Final = 50.0  # the same, if many of them are zero
COUNT_SPREAD: Final = 0.55  # of the 1 that Poisson counts have on Anscombe's scale
NARROW: Final = 1.15  # Q95 / Q5 below it: all powers look alike, keep the unit
SHARE_BOUNDS: Final = (1.0, 100.0)  # what a share, or one in percent, cannot exceed ...
NEARLY_FULL: Final = 0.98  # ... nor lie below by more than this at half of the points, ...
REACHES: Final = 0.999  # ... while the best are at it
FULL_GUARD: Final = 0.1  # of the usual shortfall
LEVELS: Final = 24  # at which the spread is compared
POINTS_PER_LEVEL: Final = 12
TREND: Final = 25  # points of the running median that is taken off before the comparison
LADDER_POINTS: Final = 8_000  # enough to choose by; the middle of a longer series
WEIGHTS: Final = (2.0, 1.0, 0.4)  # of width, skewness and unevenness (tuned on generated series of known scale)
LADDER: Final = ((1.0, 0.1), (0.5, 0.1), (0.0, 0.0))  # power, prior against it: most metrics are ratios
EXPONENT_LIMIT: Final = 700.0  # exp overflows just above
COUNTS_WITHIN: Final = 1e-6  # of a step: rounding in the input


@dataclass(frozen=True, slots=True)
class Transform:
    """A monotone map to the scale of judgement and back.

    Attributes:
        name: as ``SeriesProfile.transform`` says it.
        forward, inverse: values to the scale and back, but for rounding and the guards.
        ratio_scale: effects are ratios of the expected value.
        least_scale: no robust deviation on this scale is taken to be smaller.
    """

    name: TransformKind
    forward: Callable[[FloatArray], FloatArray]
    inverse: Callable[[FloatArray], FloatArray]
    ratio_scale: bool
    least_scale: float = 0.0


def _same(values: FloatArray) -> FloatArray:
    return values


def identity() -> Transform:
    """No change: judged in the series' own unit."""
    return Transform(TransformKind.IDENTITY, _same, _same, ratio_scale=False)


def square_root() -> Transform:
    """The square root, for spread that grows with the root of the level."""
    return Transform(
        TransformKind.SQRT,
        lambda x: np.sqrt(np.maximum(x, 0.0)),
        lambda y: np.square(np.maximum(y, 0.0)),
        ratio_scale=True,
    )


def logarithm(values: FloatArray, name: TransformKind = TransformKind.LOG) -> Transform:
    """The natural logarithm, bounded below at 1 % of the median of the positive values.

    Where small values come anyway zero is half of the smallest: of a share of 0.1 % there is nothing far below.
    """
    positive = values[values > 0]
    median, smallest = float(np.median(positive)), float(positive.min())
    lower_bound = max(LOG_GUARD * median, SMALLEST)
    if smallest < SMALL_SHARE * median:
        lower_bound = max(lower_bound, smallest / 2.0)
    return Transform(
        name,
        lambda x: np.log(np.maximum(x, lower_bound)),
        lambda y: np.exp(np.clip(y, -EXPONENT_LIMIT, EXPONENT_LIMIT)),
        ratio_scale=True,
        least_scale=0.004,  # 0.4 %: below it a ratio is rounding
    )


def anscombe(quantum: float) -> Transform:
    """2 sqrt(x + 3/8) in units of ``quantum``: Poisson counts get spread 1 (Anscombe 1948)."""
    return Transform(
        TransformKind.ANSCOMBE,
        lambda x: 2.0 * np.sqrt(np.maximum(x / quantum, 0.0) + 0.375),
        lambda y: quantum * np.maximum(np.square(np.maximum(y, 0.0) / 2.0) - 0.375, 0.0),
        ratio_scale=True,
        least_scale=0.8,  # of the 1 that theory promises: small counts have a little less
    )


def shortfall(values: FloatArray, bound: float) -> Transform:
    """Minus the logarithm of what is missing to ``bound``, for shares near it: 99.9 to 99 % is ten times the failures.

    Bounded below at a tenth of the usual shortfall: no value exceeds the bound, and one just below it is usual.
    """
    missing = bound - values
    lower_bound = max(FULL_GUARD * float(np.median(missing)), SMALLEST)
    return Transform(
        TransformKind.SHORTFALL,
        lambda x: -np.log(np.maximum(bound - x, lower_bound)),
        lambda y: bound - np.exp(np.clip(-y, -EXPONENT_LIMIT, EXPONENT_LIMIT)),
        ratio_scale=False,
    )


def full_share(series: PreparedSeries) -> float | None:
    """Return the bound (1 or 100) that shares stay just below, in the unit of ``series.values``; None of others."""
    for bound in SHARE_BOUNDS:
        limit = float(np.ldexp(bound, -series.exponent))
        top, middle = float(series.values.max()), float(np.median(series.values))
        if NEARLY_FULL * limit <= middle < limit and REACHES * limit <= top <= limit:
            return limit
    return None


def quantum(values: FloatArray) -> float:
    """Return the step all values are multiples of (1 for counts, whatever their unit), or 0 if there is none."""
    levels = np.unique(np.concatenate([[0.0], np.abs(values)]))
    if len(levels) < 2:  # noqa: PLR2004 - two levels make one step
        return 0.0
    step = float(np.diff(levels).min())
    if step <= 0.0 or levels[-1] * COUNTS_WITHIN > step:
        return 0.0
    multiples = levels / step
    return step if np.abs(multiples - np.rint(multiples)).max() < COUNTS_WITHIN * max(1.0, multiples[-1]) else 0.0


def choose(series: PreparedSeries) -> Transform:
    """Choose the scale on which the values have even spread and even tails."""
    values = series.values
    full = full_share(series) if len(values) >= SHORT else None
    if full is not None:
        return shortfall(values, full)
    below = values < 0
    if below.any():
        # One price below zero, or one refund, says nothing of the scale that all other values have.
        few = len(values) >= NEGATIVES_FROM and below.mean() <= FEW_NEGATIVES
        return choose(series.only(~below, regular=True)) if few else identity()
    zeros = float(np.mean(values == 0))
    if len(values) < SHORT:
        return logarithm(values) if zeros == 0 else identity()
    step, median = quantum(values), float(np.median(values))
    few = median < (SPARSE_COUNT_MEDIAN if zeros > FEW_ZEROS else COUNT_MEDIAN) * step
    if step > 0 and few and _varies_like_counts(anscombe(step).forward(values)):
        return anscombe(step)
    low, high = np.quantile(values, [0.05, 0.95])
    if zeros > FEW_ZEROS or high < NARROW * low:
        return identity()
    return _from_ladder(series)


def _varies_like_counts(scaled: FloatArray) -> bool:
    """Whether neighbours differ as counts do: a coarse sensor has few levels as well, but stays on them."""
    steps = np.diff(scaled)
    low, high = np.quantile(steps, [0.02, 0.98])
    return bool(np.std(np.clip(steps, low, high)) / np.sqrt(2.0) > COUNT_SPREAD)


def _from_ladder(series: PreparedSeries) -> Transform:
    surplus = max(len(series) - LADDER_POINTS, 0)
    part = series.only(slice(surplus // 2, len(series) - (surplus - surplus // 2)), regular=True)
    candidates = (identity(), square_root(), logarithm(series.values))
    positive = part.values[part.values > 0]
    geometric = float(np.mean(np.log(np.maximum(part.values, LOG_GUARD * np.median(positive)))))
    losses = [
        _loss(candidate, part, power, geometric) + prior
        for candidate, (power, prior) in zip(candidates, LADDER, strict=True)
    ]
    return candidates[int(np.argmin(losses))]


def _loss(transform: Transform, series: PreparedSeries, power: float, geometric: float) -> float:
    """Return how badly a scale suits: log width (comparable between powers), skewness, unevenness."""
    scaled = transform.forward(series.values)
    season = seasonality.find(scaled, series).values
    expected = season + running_median(scaled - season, TREND)
    rest = scaled - expected
    low, left, middle, right, high = np.quantile(rest, [0.03, 0.1, 0.5, 0.9, 0.97])
    least = 1e-12 + 1e-6 * (high - low)
    width = np.log(max(right - left, SMALLEST) / (power or 1.0)) - (power - 1.0) * geometric
    skewness = abs(np.log(max(high - middle, least) / max(middle - low, least)))
    terms = (width, skewness, abs(_unevenness(rest, expected)))
    return float(np.dot(WEIGHTS, terms))


def _unevenness(rest: FloatArray, expected: FloatArray) -> float:
    """Return how log spread changes per standard deviation of the level: 0 on the right scale."""
    levels = max(min(LEVELS, len(rest) // POINTS_PER_LEVEL), 2)
    blocks = np.array_split(np.argsort(expected, kind="stable"), levels)
    width = np.array([np.median(np.abs(rest[b])) for b in blocks])
    level = np.array([np.median(expected[b]) for b in blocks])
    known = width > 0
    if known.sum() < 4 or level.std() <= 0:  # noqa: PLR2004 - fewer make no line
        return 0.0
    x = ((level - level.mean()) / level.std())[known]
    y = np.log(width[known])
    return float(np.dot(x, y - y.mean()) / (np.dot(x, x) + 2.0))  # 2: shrunk as by two more levels that say 0
