"""Days that the calendar puts together, each judged by the others of its kind."""

import numpy as np
from typing_extensions import override

from domain.detection.baseline.model import Model
from domain.detection.detectors.scores import Detector, DetectorScores, fit_tails
from domain.detection.prepared_series import PreparedSeries
from domain.detection.result import Method


class KindOfDay(Detector):
    """Judge each day of a reported calendar pattern by the pattern: a peak that comes every year and is missing."""

    @override
    def scores(self, series: PreparedSeries, model: Model) -> list[DetectorScores]:
        """Return how far such days are from their kind; 0 at all others (see ``Detector.scores``)."""
        reported = model.calendar.reported
        judged = model.calendar.judged
        if not judged.any():
            return []
        expected, scale = model.expected + model.calendar.kind, model.scale + model.calendar.wider
        own = (model.scaled - expected) / scale
        upper, lower = fit_tails(model.deviations[~reported], len(series), bounded=True)
        deviations = np.where(judged, own, 0.0)
        return [
            DetectorScores(Method.SEASONAL_RESIDUAL, model.transform, expected, scale, deviations, own, upper, lower)
        ]
