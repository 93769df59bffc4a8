"""Points by their place in the calendar: the hour of the day, the day of the week, the month of the year."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from domain.timeseries.aggregation import Ints, Times

CYCLES: Final = 2  # times a group must come round before anything can be said of it
DAY: Final = np.timedelta64(1, "D")
WEEKEND: Final = (5, 6)  # Saturday and Sunday among the groups of weekdays


class CalendarUnit(StrEnum):
    """By what points are grouped."""

    HOUR = "hour"
    WEEKDAY = "weekday"
    MONTH = "month"


GROUPS: Final = {CalendarUnit.HOUR: 24, CalendarUnit.WEEKDAY: 7, CalendarUnit.MONTH: 12}


@dataclass(frozen=True, slots=True)
class Grouping:
    """Points sorted by their place in the calendar.

    Attributes:
        by: the unit.
        index: group of each point in calendar order, 0 to ``GROUPS[by]`` - 1: weeks from Monday, years from January.
    """

    by: CalendarUnit
    index: Ints


def groupings(wall: Times) -> tuple[Grouping, ...]:
    """Return the calendar groupings that the cadence and the length of a series allow.

    Hours need steps within the day, weekdays steps of at most a day, months steps of at most a month; each needs
    the series to span at least two of its cycles (two days, two weeks, two years).

    Args:
        wall: naive wall-clock times in ascending order, without those of missing points.
    """
    if len(wall) < 2:  # noqa: PLR2004 - one point has no step
        return ()
    span, step = wall[-1] - wall[0], np.median(np.diff(wall).astype(np.int64)).astype("timedelta64[us]")
    grouped = []
    if step < DAY and span >= CYCLES * DAY:
        grouped.append(Grouping(CalendarUnit.HOUR, hours(wall)))
    if step <= DAY and span >= CYCLES * 7 * DAY:
        grouped.append(Grouping(CalendarUnit.WEEKDAY, weekdays(wall)))
    if step <= 31 * DAY and span >= CYCLES * 365 * DAY:
        grouped.append(Grouping(CalendarUnit.MONTH, months(wall)))
    return tuple(grouped)


def hours(wall: Times) -> Ints:
    """Return the hour of the day, 0 to 23."""
    return (wall.astype("datetime64[h]").astype(np.int64) % 24).astype(np.int64)


def weekdays(wall: Times) -> Ints:
    """Return the day of the week, 0 for Monday (1970-01-01 was a Thursday)."""
    return ((wall.astype("datetime64[D]").astype(np.int64) + 3) % 7).astype(np.int64)


def months(wall: Times) -> Ints:
    """Return the month, 0 for January."""
    return (wall.astype("datetime64[M]").astype(np.int64) % 12).astype(np.int64)
