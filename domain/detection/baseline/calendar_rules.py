"""Sets of days that belong together by the calendar: the first of each month, the fourth Thursday of November.

Each rule names the days of a series that belong to it. Whether anything happens on them, ``calendar_days`` finds out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from domain.detection.prepared_series import FloatArray, IntArray
from domain.struct import Struct

DAY_SECONDS: Final = 86_400.0
DAYS_PER_WEEK: Final = 7
WORKING_DAYS: Final = 5
MARCH, APRIL = 3, 4  # Easter is on 22 March at the earliest, on 25 April at the latest
MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6
FROM_MONTH_END: Final = 3  # the last so many days of a month are rules of their own
EASTER_OFFSETS: Final = (-47, -46, -3, -2, -1, 0, 1, 39, 49, 50, 60)  # Shrove Tuesday to Corpus Christi
THANKSGIVING: Final = (11, 4, 3)  # month, which, weekday (Monday is 0): the fourth Thursday of November
AFTER_THANKSGIVING: Final = (1, 2, 3, 4)  # days: Black Friday to Cyber Monday
PAYDAYS: Final = (15, 25)  # paid on the working day before, if they fall on a weekend


class CalendarRule(StrEnum):
    """How the days of a calendar pattern are found."""

    MONTH_DAY = "month_day"  # number: day of the month
    MONTH_END = "month_end"  # number: days before the last one
    FIRST_WORKING_DAY = "first_working_day"
    LAST_WORKING_DAY = "last_working_day"
    PAYDAY = "payday"  # number: day of the month, or the working day before
    NTH_WEEKDAY = "nth_weekday"  # number: which of the month, weekday
    YEARLY_DATE = "yearly_date"  # month, number: day
    YEARLY_OBSERVED = "yearly_observed"  # month, number: day, or the working day next to the weekend it falls on
    YEARLY_NTH_WEEKDAY = "yearly_nth_weekday"  # month, number, weekday; offset in days after it
    EASTER = "easter"  # offset in days from Easter Sunday
    EASTER_MONTH = "easter_month"  # month: a March with Easter, or an April without it
    NAMED = "named"  # a public holiday or an event of the user, by its name

    @property
    def of_months(self) -> bool:
        """Whether it names months, not days."""
        return self is CalendarRule.EASTER_MONTH

    @property
    def yearly(self) -> bool:
        """Whether its days come at most a few times a year, not every month."""
        return self in YEARLY


YEARLY: Final = frozenset(
    {
        CalendarRule.YEARLY_DATE,
        CalendarRule.YEARLY_OBSERVED,
        CalendarRule.YEARLY_NTH_WEEKDAY,
        CalendarRule.EASTER,
        CalendarRule.EASTER_MONTH,
        CalendarRule.NAMED,
    }
)


class CalendarDay(Struct, frozen=True):
    """A rule with its figures; those that it does not need are None."""

    rule: CalendarRule
    number: int | None = None
    month: int | None = None
    weekday: int | None = None
    offset: int | None = None
    name: str | None = None


class NamedDay(Struct, frozen=True):
    """A date (days since 1970-01-01) on which something with a name happens: a public holiday, an event."""

    day: int
    name: str


@dataclass(frozen=True, slots=True)
class Dates:
    """The calendar parts of each point's wall-clock date; Monday is weekday 0."""

    day: IntArray
    year: IntArray
    month: IntArray
    of_month: IntArray
    in_month: IntArray
    weekday: IntArray


