"""The distance of each point from the model, on the model's scale."""

from typing_extensions import override

from domain.detection.baseline.model import Model
from domain.detection.detectors.scores import Detector, DetectorScores, pointwise_scores
from domain.detection.prepared_series import PreparedSeries
from domain.detection.result import Method


class Residual(Detector):
    """Judge each point against what season, level shifts and slow level expect. Its band is the one that is drawn."""

    @override
    def scores(self, series: PreparedSeries, model: Model) -> list[DetectorScores]:
        """Return the model's own deviations (see ``Detector.scores``)."""
        del series
        method = Method.SEASONAL_RESIDUAL if model.periods else Method.ROBUST_Z
        residual = model.scaled - model.expected
        return [
            pointwise_scores(
                method, model.transform, model.expected, model.scale, residual, left_out=model.calendar.reported
            )
        ]
