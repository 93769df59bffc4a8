"""Lasting level shifts of the model: the first points of a new level, judged by the level before."""

from typing import Final

import numpy as np
from typing_extensions import override

from domain.detection.baseline import episodes
from domain.detection.baseline import level_shifts as shifts
from domain.detection.baseline.level_shifts import Shift
from domain.detection.baseline.model import Model
from domain.detection.detectors.scores import Detector, DetectorScores, Traits
from domain.detection.prepared_series import PreparedSeries
from domain.detection.result import Method
from domain.detection.scoring.threshold import Tail

SMALL_SHARE: Final = 0.05  # of the level ...
SMALL_SPREADS: Final = 0.75  # ... and of the spread of the middle half of the values: not reported, however sure
OUTSIDE: Final = shifts.LARGE_IF_SURE / shifts.CLEAR  # the first point of a new level is less far than the level


def _is_small(shift: Shift, series: PreparedSeries, model: Model) -> bool:
    """Whether a shift is small against the level, and against what the values do anyway."""
    after = model.expected[shift.at]
    low, high = sorted(model.transform.inverse(np.array([after - shift.change, after])).tolist())
    middle_half = float(np.subtract(*np.quantile(series.values, [0.75, 0.25])))
    return bool(low > 0 and high - low < SMALL_SHARE * low and high - low < SMALL_SPREADS * middle_half)


class NewLevels(Detector):
    """Report each level shift of the model where it begins, unless the user declared it."""

    # How often a lasting shift may happen is limited by its own rule (``level_shifts.MOST``).
    traits = Traits(explains_level=True, may_recur=False, from_model=True)

    @override
    def scores(self, series: PreparedSeries, model: Model) -> list[DetectorScores]:
        """Return the shifts at the first point of each that is outside the old level (see ``Detector.scores``)."""
        short_ends = {episode.back.at for episode in episodes.find(model.shifts, len(model.expected)) if episode.short}
        undeclared = [
            shift
            for shift in model.shifts
            if not shift.declared and shift.at not in short_ends and not _is_small(shift, series, model)
        ]
        if not undeclared:
            return []
        expected, scale = model.expected.copy(), model.scale
        deviations = np.zeros(len(expected))
        for shift in undeclared:
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