def dates_of(seconds: FloatArray) -> Dates:
    """Split wall-clock times (seconds since the epoch) into calendar parts."""
    day = np.floor(seconds / DAY_SECONDS).astype(np.int64)
    date = day.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    first = month.astype("datetime64[D]").astype(np.int64)
    following = (month + 1).astype("datetime64[D]").astype(np.int64)
    number = month.astype(np.int64)
    return Dates(day, 1970 + number // 12, 1 + number % 12, 1 + day - first, following - first, (day + 3) % 7)


def easter(years: IntArray) -> IntArray:
    """Return Easter Sunday (days since 1970-01-01) of Gregorian years: the anonymous algorithm (Meeus 1991, ch. 8)."""
    a, b, c = years % 19, years // 100, years % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    rest = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * rest) // 433
    month = (h + rest - 7 * m + 90) // 25
    day = (h + rest - 7 * m + 33 * month + 19) % 32
    start = ((years - 1970) * 12 + month - 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return np.asarray(start + day - 1, dtype=np.int64)


Places = npt.NDArray[np.int64]


def monthly_rules(dates: Dates) -> Iterator[tuple[CalendarDay, Places]]:
    """Yield the rules that hold every month, with the positions of their days."""
    for number in range(FROM_MONTH_END):
        yield CalendarDay(CalendarRule.MONTH_END, number), _at(dates.in_month - dates.of_month == number)
    for number in range(1, 32):
        yield CalendarDay(CalendarRule.MONTH_DAY, number), _at(dates.of_month == number)
    month = dates.year * 12 + dates.month
    working = np.flatnonzero(dates.weekday < WORKING_DAYS)
    last = working[np.flatnonzero(np.diff(month[working], append=-1) != 0)]
    first = working[np.flatnonzero(np.diff(month[working], prepend=-1) != 0)]
    # The first and the last month may have begun before, or go on after, the series.
    early = dates.of_month[first] <= DAYS_PER_WEEK
    late = dates.in_month[last] - dates.of_month[last] < DAYS_PER_WEEK
    yield CalendarDay(CalendarRule.FIRST_WORKING_DAY), first[early]
    yield CalendarDay(CalendarRule.LAST_WORKING_DAY), last[late]
    for number in PAYDAYS:
        before = number - dates.of_month
        on_friday = (dates.weekday == WORKING_DAYS - 1) & (before >= 0) & (before <= 2)  # noqa: PLR2004 - a weekend
        paid = (dates.weekday < WORKING_DAYS) & ((before == 0) | on_friday)
        yield CalendarDay(CalendarRule.PAYDAY, number), _at(paid)
    which = (dates.of_month - 1) // DAYS_PER_WEEK + 1
    for weekday in range(DAYS_PER_WEEK):
        for number in range(1, 5):
            day = CalendarDay(CalendarRule.NTH_WEEKDAY, number, weekday=weekday)
            yield day, _at((which == number) & (dates.weekday == weekday))


def yearly_rules(dates: Dates, named: tuple[NamedDay, ...]) -> Iterator[tuple[CalendarDay, Places]]:
    """Yield the rules that hold once a year, named ones first, with the positions of their days."""
    for name in dict.fromkeys(item.name for item in named):
        days = np.array([item.day for item in named if item.name == name], dtype=np.int64)
        yield CalendarDay(CalendarRule.NAMED, name=name), _at(np.isin(dates.day, days))
    from_easter = dates.day - easter(dates.year)
    for offset in EASTER_OFFSETS:
        yield CalendarDay(CalendarRule.EASTER, offset=offset), _at(from_easter == offset)
    date = dates.month * 32 + dates.of_month
    yield from _grouped(date, _yearly_date)
    # A holiday that falls on a weekend changes little: working days by themselves.
    working = np.flatnonzero(dates.weekday < WORKING_DAYS)
    for day, at in _grouped(date[working], _yearly_date):
        yield day, working[at]
    yield from _observed(dates)
    which = (dates.of_month - 1) // DAYS_PER_WEEK + 1
    yield from _grouped((dates.month * 8 + which) * 8 + dates.weekday, _yearly_weekday)
    month, number, weekday = THANKSGIVING
    for offset in AFTER_THANKSGIVING:
        earlier = dates_of(np.asarray((dates.day - offset) * DAY_SECONDS, dtype=np.float64))
        on_it = (earlier.month == month) & (earlier.weekday == weekday)
        on_it &= (earlier.of_month - 1) // DAYS_PER_WEEK + 1 == number
        yield CalendarDay(CalendarRule.YEARLY_NTH_WEEKDAY, number, month, weekday, offset), _at(on_it)


def easter_months(dates: Dates) -> Iterator[tuple[CalendarDay, Places]]:
    """Yield the months that differ by where Easter lies, of a series of months: about one year in four."""
    early = dates_of(np.asarray(easter(dates.year) * DAY_SECONDS, dtype=np.float64)).month == MARCH
    for month in (MARCH, APRIL):
        yield CalendarDay(CalendarRule.EASTER_MONTH, month=month), _at(early & (dates.month == month))


def _observed(dates: Dates) -> Iterator[tuple[CalendarDay, Places]]:
    """Yield dates that are kept on the Friday before or the Monday after, in years in which they fall on a weekend."""
    meant = dates.day + np.select([dates.weekday == FRIDAY, dates.weekday == MONDAY], [1, -1], 0)
    moved = dates_of(np.asarray(meant * DAY_SECONDS, dtype=np.float64))
    own, other = (parts.month * 32 + parts.of_month for parts in (dates, moved))
    on_weekend = np.isin(moved.weekday, (SATURDAY, SUNDAY)) & (dates.weekday < WORKING_DAYS)
    at = np.concatenate([np.flatnonzero(dates.weekday < WORKING_DAYS), np.flatnonzero(on_weekend)])
    keys = np.concatenate([own[dates.weekday < WORKING_DAYS], other[on_weekend]])
    for day, places in _grouped(keys, _yearly_observed):
        yield day, np.sort(at[places])


def _yearly_observed(key: int) -> CalendarDay:
    return CalendarDay(CalendarRule.YEARLY_OBSERVED, key % 32, key // 32)


def _yearly_date(key: int) -> CalendarDay:
    return CalendarDay(CalendarRule.YEARLY_DATE, key % 32, key // 32)


def _yearly_weekday(key: int) -> CalendarDay:
    return CalendarDay(CalendarRule.YEARLY_NTH_WEEKDAY, key // 8 % 8, key // 64, key % 8, 0)


def _grouped(keys: IntArray, day_of: Callable[[int], CalendarDay]) -> Iterator[tuple[CalendarDay, Places]]:
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.diff(keys[order], prepend=-1))
    for places in np.split(order, starts[1:]):
        if len(places) > 1:
            yield day_of(int(keys[places[0]])), places


def _at(chosen: npt.NDArray[np.bool_]) -> Places:
    return np.flatnonzero(chosen)
