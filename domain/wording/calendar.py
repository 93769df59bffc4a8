"""Days of the calendar in words: "25 December", "the last day of the month", "Good Friday"."""

from collections.abc import Callable
from typing import Final

from domain.detection.baseline.calendar_rules import MARCH, CalendarDay, CalendarRule
from domain.detection.result import CalendarCause
from domain.wording.formatting import MONTH_NAMES, WEEKDAY_NAMES, plural

EASTER: Final = {
    -47: "Shrove Tuesday",
    -46: "Ash Wednesday",
    -3: "Maundy Thursday",
    -2: "Good Friday",
    -1: "the day before Easter",
    0: "Easter Sunday",
    1: "Easter Monday",
    39: "Ascension Day",
    49: "Whit Sunday",
    50: "Whit Monday",
    60: "Corpus Christi",
}
AFTER_THANKSGIVING: Final = {0: "Thanksgiving Day", 1: "Black Friday", 4: "Cyber Monday"}
NTH: Final = ("zeroth", "first", "second", "third", "fourth", "fifth")


def name_of(day: CalendarDay) -> str:
    """Name a kind of day."""
    return NAMES[day.rule](day)


def preposition(day: CalendarDay) -> str:
    """Return what stands before its name: ``on 25 December``, ``in a March with Easter``."""
    return "in" if day.rule.of_months else "on"


def _easter_month(day: CalendarDay) -> str:
    return "a March with Easter" if day.month == MARCH else "an April without Easter"


def _easter(day: CalendarDay) -> str:
    offset = day.offset or 0
    return EASTER.get(offset, f"{plural(abs(offset), 'day')} {'before' if offset < 0 else 'after'} Easter")


def _month_end(day: CalendarDay) -> str:
    return f"{plural(day.number, 'day')} before the month ends" if day.number else "the last day of the month"


def _date(day: CalendarDay) -> str:
    return f"{day.number} {MONTH_NAMES[(day.month or 1) - 1]}"


def _yearly_weekday(day: CalendarDay) -> str:
    number, offset = day.number or 0, day.offset or 0
    if (day.month, number, day.weekday) == (11, 4, 3) and offset in AFTER_THANKSGIVING:
        return AFTER_THANKSGIVING[offset]
    text = f"the {NTH[number]} {WEEKDAY_NAMES[day.weekday or 0]} of {MONTH_NAMES[(day.month or 1) - 1]}"
    return f"{plural(offset, 'day')} after {text}" if offset else text


def cause(calendar_cause: CalendarCause) -> str:
    """Say on what kind of day an anomaly lies, and whether it is as usual for its kind."""
    day = calendar_cause.day
    name, noun = name_of(day), "month" if day.rule.of_months else "day"
    days = f"{calendar_cause.occurrences:,} such {noun}s"
    text = f'The calendar has "{name}" on this day' if day.rule is CalendarRule.NAMED else f"This {noun} is {name}"
    if calendar_cause.occurrences == 0:
        return f" {text}."
    if calendar_cause.as_usual:
        return f" {text}; {preposition(day)} {days} here the series differs in the same direction."
    return f" {text}, and unlike the {days} that it was compared with."


NAMES: Final[dict[CalendarRule, Callable[[CalendarDay], str]]] = {
    CalendarRule.NAMED: lambda day: day.name or "",
    CalendarRule.EASTER: _easter,
    CalendarRule.EASTER_MONTH: _easter_month,
    CalendarRule.YEARLY_DATE: _date,
    CalendarRule.YEARLY_OBSERVED: lambda day: f"{_date(day)} or the working day next to it",
    CalendarRule.YEARLY_NTH_WEEKDAY: _yearly_weekday,
    CalendarRule.NTH_WEEKDAY: lambda day: f"the {NTH[day.number or 0]} {WEEKDAY_NAMES[day.weekday or 0]} of the month",
    CalendarRule.MONTH_END: _month_end,
    CalendarRule.MONTH_DAY: lambda day: f"day {day.number} of the month",
    CalendarRule.PAYDAY: lambda day: f"day {day.number} of the month, or the working day before",
    CalendarRule.FIRST_WORKING_DAY: lambda _: "the first working day of the month",
    CalendarRule.LAST_WORKING_DAY: lambda _: "the last working day of the month",
}
