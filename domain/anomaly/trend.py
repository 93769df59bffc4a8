"""What is left to expect once season and shifts are known: a slow level, and how far points usually lie from it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from domain.anomaly.robust import TO_SIGMA, running_median, spread
from domain.anomaly.series import FloatArray

SHORT: Final = 20  # below it the level is one median
LONG_PERIOD: Final = 60  # a window over two longer seasons would follow nothing
NARROWEST: Final = 25
USUAL_WIDEST: Final = 61
WIDEST_SHARE: Final = 2 / 3  # of the series
END_SLOPE: Final = 0.5  # the ends go on at half the slope: it may have stopped
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
    smooth, half = running_median(rest, width), width // 2
    for end, inner, step in ((0, half, 1), (n - 1, n - 1 - half, -1)):
        reach = min(half, abs(n - 1 - 2 * half))
        slope = (smooth[inner + step * reach] - smooth[inner]) / (step * reach) if reach else 0.0
        at = np.arange(min(end, inner), max(end, inner) + 1)
        smooth[at] = smooth[inner] + END_SLOPE * slope * (at - inner)
    return smooth


@dataclass(frozen=True, slots=True)
class Scale:
    """The usual distance: per point, and over the whole series."""

    local: FloatArray
    overall: float

    def times(self, factor: FloatArray) -> "Scale":
        """Return the scale of a residual that was judged in units of ``factor``."""
        return Scale(self.local * factor, self.overall)


def scale(residual: FloatArray, width: int, least: FloatArray) -> Scale:
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
    return Scale(np.maximum(local, np.maximum(least, ROUNDING)), overall)
