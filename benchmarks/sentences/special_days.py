"""Sentences on days that the calendar names: that the day is one of that name, and that there are as many such days."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import numpy as np

from benchmarks.sentences.points import Points, Subject, peak_of
from domain.wording.formatting import MONTH_NAMES, WEEKDAY_NAMES

ORDER: Final = ("zeroth", "first", "second", "third", "fourth", "fifth")
AROUND: Final = 4  # days on each side that a special day is compared with
MOSTLY: Final = 0.6
FROM_EASTER: Final = {
    "Shrove Tuesday": -47,
    "Ash Wednesday": -46,
    "Maundy Thursday": -3,
    "Good Friday": -2,
    "the day before Easter": -1,
    "Easter Sunday": 0,
    "Easter Monday": 1,
    "Ascension Day": 39,
    "Whit Sunday": 49,
    "Whit Monday": 50,
    "Corpus Christi": 60,
}
FROM_THANKSGIVING: Final = {"Thanksgiving Day": 0, "Black Friday": 1, "Cyber Monday": 4}


def kind_of_day(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check ``This day is 25 December; on 4 such days here the series differs in the same direction``."""
    peak = peak_of(points, subject)
    days = [date.fromisoformat(str(day)) for day in points.wall.astype("datetime64[D]")]
    name = match["event"] or match["day"]
    inside = np.array([_is(points, day, name, event=match["event"] is not None) for day in days])
    if not inside[peak]:
        return False
    claimed = match["alike"] or match["unlike"]
    if claimed is None:
        return True
    kind = np.flatnonzero(inside & np.isfinite(points.value))
    if int(claimed.replace(",", "")) > len(kind):
        return False
    sides = np.array([_side(points, int(at)) for at in kind])
    return match["alike"] is None or float((sides == _side(points, peak)).mean()) >= MOSTLY


def _side(points: Points, at: int) -> float:
    near = np.r_[points.value[max(at - AROUND, 0) : at], points.value[at + 1 : at + 1 + AROUND]]
    return float(np.sign(points.value[at] - np.nanmedian(near)))


def _is(points: Points, day: date, name: str, *, event: bool) -> bool:
    if event:
        return _named(points, day, name)
    if name in FROM_EASTER:
        return day - _easter(day.year) == timedelta(days=FROM_EASTER[name])
    if name in FROM_THANKSGIVING:
        earlier = day - timedelta(days=FROM_THANKSGIVING[name])
        return earlier.month == 11 and earlier.weekday() == 3 and (earlier.day - 1) // 7 == 3
    for pattern, check in DAYS:
        match = re.fullmatch(pattern, name)
        if match is not None:
            return check(day, match)
    return False


def _named(points: Points, day: date, name: str) -> bool:
    settings = points.analysis.settings
    if any(one.name == name and one.date == day.isoformat() for one in settings.events):
        return True
    import holidays  # noqa: PLC0415 - a slow import that few files need

    if settings.country is None:
        return False
    return name in str(holidays.country_holidays(settings.country, years=day.year, language="en_US").get(day))


def _easter(year: int) -> date:
    """Return Easter Sunday by Gauss's rule with Lichtenberg's exceptions, not by the rule that the product uses."""
    century = year // 100
    moon = 15 + (3 * century + 3) // 4 - (8 * century + 13) // 25
    sun = 2 - (3 * century + 3) // 4
    cycle = year % 19
    seed = (19 * cycle + moon) % 30
    limit = seed // 29 + (seed // 28 - seed // 29) * (cycle // 11)
    full = 21 + seed - limit
    sunday = 7 - (year + year // 4 + sun) % 7
    return date(year, 3, 1) + timedelta(days=full + 7 - (full - sunday) % 7 - 1)


def _last(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _nth(day: date, match: re.Match[str]) -> bool:
    after = timedelta(days=int(match["after"] or 0))
    earlier = day - after
    month = match["month"]
    return (
        WEEKDAY_NAMES[earlier.weekday()] == match["weekday"]
        and ORDER[(earlier.day - 1) // 7 + 1] == match["which"]
        and (month == "the month" or MONTH_NAMES[earlier.month - 1] == month)
    )


def _working(day: date, match: re.Match[str]) -> bool:
    step = 1 if match[1] == "last" else -1
    following = day + timedelta(days=step)
    while following.weekday() >= 5:
        following += timedelta(days=step)
    return day.weekday() < 5 and following.month != day.month


def _payday(day: date, match: re.Match[str]) -> bool:
    paid = day.replace(day=int(match[1]))
    while paid.weekday() >= 5:
        paid -= timedelta(days=1)
    return day == paid


def _observed(day: date, match: re.Match[str]) -> bool:
    """Whether a working day is the date, or is next to the weekend on which the date falls."""
    if day.weekday() >= 5:
        return False
    beside = {0: -1, 4: 1}.get(day.weekday(), 0)
    meant = (day, day + timedelta(days=beside))
    return any(one.day == int(match[1]) and MONTH_NAMES[one.month - 1] == match[2] for one in meant)


def _from_easter(day: date, match: re.Match[str]) -> bool:
    away = int(match[1]) * (-1 if match[2] == "before" else 1)
    return (day - _easter(day.year)).days == away


DAYS: Final[tuple[tuple[str, Callable[[date, re.Match[str]], bool]], ...]] = (
    (r"(\d+) ([A-Z]\w+)", lambda day, m: day.day == int(m[1]) and MONTH_NAMES[day.month - 1] == m[2]),
    (r"(\d+) ([A-Z]\w+) or the working day next to it", _observed),
    (r"a March with Easter", lambda day, _: (day.month, _easter(day.year).month) == (3, 3)),
    (r"an April without Easter", lambda day, _: (day.month, _easter(day.year).month) == (4, 3)),
    (r"the last day of the month", lambda day, _: day == _last(day)),
    (r"(\d+) days? before the month ends", lambda day, m: (_last(day) - day).days == int(m[1])),
    (r"day (\d+) of the month", lambda day, m: day.day == int(m[1])),
    (r"day (\d+) of the month, or the working day before", _payday),
    (r"the (first|last) working day of the month", _working),
    (
        r"(?:(?P<after>\d+) days? after )?the (?P<which>\w+) (?P<weekday>[A-Z]\w+) of (?P<month>the month|[A-Z]\w+)",
        _nth,
    ),
    (r"(\d+) days? (before|after) Easter", _from_easter),
)
