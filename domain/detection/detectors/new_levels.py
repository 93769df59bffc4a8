"""Lasting level shifts of the model: the first points of a new level, judged by the level before."""

from typing import Final

import numpy as np
from typing_extensions import override

from domain.detection.baseline import level_shifts as shifts
from domain.detection.baseline.model import Model
from domain.detection.detectors.scores import Detector, DetectorScores, Traits
from domain.detection.prepared_series import PreparedSeries
from domain.detection.result import Method
from domain.detection.scoring.threshold import Tail

OUTSIDE: Final = shifts.LARGE_IF_SURE / shifts.CLEAR  # the first point of a new level is less far than the level


class NewLevels(Detector):
    """Report each level shift of the model where it begins, unless the user told of it."""

    # How often a lasting shift may happen is limited by its own rule (``level_shifts.MOST``).
    traits = Traits(explains_level=True, may_recur=False, from_model=True)

    @override
    def scores(self, series: PreparedSeries, model: Model) -> list[DetectorScores]:
        """Return the shifts at the first point of each that is outside the old level (see ``Detector.scores``)."""
        del series
        found = [shift for shift in model.shifts if not shift.told]
        if not found:
            return []
        expected, scale = model.expected.copy(), model.scale
        deviations = np.zeros(len(expected))
        for shift in found:
            reach = slice(shift.at, shift.at + shifts.NEXT_FEW)
            before = model.expected[reach] - shift.change
            outside = (model.scaled[reach] - before) * np.sign(shift.change) > shifts.LARGE_IF_SURE * scale[reach]
            if outside.any():
                place = shift.at + int(np.argmax(outside))
                expected[place] = model.expected[place] - shift.change
                deviations[place] = shift.clarity * np.sign(shift.change)
        tail = Tail(len(expected), shifts.CLEAR)
        own = (model.scaled - expected) / scale
        return [
            DetectorScores(
                Method.LEVEL_SHIFT,
                model.transform,
                expected,
                scale,
                deviations,
                own,
                tail,
                tail,
                traits=self.traits,
                band_share=OUTSIDE,
            )
        ]
