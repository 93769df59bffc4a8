"""The distance of each point from its nearest neighbours."""

from dataclasses import replace
from typing import Final

import numpy as np
from typing_extensions import override

from domain.detection.baseline import trend
from domain.detection.baseline.model import Model
from domain.detection.detectors.scores import Detector, DetectorScores, pointwise_scores
from domain.detection.prepared_series import FloatArray, PreparedSeries
from domain.detection.result import Method
from domain.detection.scoring.threshold import STANDARD_BUDGET, budget_at

FROM, TO = (60, 2_000)  # points; fewer have no neighbourhood, and in more the model follows well enough
NEIGHBOURS: Final = 3  # on each side
SEEN_FROM: Final = 2 * NEIGHBOURS  # points on each side among which calm neighbours are looked for
WANDERING: Final = 0.85  # neighbours must predict better than the model by this factor


class Rolling(Detector):
    """Judge each point against the median of its neighbours: an isolated spike in a wandering series."""

    @override
    def scores(self, series: PreparedSeries, model: Model) -> list[DetectorScores]:
        """Return deviations from neighbours, if these predict better than the model (see ``Detector.scores``)."""
        if not FROM <= len(series) <= TO:
            return []
        known = model.season + model.steps
        around = neighbours(model.scaled - known)
        residual = model.scaled - known - around
        scale = trend.scale(residual, trend.window(len(residual), model.periods), model.least)
        if scale.overall > WANDERING * model.overall:
            return []
        width = scale.local + model.calendar.wider_if_expected
        scores = pointwise_scores(
            Method.ROLLING_BAND, model.transform, known + around, width, residual, left_out=model.calendar.reported
        )
        around = _without_returns(scores, model.scaled - known, around)
        residual = model.scaled - known - around
        return [replace(scores, expected=known + around, deviations=residual / width, own=residual / width)]


def _without_returns(scores: DetectorScores, rest: FloatArray, around: FloatArray) -> FloatArray:
    """Return what neighbours say, but for a return to what was before: there those of an outlying stretch do not count.

    Two months after a collapse the old level lies far above its neighbours. It is no event: an opposite one is over.
    """
    upper, lower = scores.upper.at(STANDARD_BUDGET), scores.lower.at(STANDARD_BUDGET)
    side = np.where(scores.deviations > upper, 1, np.where(scores.deviations < -lower, -1, 0))
    least = budget_at(1.0)
    beyond = np.flatnonzero(
        (scores.deviations > scores.upper.at(least)) | (scores.deviations < -scores.lower.at(least))
    )
    out = around.copy()
    for at in beyond.tolist():
        near = np.arange(max(at - SEEN_FROM, 0), min(at + SEEN_FROM + 1, len(rest)))
        opposite = side[near] * np.sign(scores.deviations[at]) < 0
        places = near[~opposite & (near != at)]
        if not opposite.any() or len(places) == 0:
            continue
        nearest = places[np.argsort(np.abs(places - at), kind="stable")[: 2 * NEIGHBOURS]]
        level = float(np.median(rest[nearest]))
        if abs(rest[at] - level) < abs(rest[at] - around[at]):
            out[at] = level
    return out


def neighbours(values: FloatArray) -> FloatArray:
    """Return the median of the three points on each side of every point, itself left out; at the ends, of six."""
    n = len(values)
    if n <= 2 * NEIGHBOURS:
        return np.full(n, np.median(values))
    offsets = np.concatenate([np.arange(-NEIGHBOURS, 0), np.arange(1, NEIGHBOURS + 1)])
    at = np.arange(n)[:, None] + offsets
    width = 2 * NEIGHBOURS + 1
    at = np.where(at < 0, at + width, np.where(at >= n, at - width, at))
    return np.asarray(np.median(values[at], axis=1), dtype=np.float64)
