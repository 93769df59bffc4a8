"""Change points: where what follows differs at once from what came before, as where an unusual stretch begins."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
from scipy.ndimage import maximum_filter1d
from typing_extensions import override

from domain.detection.baseline import trend
from domain.detection.baseline.level_shifts import ABRUPT, CLEAR, LARGE_IF_SURE, NEXT_FEW
from domain.detection.baseline.model import Model
from domain.detection.detectors.new_levels import OUTSIDE
from domain.detection.detectors.scores import Detector, DetectorScores, Traits, fit_tails
from domain.detection.prepared_series import BoolArray, FloatArray, IntArray, PreparedSeries
from domain.detection.result import Method
from domain.detection.robust_stats import running_median, spread
from domain.detection.scoring.events import DAILY

FROM: Final = 1_000  # points; in a shorter series a change of level lasts or is a burst (``level_shifts``)
SMOOTH: Final = 7  # points of the median before means are taken: three outliers side by side do not move it
WIDTHS: Final = (8, 24, 72)  # points that are compared with as many before
SLOPE: Final = 8  # widths over which the usual difference is taken off: a trend is no change point
LEAST: Final = 0.5  # of the noise: no usual difference is taken to be smaller, or averages would see anything
CANDIDATE: Final = 2.5  # usual differences; no budget asks for less (``threshold.COMMONEST``)
REMAINS: Final = 0.3  # of the change between the medians of both levels
EARLIER: Final = 8  # widths before the level that is left; their median is what was usual
LEAD: Final = 8  # points before the largest difference in which the new level may already begin
USUAL_SHARES: Final = (0.5, 0.9)  # of the differences: beyond may be those of the change points themselves


@dataclass(frozen=True, slots=True)
class ChangesAtWidth:
    """The change points that show at one width, and all differences they stand out from.

    Attributes:
        width: points on each side that were compared.
        differences: per point, the level from it on less the level before, in usual differences, signed.
        at: the first point of each new level.
        before: the level it left, without season, on the scale of judgement.
        clarity: the difference at each change point, in usual differences, signed.
        stays: whether it is a new level by medians; the end of a burst steps as far, but back to what was usual.
    """

    width: int
    differences: FloatArray
    at: IntArray
    before: FloatArray
    clarity: FloatArray
    stays: BoolArray


def noise_of(rest: FloatArray, least: float) -> float:
    """Return one robust deviation of a point from its nearest neighbours."""
    return max(spread(rest - running_median(rest, SMOOTH)), least)


def find(rest: FloatArray, noise: float) -> list[ChangesAtWidth]:
    """Compare neighbouring windows everywhere, at several widths.

    Moving sums (MOSUM, Eichinger & Kirch 2018) at several bandwidths (Cho & Kirch 2022). We depart from them: the sums
    are of running medians, so that outliers are left to others; what is usual is measured on the differences
    themselves, so that a series which wanders everywhere has none; a change must be abrupt
    (``level_shifts.ABRUPT``);
    the threshold is fitted to the tail of the differences (``threshold``), and no width prunes another.

    Args:
        rest: the series without its season.
        noise: one robust deviation of a point from its neighbours, positive.
    """
    smooth = running_median(rest, SMOOTH)
    sums = np.concatenate([[0.0], np.cumsum(smooth - np.median(smooth))])
    return [_at_width(rest, sums, width, noise) for width in WIDTHS]


def _at_width(rest: FloatArray, sums: FloatArray, width: int, noise: float) -> ChangesAtWidth:
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
    following = rest[np.minimum(first[:, None] + np.arange(width), n - 1)]
    after = np.median(following, axis=1)
    stays = (after - before) / change >= REMAINS
    # A change back to the level before the last one is the end of an episode that was reported at its beginning.
    earlier = rest[np.maximum(first[:, None] - 2 * width - np.arange(EARLIER * width), 0)]
    stays &= np.abs(after - np.median(earlier, axis=1)) >= REMAINS * np.abs(change)
    return ChangesAtWidth(width, differences, first[known], before[known], differences[peaks[known]], stays[known])


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


def _staying(changes: ChangesAtWidth) -> ChangesAtWidth:
    return _only(changes, changes.stays)


def _outside_steep_parts(model: Model, changes: ChangesAtWidth) -> ChangesAtWidth:
    """Leave out small steps in a steep part of the season: no day goes through it at the same minute."""
    step = np.abs((model.scaled - model.season - model.steps)[changes.at] - changes.before)
    around = np.clip(changes.at[:, None] + np.array([-NEXT_FEW, NEXT_FEW]), 0, len(model.scaled) - 1)
    steep = np.abs(np.diff(model.season[around], axis=1)[:, 0]) >= step
    return _only(changes, ~(steep & (step < LARGE_IF_SURE * model.scale[changes.at])))


def _only(changes: ChangesAtWidth, selected: BoolArray) -> ChangesAtWidth:
    return replace(
        changes,
        at=changes.at[selected],
        before=changes.before[selected],
        clarity=changes.clarity[selected],
        stays=changes.stays[selected],
    )


class ChangePoints(Detector):
    """Judge the first point of each new level by the level before, once for every width."""

    traits = Traits(explains_level=True)

    @override
    def scores(self, series: PreparedSeries, model: Model) -> list[DetectorScores]:
        """Return one set of scores for each width of long series (see ``Detector.scores``)."""
        if len(series) < FROM:
            return []
        known = model.season + model.steps
        rest = model.scaled - known
        noise = noise_of(rest, max(float(np.median(model.least)), trend.ROUNDING))
        # Of minutes the end of a stretch is part of its story (``events.LONG_BRIDGE``); days are reported one by one.
        days = series.cadence is not None and series.cadence >= DAILY
        suits = _staying if days else partial(_outside_steep_parts, model)
        return [self._at_width(model, known, noise, suits(changes)) for changes in find(rest, noise)]

    def _at_width(self, model: Model, known: FloatArray, noise: float, changes: ChangesAtWidth) -> DetectorScores:
        n = len(known)
        upper, lower = (
            replace(tail, least=max(tail.least, CLEAR))
            for tail in fit_tails(changes.differences, n, bounded=True, shares=USUAL_SHARES)
        )
        expected, deviations = model.expected.copy(), np.zeros(n)
        expected[changes.at] = known[changes.at] + changes.before
        deviations[changes.at] = changes.clarity
        own, scale = (model.scaled - expected) / noise, np.full(n, noise)
        return DetectorScores(
            Method.LEVEL_SHIFT,
            model.transform,
            expected,
            scale,
            deviations,
            own,
            upper,
            lower,
            traits=self.traits,
            band_share=OUTSIDE,
            holds=changes.width,
        )
