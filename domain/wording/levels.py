"""Levels of a series as medians of its raw values, so that a sentence about them can be recomputed by its reader."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from domain.timeseries.aggregation import Floats

FEWEST: Final = 3  # values; the median of fewer is one of them or a mean of two
USUAL: Final = 30  # values on each side, unless a season is longer: about a month of days
CONFIRMED: Final = 0.5  # of the detected change must show in the medians, and no later block may lose as much of it


@dataclass(frozen=True, slots=True)
class LevelChange:
    """Medians on either side of a change.

    Attributes:
        points: finite values on each side.
        before, after: their medians.
        lasts: whether every later stretch of as many values stays nearer to ``after`` (see ``stays``).
    """

    points: int
    before: float
    after: float
    lasts: bool


@dataclass(frozen=True, slots=True)
class LevelReturn:
    """Medians of as many ``points`` before a stretch on another level and after it."""

    points: int
    before: float
    after: float


def return_after(values: Floats, start: int, end: int, periods: tuple[int, ...]) -> LevelReturn | None:
    """Compare the medians on both sides of a stretch on another level, from ``start`` to ``end`` (inclusive).

    Returns:
        None if there are fewer than three values on a side, or if the medians do not show that more than half of the
        change is taken back.
    """
    parts = (values[:start], values[start : end + 1], values[end + 1 :])
    earlier, inside, later = (part[np.isfinite(part)] for part in parts)
    points = _window(min(len(earlier), len(later)), periods)
    if points < FEWEST or not len(inside):
        return None
    before, during, after = (float(np.median(part)) for part in (earlier[-points:], inside, later[:points]))
    return LevelReturn(points, before, after) if abs(after - before) < CONFIRMED * abs(during - before) else None


def change_at(values: Floats, at: int, since: int, until: int, periods: tuple[int, ...]) -> LevelChange | None:
    """Compare the medians on both sides of a position.

    Args:
        values: of the series, NaN where there is none.
        at: the first position of the new level.
        since: where the earlier level begins: at the change before, or 0.
        until: where the new level ends (excluded): at the next change, or the end.
        periods: seasonal periods in points: both sides then hold whole cycles of the longest that fits.

    Returns:
        None if there are fewer than three values on a side.
    """
    earlier = values[since:at][np.isfinite(values[since:at])]
    later = values[at:until][np.isfinite(values[at:until])]
    points = _window(min(len(earlier), len(later)), periods)
    if points < FEWEST:
        return None
    before, after = float(np.median(earlier[-points:])), float(np.median(later[:points]))
    return LevelChange(points=points, before=before, after=after, lasts=stays(later, points, before, after))


def stays(later: Floats, points: int, before: float, after: float) -> bool:
    """Whether the median of each later stretch lies within half the change of the new level.

    Args:
        later: finite values from the change on.
        points: the least length of a stretch; the values are split into equal ones.
        before: the earlier level.
        after: the new level.
    """
    blocks = np.array_split(later, max(1, len(later) // points))
    return all(abs(float(np.median(block)) - after) <= CONFIRMED * abs(after - before) for block in blocks)


def confirms(change: LevelChange, detected: float) -> bool:
    """Whether raw medians show at least half of a detected change, in its direction."""
    shown = change.after - change.before
    return shown * detected > 0 and abs(shown) >= CONFIRMED * abs(detected)


def _window(available: int, periods: tuple[int, ...]) -> int:
    fitting = [period for period in periods if period <= available]
    if not fitting:
        return min(available, USUAL)
    longest = max(fitting)
    return longest * max(1, min(available, USUAL) // longest)
