"""Falls of days by two thirds and more: far enough by themselves, however heavy the tail of smaller ones is."""

from typing import Final

import numpy as np
from typing_extensions import override

from domain.detection.baseline.model import Model
from domain.detection.detectors.scores import Detector, DetectorScores, fit_tails
from domain.detection.prepared_series import PreparedSeries
from domain.detection.result import Method
from domain.detection.scoring.events import DAILY

FROM: Final = 90  # points: three months of days
SHARE_LEFT: Final = 1 / 3  # of the expected value
# A fall cannot go on below zero, so that a tail which is continued from rainy days asks for more than there is. With 6
# deviations four more of 75 dated incidents of real series were found, and two events beyond them.
MOST: Final = 6.0


class DeepFall(Detector):
    """Judge days on which two thirds of what is expected are missing by a threshold that is within reach."""

    @override
    def scores(self, series: PreparedSeries, model: Model) -> list[DetectorScores]:
        """Return deviations of such days where no value is negative, 0 at others (see ``Detector.scores``)."""
        if len(series) < FROM or series.cadence is None or series.cadence < DAILY or series.values.min() < 0:
            return []
        expected = model.transform.inverse(model.expected)
        deep = series.values < SHARE_LEFT * expected
        if not deep.any():
            return []
        upper, lower = fit_tails(model.deviations[~model.calendar.reported], len(series), bounded=True)
        deviations = np.where(deep, model.deviations, 0.0)
        method = Method.SEASONAL_RESIDUAL if model.periods else Method.ROBUST_Z
        return [
            DetectorScores(
                method,
                model.transform,
                model.expected,
                model.scale,
                deviations,
                model.deviations,
                upper,
                lower.capped(MOST),
            )
        ]
