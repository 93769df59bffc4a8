"""The long run: by how much the level rose or fell, and since when."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy  # scipy.stats itself is loaded at its first use: it would double the time to start

from domain.timeseries.aggregation import Floats, Ints, Times
from domain.wording.formatting import number, percent
from domain.wording.insights.facts import Candidate, Facts, candidate
from domain.wording.insights.insight import InsightCode

SIGNIFICANT: Final = 0.001  # chance of a claim where there is no trend
STEADY: Final = 0.5  # least Kendall's tau of the blocks: three pairs in four go the way of the trend
BLOCKS: Final = 24  # batch means: long blocks hardly depend on each other, whatever the points do
FEWEST_BLOCKS: Final = 8
LEAST_CHANGE: Final = 0.5  # of the typical deviation of the points: less is not seen in the chart
LEAST_SHARE: Final = 0.05  # and of the level, where that can be compared: less is not acted upon
BEND_GAIN: Final = 0.5  # a bend must halve what the straight line leaves unexplained
BEND_EDGE: Final = 5  # blocks on either side of a bend
TO_SIGMA: Final = 1.4826  # the median absolute deviation of a Gaussian (Iglewicz & Hoaglin 1993)
WEIGHT: Final = 76.0
MOST_SHARE: Final = 5.0  # of the level: a larger one is written as a factor
EIGHTH: Final = 8
YEAR: Final = np.timedelta64(365, "D")
MONTH: Final = 12


@dataclass(frozen=True, slots=True)
class Trend:
    """A trend that was found, in terms of positions in the series.

    Attributes:
        start, end: first and last position of its stretch.
        slope: its sign is the direction.
        bent: whether the stretch begins later than the series.
        tau: Kendall's rank correlation of the blocks with time.
    """

    start: int
    end: int
    slope: float
    bent: bool
    tau: float


@dataclass(frozen=True, slots=True)
class Ends:
    """Medians of the raw values at both ends of a trend, which its reader can recompute.

    Attributes:
        before, after: the medians.
        points: finite values at each end; None where both ends are twelve calendar months.
    """

    before: float
    after: float
    points: int | None


def candidates(facts: Facts) -> list[Candidate]:
    """Write the trend, if there is one beside the changes of level and the raw values show it."""
    levelled = facts.usual.copy()
    for shift in facts.detection.profile.level_shifts:
        levelled[shift.at :] -= shift.change
    trend = find(facts.wall, levelled)
    if trend is None:
        return []
    ends = _ends(facts.wall, facts.complete, trend)
    beside_steps = _ends(facts.wall, levelled, trend)
    if not all(_goes(one, trend) and _matters(facts, one) for one in (ends, beside_steps)):
        return []
    return [_sentence(facts, trend, ends)]


def _goes(ends: Ends, trend: Trend) -> bool:
    """Whether the ends differ in the trend's direction; not where one of them is empty."""
    return (ends.after - ends.before) * trend.slope > 0


