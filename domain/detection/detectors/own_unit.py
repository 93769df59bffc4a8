"""The distance of each point from the model in the series' own unit."""

from dataclasses import replace
from typing import Final

import numpy as np
from typing_extensions import override

from domain.detection.baseline import trend
from domain.detection.baseline.model import Model
from domain.detection.baseline.transform import identity, quantum
from domain.detection.detectors.scores import SIDES_FROM, Detector, DetectorScores, Traits, pointwise_scores
from domain.detection.prepared_series import PreparedSeries
from domain.detection.result import Method, TransformKind
from domain.detection.robust_stats import spread

UNUSUAL: Final = 3.0  # what is far in the own unit must be that unusual to the model as well
# Near the ends the level is continued, not seen. Where a series begins steeply most points there lie so far from it.
ASIDE: Final = 1.0
QUANTUM_SHARE: Final = 0.6  # of the step the values come in: the least scale, as in ``model``


class OwnUnit(Detector):
    """Judge in the series' own unit too: what a logarithm makes small may still be the largest by far.

    Far in this unit only because the level is high is no reason: the model must find the point unusual as well.
    """

    traits = Traits(own_unit=True)

    @override
    def scores(self, series: PreparedSeries, model: Model) -> list[DetectorScores]:
        """Return untransformed deviations of a transformed series (see ``Detector.scores``)."""
        if len(series) < SIDES_FROM or model.transform.name is TransformKind.IDENTITY:
            return []
        expected = model.transform.inverse(model.expected)
        residual = series.values - expected
        usual = spread(residual)
        if usual <= 0:
            return []
        scale = np.full(len(residual), max(usual, QUANTUM_SHARE * quantum(series.values), trend.ROUNDING))
        plain = pointwise_scores(
            Method.ROBUST_Z, identity(), expected, scale, residual, bounded=False, left_out=model.calendar.reported
        )
        judged = np.where(np.abs(model.deviations) > UNUSUAL, plain.deviations, 0.0)
        half = trend.window(len(series), model.periods) // 2
        for end in (slice(0, half), slice(len(series) - half, None)):
            if abs(float(np.median(model.deviations[end]))) > ASIDE:
                judged[end] = 0.0
        return [replace(plain, deviations=judged, traits=self.traits)]
