"""Means of long blocks: a stretch that no single point gives away."""

from typing import Final

import numpy as np
from typing_extensions import override

from domain.detection.baseline import trend
from domain.detection.baseline.model import Model
from domain.detection.detectors.scores import Detector, DetectorScores, fit_tails
from domain.detection.prepared_series import BoolArray, FloatArray, PreparedSeries
from domain.detection.result import Method
from domain.detection.robust_stats import spread
from domain.detection.scoring.events import DAILY

FROM: Final = 1_000  # points from which blocks are judged
COUNTS: Final = (250, 64)  # in so many blocks
CLIP: Final = 10.0  # no point moves its block's mean by more than so many deviations
SHARED: Final = 0.25  # of the mean: most points of a half show at least so much of it
HALF_SHOWS: Final = 0.5  # of what its block does: else the other half is the stretch


class BlockMeans(Detector):
    """Judge means of blocks. No trend is taken off: a long stretch is what it would follow.

    Plain aggregation at two fixed resolutions (our own; no published source), every block by halves with the one
    before and the one after: of a stretch that begins inside a block no less than three quarters fall into one of
    these. What is found is reported for the half that shows it.
    """

    @override
    def scores(self, series: PreparedSeries, model: Model) -> list[DetectorScores]:
        """Return one set of scores for each resolution (see ``Detector.scores``)."""
        if len(series) < FROM or (series.cadence is not None and series.cadence >= DAILY):
            return []
        return [scores for count in COUNTS for scores in _of_blocks(model, count)]


def _of_blocks(model: Model, count: int) -> list[DetectorScores]:
    rest = model.scaled - model.season - model.steps
    centre, n = float(np.median(rest)), len(rest)
    length = n // (2 * count)
    halves = np.minimum(np.arange(n) // length, n // length - 1)  # the last takes what is left over
    reach = CLIP * model.overall
    sums = np.bincount(halves, weights=np.clip(rest, centre - reach, centre + reach))
    sizes = np.bincount(halves)
    means = (sums[1:] + sums[:-1]) / (sizes[1:] + sizes[:-1])
    middle = float(np.median(means))
    width = spread(means - middle)
    if width <= 0:
        return []
    width = max(width, trend.ROUNDING)
    deviations = (means - middle) / width
    upper, lower = fit_tails(deviations, count, bounded=True)
    expected = model.season + model.steps + middle
    larger = _larger_of_halves(deviations, (sums / sizes - middle) / width)
    scores = DetectorScores(
        Method.ROLLING_BAND,
        model.transform,
        expected,
        np.full(n, width),
        np.where(_shared(rest - middle, length), larger, 0.0)[halves],
        (model.scaled - expected) / width,
        upper,
        lower,
    )

    return [scores]


def _shared(rest: FloatArray, length: int) -> BoolArray:
    """Return which halves most of their points share: a few outliers in a calm half make no stretch of it."""
    parts = rest[: len(rest) // length * length].reshape(-1, length)
    side = np.sign(parts.mean(axis=1))
    middle = np.partition(parts * side[:, None], (length - 1) // 2, axis=1)[:, (length - 1) // 2]
    return np.asarray(middle >= SHARED * np.abs(parts.mean(axis=1)), dtype=np.bool_)


def _larger_of_halves(blocks: FloatArray, halves: FloatArray) -> FloatArray:
    """Return for each half the larger mean of the two blocks it is in, if it shows at least half of what that shows."""
    before, after = np.concatenate([[0.0], blocks]), np.concatenate([blocks, [0.0]])
    before, after = (np.where(halves * of >= HALF_SHOWS * of * of, of, 0.0) for of in (before, after))
    return np.where(np.abs(after) > np.abs(before), after, before)
