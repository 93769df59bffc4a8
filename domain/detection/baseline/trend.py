"""What is left to expect once season and shifts are known: a slow level, and how far points usually lie from it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from domain.detection.prepared_series import FloatArray
from domain.detection.robust_stats import TO_SIGMA, running_median, spread

SHORT: Final = 20  # below it the level is one median
CURVE: Final = 0.3  # of their size: by so little the steps of a smooth curve change ...
CURVE_WINDOW: Final = 7  # ... which is followed closely
LONG_PERIOD: Final = 60  # a window over two longer seasons would follow nothing
NARROWEST: Final = 25
USUAL_WIDEST: Final = 61
WIDEST_SHARE: Final = 2 / 3  # of the series
END_SLOPE: Final = 0.5  # the ends go on at half the slope: it may have stopped ...
STEADY: Final = 3.0  # ... unless its steps exceed their own spread so many times: then it is a smooth curve
STEP_SHARE: Final = 0.5  # of the local step: a smooth curve is not known more precisely than that
END_DOUBT: Final = 0.3  # and the scale grows by up to this share
LOCAL_FROM: Final = 60  # points from which the spread may differ from place to place
ROUNDING: Final = 1e-12  # of the largest value, which is 1 here: nothing finer can be told apart
LEAST_SHARE: Final = 0.7  # a calm stretch is not judged by less than this share of the whole series' spread


def window(points: int, periods: tuple[int, ...]) -> int:
    """Return the trend's window: two short seasons, an eighth of the series, at least 25, at most two thirds."""
    season = max((2 * p + 1 for p in periods if p <= LONG_PERIOD), default=0)
    width = max(season, NARROWEST, min(points // 8, USUAL_WIDEST))
    return max(3, min(width, int(WIDEST_SHARE * points)) | 1)


def level(rest: FloatArray, periods: tuple[int, ...]) -> FloatArray:
    """Return the slow level: the median if short, else a running one with its ends continued."""
    n = len(rest)
    if n < SHORT:
        return np.full(n, np.median(rest))
    width = window(n, periods)
    if _is_curve(rest):
        width = min(width, CURVE_WINDOW)
    smooth, half = running_median(rest, width), width // 2
    for end, inner, step in ((0, half, 1), (n - 1, n - 1 - half, -1)):
        reach = min(half, abs(n - 1 - 2 * half))
        slope = (smooth[inner + step * reach] - smooth[inner]) / (step * reach) if reach else 0.0
        at = np.arange(min(end, inner), max(end, inner) + 1)
        share = 1.0 if _steady(np.diff(rest[at])) else END_SLOPE
        smooth[at] = smooth[inner] + share * slope * (at - inner)
    return smooth


def _is_curve(rest: FloatArray) -> bool:
    """Whether steps change far less than they are large: those of white noise change by 1.7 times their size."""
    steps = np.diff(rest)
    size = float(np.median(np.abs(steps)))
    return size > ROUNDING and float(np.median(np.abs(np.diff(steps)))) < CURVE * size


def _steady(steps: FloatArray) -> bool:
    """Whether a curve goes on in the same way: its steps are alike, and not rounding."""
    if len(steps) == 0:
        return False
    middle = float(np.median(steps))
    return abs(middle) > STEADY * float(np.median(np.abs(steps - middle))) + ROUNDING


def step_floor(rest: FloatArray, width: int) -> FloatArray:
    """Return the least scale that a smooth curve's own steps allow, per point: half of their local median size.

    That is what one point may be early. Of other series it is 0: there several outliers near each other make steps.
    """
    if not _is_curve(rest):
        return np.zeros(len(rest))
    steps = np.abs(np.diff(rest, prepend=rest[:1]))
    return STEP_SHARE * running_median(steps, min(width, len(rest)))


@dataclass(frozen=True, slots=True)
class NoiseScale:
    """The usual distance: per point, and over the whole series."""

    local: FloatArray
    overall: float

    def times(self, factor: FloatArray) -> "NoiseScale":
        """Return the scale of a residual that was judged in units of ``factor``."""
        return NoiseScale(self.local * factor, self.overall)


def scale(residual: FloatArray, width: int, least: FloatArray) -> NoiseScale:
    """Return the usual distance from the level, never below ``least`` nor far below that of the whole series."""
    n = len(residual)
    overall = spread(residual)
    local = np.full(n, overall)
    if n >= LOCAL_FROM:
        near = TO_SIGMA * running_median(np.abs(residual), min(2 * width + 1, n))
        local = np.maximum(near, LEAST_SHARE * overall)
    if n >= SHORT:
        half = width // 2
        from_end = np.minimum(np.arange(n), np.arange(n)[::-1])
        local = local * (1.0 + END_DOUBT * np.clip(1.0 - from_end / max(half, 1), 0.0, 1.0))
    return NoiseScale(np.maximum(local, np.maximum(least, ROUNDING)), overall)
