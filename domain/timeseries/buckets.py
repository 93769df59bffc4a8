"""Calendar buckets in a time zone, as arrays."""

from typing import Final

import numpy as np

from domain.timeseries.aggregation import Granularity, Ints
from domain.timeseries.timezones import DAY_US, SECOND_US, offsets, to_instants

MINUTE_US: Final = 60 * SECOND_US
HOUR_US: Final = 3_600 * SECOND_US
SHORT_US: Final = {Granularity.MINUTE: MINUTE_US, Granularity.HOUR: HOUR_US}
MONTHS: Final = {Granularity.MONTH: 1, Granularity.QUARTER: 3, Granularity.YEAR: 12}
_MONDAY: Final = 4  # 1970-01-05 was a Monday


def bucket_starts(instants: Ints, granularity: Granularity, time_zone: str) -> Ints:
    """Return the instant at which the bucket of each instant begins.

    Minutes and hours are those of the wall clock, told apart by instant: the hour that a clock shows twice is two
    buckets. Days and longer begin at local midnight, weeks on Monday (ISO 8601).

    Args:
        instants: microseconds since the epoch.
        granularity: resolved; ``native`` gives the instants themselves.
        time_zone: IANA name.
    """
    if granularity is Granularity.NATIVE or len(instants) == 0:
        return instants.copy()
    shift = offsets(time_zone, int(instants.min()), int(instants.max())).at(instants)
    local = instants + shift
    if granularity in SHORT_US:
        return local - local % SHORT_US[granularity] - shift
    unique, inverse = np.unique(ordinals(local, granularity), return_inverse=True)
    return to_instants(ordinal_starts(unique, granularity), time_zone)[inverse]


def ordinals(local: Ints, granularity: Granularity) -> Ints:
    """Number wall-clock times (microseconds) by day, week, month, quarter or year; neighbours differ by one."""
    days = local // DAY_US
    if granularity is Granularity.DAY:
        return days
    if granularity is Granularity.WEEK:
        return (days - _MONDAY) // 7
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months // MONTHS[granularity]


def ordinal_starts(numbers: Ints, granularity: Granularity) -> Ints:
    """Return the wall-clock start (microseconds) of days, weeks, months, quarters or years by number."""
    if granularity is Granularity.DAY:
        return numbers * DAY_US
    if granularity is Granularity.WEEK:
        return (numbers * 7 + _MONDAY) * DAY_US
    months = (numbers * MONTHS[granularity]).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64) * DAY_US


def bucket_ends(starts: Ints, granularity: Granularity, time_zone: str) -> Ints:
    """Return the instant at which each bucket (given by its start) ends: the next one's start.

    Args:
        starts: instants, microseconds since the epoch.
        granularity: a calendar unit, not ``native``.
        time_zone: IANA name.
    """
    if granularity in SHORT_US:
        return starts + SHORT_US[granularity]
    if len(starts) == 0:
        return starts.copy()
    # Half a day in: a bucket that begins late (its midnight is skipped) still belongs to its own day.
    middle = starts + DAY_US // 4
    local = middle + offsets(time_zone, int(middle.min()), int(middle.max())).at(middle)
    return to_instants(ordinal_starts(ordinals(local, granularity) + 1, granularity), time_zone)


def all_starts(first: int, last: int, granularity: Granularity, time_zone: str) -> Ints:
    """Return every bucket start from one bucket's start to another's, both included (instants, microseconds)."""
    if granularity in SHORT_US:
        unit = SHORT_US[granularity]
        count = (last - first) // unit + 1
        grid = first + unit * np.arange(count, dtype=np.int64)
        return np.unique(np.append(bucket_starts(grid, granularity, time_zone), last))
    ends = np.array([first, last], dtype=np.int64) + DAY_US // 4
    local = ends + offsets(time_zone, int(ends[0]), int(ends[1])).at(ends)
    low, high = ordinals(local, granularity)
    return to_instants(ordinal_starts(np.arange(low, high + 1, dtype=np.int64), granularity), time_zone)
