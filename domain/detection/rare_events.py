"""A series of zeros in which something happens now and then: each time is an event of its own."""

from typing import Final

import numpy as np

from domain.detection.prepared_series import BoolArray, PreparedSeries
from domain.detection.result import DetectedAnomaly, Direction, Kind, Method
from domain.detection.scoring import certainty
from domain.detection.scoring import severity as grade

FROM: Final = 100  # points; of fewer zeros nothing follows
MOST_SHARE: Final = 0.02  # of the points; what comes more often is rare demand
SCORE: Final = 2.0  # there is no spread to measure a distance by: twice the threshold, which counts as sure


def rare_events(series: PreparedSeries, active: BoolArray) -> tuple[DetectedAnomaly, ...]:
    """Return each point that is not zero where nearly all are; none if they are too many, or the series too short.

    Args:
        series: at least half of its points are zero.
        active: where they are not.
    """
    if len(series) < FROM or active.sum() > MOST_SHARE * len(series):
        return ()
    values = series.in_unit(series.values)
    by_chance = certainty.chance(SCORE)
    return tuple(
        DetectedAnomaly(
            start=int(series.positions[at]),
            end=int(series.positions[at]),
            peak=int(series.positions[at]),
            value=float(values[at]),
            expected=0.0,
            lower=0.0,
            upper=0.0,
            deviation=float(values[at]),
            deviation_pct=None,
            score=SCORE,
            robust_deviations=SCORE,
            type=Method.ROBUST_Z,
            methods=(),
            severity=grade.severity(value=float(values[at]), expected=0.0, score=SCORE, ratio_scale=True),
            certainty=certainty.certainty(by_chance),
            chance=by_chance,
            direction=Direction.UP if values[at] > 0 else Direction.DOWN,
            kind=Kind.SPIKE if values[at] > 0 else Kind.DIP,
            ratio_scale=False,
        )
        for at in np.flatnonzero(active)
    )
