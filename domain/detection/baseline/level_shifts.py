"""Level shifts: one change for good is one finding, not a thousand outliers after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from domain.detection.prepared_series import FloatArray
from domain.detection.robust_stats import TO_SIGMA, running_median, spread

FEWEST: Final = 24  # points in which three windows of eight find place
CLEAR: Final = 5.5  # times the usual difference between neighbouring windows
LARGE: Final = 3.0  # and robust deviations of the noise
LARGE_IF_SURE: Final = 2.0  # fewer will do if it is clearer still:
SURE: Final = 8.0
MOST: Final = 8  # a series with so many has a life of its own: none is reported, the trend takes them
MEDIAN_SPREAD: Final = 1.2533  # sqrt(pi / 2): a median's standard error is this much larger than a mean's
ABRUPT: Final = 0.6  # share of the change that the next few points show against the last few
NEXT_FEW: Final = 5
SHORTEST: Final = 9  # points that can be a level: the smallest window
SHORT_LEVEL: Final = 1.5  # windows: a longer one is believed
ON_IT: Final = 0.8  # share of a short level's points that are nearer to it than to the level beside it
SHORT_SEASON: Final = 24  # longer seasons leave more than a short window can average
NOISE_WINDOW: Final = 15


@dataclass(frozen=True, slots=True)
class Shift:
    """From ``at`` on the level is ``change`` higher, on the scale of judgement; ``clarity`` > 5.5 unless declared."""

    at: int
    change: float
    clarity: float
    window: int
    declared: bool = False


def find(rest: FloatArray, period: int, least: float, starts: Sequence[int] = ()) -> tuple[list[Shift], FloatArray]:
    """Find the shifts of a deseasonalised series.

    Medians of neighbouring windows are compared, the clearest difference is taken out, and again: binary segmentation
    (Scott & Knott 1974) with medians for means. What is usual between windows is measured on the series itself, so a
    random walk, which differs everywhere, has no shift, and neither has a steady trend.

    Args:
        rest: the series without its season.
        period: its shortest season in points, 0 if none.
        least: no noise is taken to be smaller.
        starts: where the user says that a new level starts: shifts whatever the test sees.

    Returns:
        The shifts in order of time, and the level they make per point, zero before the first.
    """
    n = len(rest)
    shifts_found, level = declared(rest, starts)
    if n < FEWEST:
        return shifts_found, level
    windows = {int(np.clip(n / 12, 8, 200)) | 1}
    if period <= SHORT_SEASON:
        windows.add(int(np.clip(n / 40, 8, 60)) | 1)
    most = MOST + len(shifts_found)
    while len(shifts_found) < most:
        candidates = (_clearest(rest - level, w, least) for w in sorted(windows))
        clear = [c for c in candidates if c is not None]
        if not clear:
            return _lasting(rest, sorted(shifts_found, key=lambda s: s.at), level)
        best = max(clear, key=lambda s: s.clarity)
        shifts_found.append(best)
        level[best.at :] += best.change
    return declared(rest, starts)


def _lasting(rest: FloatArray, shifts: list[Shift], level: FloatArray) -> tuple[list[Shift], FloatArray]:
    """Leave out levels that are none: outliers near each other that moved a window's median.

    Without this a few neighbours among many spikes would be a level of their own, and hide each other. A stretch
    between two shifts is looked at first, then the two at the ends.
    """
    lasting: list[Shift] = []
    for shift in shifts:
        before = lasting[-1] if lasting else shift
        pair = not before.declared and not shift.declared and before.change * shift.change < 0
        window = min(before.window, shift.window)
        if pair and _is_outlier_cluster(rest[before.at : shift.at], rest[shift.at :], shift.change, window):
            level[before.at : shift.at] -= before.change
            level[shift.at :] -= before.change + shift.change
            lasting.pop()
        else:
            lasting.append(shift)
    first = lasting[0] if lasting else None
    if (
        first
        and not first.declared
        and _is_outlier_cluster(rest[: first.at], rest[first.at :], first.change, first.window)
    ):
        level[: first.at] += first.change
        lasting.pop(0)
    last = lasting[-1] if lasting else None
    if (
        last
        and not last.declared
        and _is_outlier_cluster(rest[last.at :], rest[: last.at][::-1], -last.change, last.window)
    ):
        level[last.at :] -= last.change
        lasting.pop()
    return lasting, level


def _is_outlier_cluster(part: FloatArray, beside: FloatArray, away: float, window: int) -> bool:
    """Whether a stretch is too short for a level, or too few of its points are on it.

    Args:
        part: the stretch.
        beside: what lies on the other side of its shift, the nearest point first.
        away: how far that is from the stretch's level, signed.
        window: of the shift.
    """
    if len(part) > SHORT_LEVEL * window:
        return False
    other = part - np.median(beside[:window])
    on_it = np.abs(other + away) < np.abs(other)
    return len(part) < max(window // 2, SHORTEST) or float(on_it.mean()) < ON_IT


def declared(rest: FloatArray, starts: Sequence[int]) -> tuple[list[Shift], FloatArray]:
    """Return the shifts that the user declared, and their level: medians of the neighbourhood on either side."""
    n = len(rest)
    level = np.zeros(n)
    shifts_found: list[Shift] = []
    bounds = [0, *sorted({start for start in starts if 0 < start < n}), n]
    width = int(np.clip(n / 40, 8, 60)) | 1
    for before, at, after in zip(bounds, bounds[1:], bounds[2:], strict=False):
        change = float(np.median(rest[at : min(after, at + width)]) - np.median(rest[max(before, at - width) : at]))
        shifts_found.append(Shift(at, change, 0.0, width, declared=True))
        level[at:] += change
    return shifts_found, level


def _clearest(rest: FloatArray, window: int, least: float) -> Shift | None:
    """Return the clearest change between neighbouring windows, if it is one."""
    n, half = len(rest), window // 2
    if n < 2 * window + 1:
        return None
    medians = running_median(rest, window)
    at = np.arange(window, n - window + 1)
    difference = medians[np.minimum(at + half, n - 1)] - medians[at - 1 - half]
    difference = difference - np.median(difference)  # a steady trend is no shift
    short = spread(rest - running_median(rest, min(window, NOISE_WINDOW)))
    noise = max(short, spread(np.diff(rest)) / np.sqrt(2.0), least)
    place = int(np.argmax(np.abs(difference)))
    away = np.abs(at - at[place]) > window
    usual = TO_SIGMA * float(np.median(np.abs(difference[away]))) if away.sum() > window else 0.0
    usual = max(usual, MEDIAN_SPREAD * noise * np.sqrt(2.0 / window))
    size = abs(float(difference[place]))
    if usual <= 0 or size <= CLEAR * usual:
        return None
    if size <= (LARGE_IF_SURE if size > SURE * usual else LARGE) * noise:
        return None
    where = _refined(rest, int(at[place]), window)
    change = float(difference[place])
    return Shift(where, change, size / usual, window) if _abrupt(rest, where, change) else None


def _refined(rest: FloatArray, at: int, window: int) -> int:
    """Return the cut near ``at`` that two medians explain best (least absolute error)."""
    low, high = max(at - window, 0), min(at + window, len(rest))
    before, after = np.median(rest[low:at]), np.median(rest[at:high])
    part = rest[low:high]
    worse = np.abs(part - before) - np.abs(part - after)  # positive where "after" fits better
    error = np.concatenate([[0.0], np.cumsum(worse)])  # of calling the first k points "before"
    return low + int(np.argmin(error))


def _abrupt(rest: FloatArray, at: int, change: float) -> bool:
    """Whether the next few points show most of the change already."""
    if at < NEXT_FEW or at > len(rest) - NEXT_FEW:
        return False
    step = float(np.median(rest[at : at + NEXT_FEW]) - np.median(rest[at - NEXT_FEW : at]))
    return bool(step * np.sign(change) >= ABRUPT * abs(change))
