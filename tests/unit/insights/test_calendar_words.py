"""Kinds of days in words, and what is said of an anomaly on one of them."""

import pytest

from domain.detection.baseline.calendar_rules import CalendarDay, CalendarRule
from domain.detection.result import CalendarCause
from domain.wording.calendar import NAMES, cause, name_of

DAYS = [
    (CalendarDay(rule=CalendarRule.NAMED, name="Christmas Day"), "Christmas Day"),
    (CalendarDay(rule=CalendarRule.EASTER, offset=-2), "Good Friday"),
    (CalendarDay(rule=CalendarRule.EASTER, offset=-9), "9 days before Easter"),
    (CalendarDay(rule=CalendarRule.EASTER, offset=2), "2 days after Easter"),
    (CalendarDay(rule=CalendarRule.EASTER_MONTH, month=3), "a March with Easter"),
    (CalendarDay(rule=CalendarRule.EASTER_MONTH, month=4), "an April without Easter"),
    (CalendarDay(rule=CalendarRule.YEARLY_DATE, month=12, number=25), "25 December"),
    (
        CalendarDay(rule=CalendarRule.YEARLY_OBSERVED, month=6, number=19),
        "19 June or the working day next to it",
    ),
    (CalendarDay(rule=CalendarRule.YEARLY_NTH_WEEKDAY, month=11, number=4, weekday=3, offset=1), "Black Friday"),
    (CalendarDay(rule=CalendarRule.YEARLY_NTH_WEEKDAY, month=9, number=1, weekday=0), "the first Monday of September"),
    (
        CalendarDay(rule=CalendarRule.YEARLY_NTH_WEEKDAY, month=9, number=1, weekday=0, offset=1),
        "1 day after the first Monday of September",
    ),
    (CalendarDay(rule=CalendarRule.NTH_WEEKDAY, number=2, weekday=1), "the second Tuesday of the month"),
    (CalendarDay(rule=CalendarRule.MONTH_END, number=0), "the last day of the month"),
    (CalendarDay(rule=CalendarRule.MONTH_END, number=2), "2 days before the month ends"),
    (CalendarDay(rule=CalendarRule.MONTH_DAY, number=15), "day 15 of the month"),
    (CalendarDay(rule=CalendarRule.PAYDAY, number=25), "day 25 of the month, or the working day before"),
    (CalendarDay(rule=CalendarRule.FIRST_WORKING_DAY), "the first working day of the month"),
    (CalendarDay(rule=CalendarRule.LAST_WORKING_DAY), "the last working day of the month"),
]


@pytest.mark.parametrize(("day", "name"), DAYS, ids=[name for _, name in DAYS])
def test_each_kind_of_day_has_its_name(day: CalendarDay, name: str) -> None:
    assert name_of(day) == name


def test_every_rule_has_a_name() -> None:
    assert set(NAMES) == set(CalendarRule) == {day.rule for day, _ in DAYS}


def test_an_anomaly_is_as_usual_for_its_day_or_unlike_the_others() -> None:
    christmas = CalendarDay(rule=CalendarRule.YEARLY_DATE, month=12, number=25)
    march = CalendarDay(rule=CalendarRule.EASTER_MONTH, month=3)
    fair = CalendarDay(rule=CalendarRule.NAMED, name="Fair")
    assert cause(CalendarCause(day=fair, occurrences=0, as_usual=False)) == ' The calendar has "Fair" on this day.'
    assert cause(CalendarCause(day=christmas, occurrences=3, as_usual=True)) == (
        " This day is 25 December; on 3 such days here the series differs in the same direction."
    )
    assert cause(CalendarCause(day=christmas, occurrences=3, as_usual=False)) == (
        " This day is 25 December, and unlike the 3 such days that it was compared with."
    )
    assert cause(CalendarCause(day=march, occurrences=4, as_usual=True)) == (
        " This month is a March with Easter; in 4 such months here the series differs in the same direction."
    )
