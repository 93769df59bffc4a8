"""A season that is gone for a while: one finding over the stretch, not every weekend of it."""

from typing import Final

import numpy as np
from scipy.ndimage import uniform_filter1d
from typing_extensions import override

from domain.detection.baseline.model import Model
from domain.detection.detectors.scores import Detector, DetectorScores, Traits
from domain.detection.prepared_series import FloatArray, PreparedSeries
from domain.detection.result import Method
from domain.detection.robust_stats import spread
from domain.detection.scoring.threshold import plain

CYCLES_FROM: Final = 20  # of the shortest season: fewer do not tell how steady its strength is
WINDOW: Final = 3  # cycles over which its strength is measured
LONGEST: Final = 6  # cycles at least that a stretch without it lasts
GONE: Final = 0.4  # of its usual strength
STEADY: Final = 0.15  # its usual strength varies by no more than this
MOST_SHARE: Final = 0.4  # of the series; a season that is absent for longer is none


class LostRhythm(Detector):
    """Measure the strength of the season along the series: the slope of the values on it, window by window."""

    traits = Traits(may_recur=False, finds_stretches=True)

    @override
    def scores(self, series: PreparedSeries, model: Model) -> list[DetectorScores]:
        """Return the stretches in which the season is gone (see ``Detector.scores``)."""
        n = len(series)
        if not model.periods or n < CYCLES_FROM * model.periods[0]:
            return []
        period = model.periods[0]
        strength = _strength(model, period)
        usual = float(np.median(strength))
        if usual <= 0 or spread(strength - usual) > STEADY * usual:
            return []
        gone = strength < GONE * usual
        edges = np.diff(np.concatenate([[0], gone.astype(np.int8), [0]]))
        starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
        long = ends - starts >= (LONGEST - WINDOW) * period
        if not long.any() or gone.mean() > MOST_SHARE:
            return []
        tail = plain(n)
        deviations, own = np.zeros(n), np.zeros(n)
        residual = (model.scaled - model.expected) / model.scale
        for start, end in zip(starts[long], ends[long], strict=True):
            inside = slice(int(start), int(end))
            side = float(np.sign(residual[inside][np.argmax(np.abs(residual[inside]))]))
            deviations[inside] = side * 2.0 * max(float(np.abs(residual[inside]).max()), tail.least)
            own[inside] = np.where(residual[inside] * side > 0, residual[inside], 0.0)
        return [
            DetectorScores(
                Method.SEASONAL_RESIDUAL,
                model.transform,
                model.expected,
                model.scale,
                deviations,
                own,
                tail,
                tail,
                traits=self.traits,
            )
        ]


def _strength(model: Model, period: int) -> FloatArray:
    """Return per point the slope on the season of the values around it, without their level."""
    width = WINDOW * period

    def around(values: FloatArray) -> FloatArray:
        return np.asarray(uniform_filter1d(values, width, mode="constant"), dtype=np.float64)

    season = model.season - around(model.season)
    rest = model.scaled - model.steps - model.level
    limit = 3.0 * spread(rest - np.median(rest))
    rest = np.clip(rest, -limit, limit)
    along, energy = around(rest * season), around(season * season)
    return np.asarray(along / np.maximum(energy, 1e-300), dtype=np.float64)
