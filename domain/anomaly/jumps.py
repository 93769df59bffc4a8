"""Jumps: where what follows differs at once from what came before. A stretch that stands apart begins with one."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.ndimage import maximum_filter1d

from domain.anomaly.robust import running_median, spread
from domain.anomaly.series import BoolArray, FloatArray, IntArray
from domain.anomaly.shifts import ABRUPT, LARGE_IF_SURE, NEXT_FEW

FROM: Final = 1_000  # points; in a shorter series a change of level is for good or it is a burst (``shifts``)
SMOOTH: Final = 7  # points of the median before means are taken: three outliers side by side do not move it
WIDTHS: Final = (8, 24, 72)  # points that are compared with as many before
SLOPE: Final = 8  # widths over which the usual difference is taken off: a trend is no jump
LEAST: Final = 0.5  # of the noise: no usual difference is taken to be smaller, or averages would see anything
CANDIDATE: Final = 2.5  # usual differences; no budget asks for less (``threshold.COMMONEST``)
LEAD: Final = 8  # points before the largest difference in which the new level may already begin


@dataclass(frozen=True, slots=True)
class Jumps:
    """The jumps that show at one width, and all differences they stand out from.

    Attributes:
        width: points on each side that were compared.
        differences: per point, the level from it on less the level before, in usual differences, signed.
        at: the first point of each new level.
        before: the level it left, without season, on the scale of judgement.
        clarity: the difference at each jump, in usual differences, signed.
    """

    width: int
    differences: FloatArray
    at: IntArray
    before: FloatArray
    clarity: FloatArray


def noise_of(rest: FloatArray, least: float) -> float:
    """Return one robust deviation of a point from its nearest neighbours."""
    return max(spread(rest - running_median(rest, SMOOTH)), least)


def find(rest: FloatArray, noise: float) -> list[Jumps]:
    """Compare neighbouring windows everywhere, at several widths.

    Moving sums (MOSUM, Eichinger & Kirch 2018) at several bandwidths (Cho & Kirch 2022). We depart from them: the sums
    are of running medians, so that outliers are left to others; what is usual is measured on the differences
    themselves, so that a series which wanders everywhere jumps nowhere; a jump must be abrupt (``shifts.ABRUPT``);
    the threshold is fitted to the tail of the differences (``threshold``), and no width prunes another.

    Args:
        rest: the series without its season.
        noise: one robust deviation of a point from its neighbours, positive.
    """
    smooth = running_median(rest, SMOOTH)
    sums = np.concatenate([[0.0], np.cumsum(smooth - np.median(smooth))])
    return [_at_width(rest, sums, width, noise) for width in WIDTHS]


def _at_width(rest: FloatArray, sums: FloatArray, width: int, noise: float) -> Jumps:
    n = len(rest)
    at = np.arange(width, n - width)
    size = (sums[at + width] - 2.0 * sums[at] + sums[at - width]) / width
    size = size - running_median(size, SLOPE * width)
    differences = np.zeros(n)
    differences[at] = size / max(spread(size), LEAST * noise)
    height = np.abs(differences)
    peaks = np.flatnonzero((height > CANDIDATE) & (height == maximum_filter1d(height, 2 * width + 1)))
    change = size[peaks - width]
    before = np.median(rest[np.maximum(peaks[:, None] - LEAD - 1 - np.arange(width), 0)], axis=1)
    first, known = _first_outside(rest, peaks, before, np.sign(change) * LARGE_IF_SURE * noise)
    known &= _step(rest, first) * np.sign(change) >= ABRUPT * np.abs(change)
    return Jumps(width, differences, first[known], before[known], differences[peaks[known]])


def _first_outside(
    rest: FloatArray, peaks: IntArray, before: FloatArray, margin: FloatArray
) -> tuple[IntArray, BoolArray]:
    """Return from where on every point near a peak lies beyond ``before`` + ``margin``, and whether there is one."""
    reach = np.clip(peaks[:, None] + np.arange(-LEAD, NEXT_FEW), 0, len(rest) - 1)
    outside = (rest[reach] - before[:, None]) * np.sign(margin)[:, None] > np.abs(margin)[:, None]
    last = reach.shape[1] - 1
    outside_to_the_end = np.cumprod(outside[:, ::-1], axis=1).sum(axis=1)
    column = np.minimum(reach.shape[1] - outside_to_the_end, last)
    rows = np.arange(len(peaks))
    return reach[rows, column], outside[rows, column]


def _step(rest: FloatArray, at: IntArray) -> FloatArray:
    """Return by how much the next few points lie above the last few."""
    few, last = np.arange(NEXT_FEW), len(rest) - 1
    after = np.median(rest[np.minimum(at[:, None] + few, last)], axis=1)
    return np.asarray(after - np.median(rest[np.maximum(at[:, None] - 1 - few, 0)], axis=1), dtype=np.float64)
