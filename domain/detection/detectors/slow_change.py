"""A fall or rise over days or weeks that the slow level would follow: reported from its start until it is over."""

from typing import Final

import numpy as np
from typing_extensions import override

from domain.detection.baseline import trend
from domain.detection.baseline.model import Model
from domain.detection.detectors.scores import Detector, DetectorScores, Traits
from domain.detection.prepared_series import FloatArray, PreparedSeries
from domain.detection.result import Method, TransformKind
from domain.detection.robust_stats import running_median, spread
from domain.detection.scoring.threshold import plain

FROM: Final = 120  # points
TO: Final = 20_000  # points; what is slow in a longer one is for block means
BEFORE: Final = 56  # points whose median is the level before: eight weeks of days
GAP: Final = 21  # points over which the change may take place: three weeks
AFTER: Final = 14  # points whose median is the level after
LEAST_CHANGE: Final = float(np.log(2.0))  # on the logarithm: halved or doubled; a smaller drift is a trend
CLEAR: Final = 8.0  # times what such changes usually are in the series: a random walk does this everywhere
BEGUN: Final = 0.15  # of the change: from here on it has begun
OVER: Final = 0.5  # of the change: less is left, it is over
MOST: Final = 3  # a series that does this more often behaves so


class SlowChange(Detector):
    """Compare the level after each stretch of three weeks with the one before it.

    A departure from what the series was is reported, not the return to it. Abrupt shifts are left to their detectors.
    """

    traits = Traits(may_recur=False, finds_stretches=True)

    @override
    def scores(self, series: PreparedSeries, model: Model) -> list[DetectorScores]:
        """Return the episodes of series that are judged by ratios (see ``Detector.scores``)."""
        n = len(series)
        if not FROM <= n <= TO or model.transform.name is not TransformKind.LOG:
            return []
        rest = model.scaled - model.season
        episodes = _episodes(rest, [shift.at for shift in model.shifts])
        if not episodes or len(episodes) > MOST:
            return []
        tail = plain(n)
        expected, deviations = model.expected.copy(), np.zeros(n)
        for start, end, level, clarity in episodes:
            inside = slice(start, end)
            expected[inside] = level + model.season[inside]
            deviations[inside] = clarity
        own = (model.scaled - expected) / model.scale
        own = np.where(own * deviations > 0, own, 0.0)
        return [
            DetectorScores(
                Method.ROLLING_BAND,
                model.transform,
                expected,
                model.scale,
                deviations,
                own,
                tail,
                tail,
                traits=self.traits,
            )
        ]


def _episodes(rest: FloatArray, shifts: list[int]) -> list[tuple[int, int, float, float]]:
    """Return start, end (exclusive), level before and clarity of each episode."""
    n = len(rest)
    smooth = running_median(rest, 7)
    before, after = running_median(rest, BEFORE), running_median(rest, AFTER)
    at = np.arange(BEFORE, n - GAP - AFTER)
    change = after[at + GAP + AFTER // 2] - before[at - BEFORE // 2]
    usual = max(spread(change - np.median(change)), trend.ROUNDING)
    typical = float(np.median(rest))
    episodes: list[tuple[int, int, float, float]] = []
    left = np.abs(change)
    while len(episodes) <= MOST:
        place = int(np.argmax(left))
        size = float(change[place])
        if left[place] < LEAST_CHANGE or left[place] < CLEAR * usual:
            break
        level = float(before[at[place] - BEFORE // 2])
        start, end = _extent(smooth, int(at[place]), level, size)
        left[max(start - BEFORE - int(at[0]), 0) : max(end + BEFORE - int(at[0]), 0)] = 0.0
        left[place] = 0.0
        departs = abs(level + size - typical) > abs(level - typical)
        abrupt = any(abs(shift - start) <= GAP for shift in shifts)
        if departs and not abrupt:
            episodes.append((start, end, level, size / usual))
    return episodes


def _extent(smooth: FloatArray, place: int, level: float, size: float) -> tuple[int, int]:
    """Return where a change begins and where less than half of it is left."""
    share = (smooth - level) / size
    reach = np.arange(max(place - GAP, 0), min(place + GAP + AFTER, len(smooth)))
    half = int(reach[np.argmax(share[reach] > OVER)]) if (share[reach] > OVER).any() else place + GAP
    calm = np.flatnonzero(share[:half] < BEGUN)
    start = int(calm[-1]) + 1 if len(calm) else 0
    back = np.flatnonzero(share[half:] < OVER)
    return start, half + int(back[0]) if len(back) else len(smooth)
