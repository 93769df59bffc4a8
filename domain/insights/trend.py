"""The long run: by how much the level rose or fell, and since when."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy  # scipy.stats itself is loaded at its first use: it would double the time to start

from domain.insights.facts import Candidate, Facts, InsightCode, candidate
from domain.summary import Floats, Ints, Times
from domain.wording import duration, percent

SIGNIFICANT: Final = 0.001  # chance of a claim where there is no trend
STEADY: Final = 0.5  # least Kendall's tau of the blocks: three pairs in four go the way of the trend
BLOCKS: Final = 24  # batch means: long blocks hardly depend on each other, whatever the points do
FEWEST_BLOCKS: Final = 8
LEAST_CHANGE: Final = 0.5  # of the typical deviation of the points: less nobody sees in the chart
LEAST_SHARE: Final = 0.05  # and of the level, where that can be compared: less nobody acts upon
BEND_GAIN: Final = 0.5  # a bend must halve what the straight line leaves unexplained
BEND_EDGE: Final = 5  # blocks on either side of a bend
TO_SIGMA: Final = 1.4826  # the median absolute deviation of a Gaussian (Iglewicz & Hoaglin 1993)
WEIGHT: Final = 76.0
EIGHTH: Final = 8
YEAR: Final = np.timedelta64(365, "D")
MONTH: Final = 12


@dataclass(frozen=True, slots=True)
class Trend:
    """A trend that was found, in terms of positions in the series.

    Attributes:
        start, end: first and last position of its stretch.
        before, after: mean of the points within ``margin`` of either end.
        margin: a whole year of a series of two and more, so that no season makes the difference, else an eighth.
        bent: whether the stretch begins later than the series.
        tau: Kendall's rank correlation of the blocks with time.
    """

    start: int
    end: int
    before: float
    after: float
    margin: np.timedelta64
    bent: bool
    tau: float


def tell(facts: Facts) -> list[Candidate]:
    """Tell the trend, if there is one beside the changes of level."""
    shifts = facts.detection.profile.level_shifts
    levelled = facts.usual.copy()
    for shift in shifts:
        levelled[shift.at :] -= shift.change
    trend = find(facts.wall, levelled)
    if trend is None or not _matters(facts, trend):
        return []
    return [_sentence(facts, trend, beside_steps=bool(shifts))]


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
    length = wall[end] - wall[start]
    margin = YEAR if length >= 2 * YEAR else (length / EIGHTH).astype("timedelta64[s]")
    early = (wall[at] >= wall[start]) & (wall[at] <= wall[start] + margin)
    late = wall[at] >= wall[end] - margin
    before, after = (float((values[at[ends]] / scale).mean()) * scale for ends in (early, late))
    if (after - before) * slope <= 0:
        return None
    return Trend(start=start, end=end, before=before, after=after, margin=margin, bent=bend > 0, tau=float(tau))


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


def _matters(facts: Facts, trend: Trend) -> bool:
    change = abs(trend.after - trend.before)
    finite = facts.usual[np.isfinite(facts.usual)]
    spread = TO_SIGMA * float(np.median(np.abs(finite - np.median(finite))))
    share = change / abs(trend.before) if facts.proportional and trend.before > 0 else math.inf
    return change >= LEAST_CHANGE * spread and share >= LEAST_SHARE


def _sentence(facts: Facts, trend: Trend, *, beside_steps: bool) -> Candidate:
    figures = facts.figures
    change = trend.after - trend.before
    proportional = facts.proportional and trend.before > 0 and trend.after > 0
    size = percent(abs(change) / trend.before) if proportional else figures.distance(abs(change))
    verb = "rose" if change > 0 else "fell"
    since = f" since {facts.date(trend.start)}" if trend.bent else ""
    title = f"{facts.subject} {verb} by {size}{since}"
    title += "" if trend.bent else f" from {facts.era(trend.start, trend.end)}"
    margin = "12 months" if trend.margin == YEAR else duration(float(trend.margin / np.timedelta64(1, "s")))
    text = "Apart from its steps, it" if beside_steps else "It"
    text += f" averaged {figures.about(trend.before)} in the first {margin} of that time"
    text += f" and {figures.about(trend.after)} in the last"
    text += "; before that it was nearly flat." if trend.bent else "."
    evidence = facts.evidence(
        trend.start,
        trend.end,
        before=trend.before,
        after=trend.after,
        change=change,
        change_pct=100 * change / trend.before if proportional else None,
        steadiness=trend.tau,
    )
    return candidate(WEIGHT, InsightCode.TREND, title, text, evidence)