def _ends(wall: Times, values: Floats, trend: Trend) -> Ends:
    """Take the first and last year of two and more, so that no season makes the difference, else eighths."""
    at = np.flatnonzero(np.isfinite(values))
    at = at[(at >= trend.start) & (at <= trend.end)]
    if wall[trend.end] - wall[trend.start] >= 2 * YEAR:
        first = wall[at] < _months_from(wall[trend.start], MONTH)
        last = wall[at] > _months_from(wall[trend.end], -MONTH)
        return Ends(float(np.median(values[at[first]])), float(np.median(values[at[last]])), None)
    points = max(len(at) // EIGHTH, 1)
    return Ends(float(np.median(values[at[:points]])), float(np.median(values[at[-points:]])), points)


def _months_from(at: np.datetime64, months: int) -> np.datetime64:
    month = at.astype("datetime64[M]")
    moved: np.datetime64 = np.datetime64(month + months, "us") + (at - month.astype(at.dtype))
    return moved


def find(wall: Times, values: Floats) -> Trend | None:
    """Test for a trend by Mann-Kendall (Mann 1945) on batch means, with Theil and Sen's slope (Sen 1968).

    Series of two years and more are reduced to months and freed of their yearly season first; then all are
    averaged in at most 24 blocks, so that neither noise that remembers nor a daily or weekly season makes a trend.

    Args:
        wall: wall-clock times, ascending.
        values: NaN where there is none.
    """
    at = np.flatnonzero(np.isfinite(values))
    if len(at) < FEWEST_BLOCKS:
        return None
    scale = float(np.abs(values[at]).max()) or 1.0  # so that no sum overflows
    place, level = at.astype(np.float64), values[at] / scale
    if wall[at[-1]] - wall[at[0]] >= 2 * YEAR:
        place, level = _monthly(wall[at], place, level)
    place, level = _batches(place, level)
    if len(level) < FEWEST_BLOCKS:
        return None
    tau, chance = scipy.stats.kendalltau(place, level)
    if not chance < SIGNIFICANT or abs(tau) < STEADY:
        return None
    bend = _bend(place, level)
    part = slice(bend, None)
    slope, _, _, _ = scipy.stats.theilslopes(level[part], place[part])
    if slope == 0 or (bend and slope * tau < 0):
        return None
    start, end = (int(at[0]) if not bend else round(float(place[bend]))), int(at[-1])
    return Trend(start=start, end=end, slope=float(slope), bent=bend > 0, tau=float(tau))


def _monthly(wall: Times, place: Floats, level: Floats) -> tuple[Floats, Floats]:
    """Average by calendar month and take the months' own level out.

    The level of each month is its median after the slope between years is removed (the seasonal Kendall slope:
    Hirsch, Slack & Smith 1982), so that a trend is not taken for a season.
    """
    month = wall.astype("datetime64[M]").astype(np.int64)
    unique, inverse = np.unique(month, return_inverse=True)
    counts = np.bincount(inverse)
    means = np.bincount(inverse, weights=level) / counts
    centers = np.bincount(inverse, weights=place) / counts
    name = unique % MONTH
    slopes = [_pairs(unique[name == m], means[name == m]) for m in np.unique(name)]
    slope = float(np.median(np.concatenate(slopes))) if any(len(s) for s in slopes) else 0.0
    flat = means - slope * (unique - unique[0])
    season = np.array([np.median(flat[name == m]) for m in range(MONTH) if (name == m).any()])
    own = season[np.searchsorted(np.unique(name), name)]
    return centers, means - own + float(np.median(season))


def _pairs(time: Ints, level: Floats) -> Floats:
    first, second = np.triu_indices(len(time), k=1)
    return np.asarray((level[second] - level[first]) / (time[second] - time[first]))


def _batches(place: Floats, level: Floats) -> tuple[Floats, Floats]:
    """Average runs of equal numbers of points; few points stay as they are."""
    parts = min(BLOCKS, len(level))
    edges = np.linspace(0, len(level), parts + 1).round().astype(np.int64)
    counts = np.diff(edges)
    return np.add.reduceat(place, edges[:-1]) / counts, np.add.reduceat(level, edges[:-1]) / counts


def _bend(place: Floats, level: Floats) -> int:
    """Return the block at which the slope changes; 0 if one straight line does nearly as well.

    Least squares with one hinge, at every block in turn. Only a bend from (nearly) flat counts as a beginning:
    where the line rose before as well, the trend is as old as the series.
    """
    best, least = 0, math.inf
    straight = np.column_stack([np.ones_like(place), place])
    plain = _residual(straight, level)[0]
    for block in range(BEND_EDGE, len(level) - BEND_EDGE):
        hinge = np.maximum(place - place[block], 0.0)
        left, coefficients = _residual(np.column_stack([straight, hinge]), level)
        flat_before = abs(coefficients[1]) < 0.2 * abs(coefficients[1] + coefficients[2])
        if left < least and flat_before:
            best, least = block, left
    return best if least < BEND_GAIN * plain else 0


def _residual(design: Floats, level: Floats) -> tuple[float, Floats]:
    coefficients, *_ = np.linalg.lstsq(design, level, rcond=None)
    return float(((level - design @ coefficients) ** 2).sum()), np.asarray(coefficients, dtype=np.float64)


def _matters(facts: Facts, ends: Ends) -> bool:
    change = abs(ends.after - ends.before)
    finite = facts.usual[np.isfinite(facts.usual)]
    spread = TO_SIGMA * float(np.median(np.abs(finite - np.median(finite))))
    share = change / abs(ends.before) if facts.proportional and ends.before > 0 else math.inf
    return change >= LEAST_CHANGE * spread and share >= LEAST_SHARE


def _sentence(facts: Facts, trend: Trend, ends: Ends) -> Candidate:
    figures, times = facts.figures, facts.times
    change = ends.after - ends.before
    proportional = facts.proportional and ends.before > 0 and ends.after > 0
    share = abs(change) / ends.before if proportional else 0.0
    size = percent(share) if proportional else figures.distance(abs(change))
    if proportional and share >= MOST_SHARE:
        size = f"a factor of {number(ends.after / ends.before, 2)}"
    verb = "rose" if change > 0 else "fell"
    since = f"since {times.date(trend.start)}" if trend.bent else f"from {times.era(trend.start, trend.end)}"
    title = f"{facts.subject} {verb} by {size} {since}"
    margin = "12 months" if ends.points is None else times.counted(ends.points)
    text = f"The median of the first {margin} of that time is {figures.about(ends.before)}, "
    text += f"of the last {margin} {figures.about(ends.after)}."
    evidence = facts.evidence(
        trend.start,
        trend.end,
        before=ends.before,
        after=ends.after,
        change=change,
        change_pct=100 * change / ends.before if proportional else None,
        steadiness=trend.tau,
    )
    return candidate(WEIGHT, InsightCode.TREND, title, text, evidence)
