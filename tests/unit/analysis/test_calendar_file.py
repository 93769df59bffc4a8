"""Events of calendar files: what calendar programs export, and plain lines."""

import time
from datetime import date

import pytest

from domain.analysis.calendar_file import MOST_CHARACTERS, read_calendar
from domain.analysis.named_days import MOST_EVENTS, NamedEvent, event_of
from domain.errors import InvalidInputError

TODAY = date(2024, 6, 1)


def calendar(*events: str) -> str:
    inside = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{inside}END:VCALENDAR\r\n"


def dates(text: str) -> list[str]:
    return [event.date for event in read_calendar(text, TODAY).events]


def test_event_has_its_date_and_its_name() -> None:
    read = read_calendar(calendar("DTSTART;VALUE=DATE:20241129\r\nSUMMARY:Black\\, Friday\\; sale"), TODAY)
    assert read.events == (NamedEvent(date="2024-11-29", name="Black, Friday, sale"),)
    assert read.left_out == 0


def test_what_is_read_can_be_given_as_a_setting() -> None:
    read = read_calendar(calendar("DTSTART:20241129T090000Z\r\nSUMMARY:Sale; all day"), TODAY)
    assert [event_of(str(event)) for event in read.events] == list(read.events)


def test_folded_lines_are_one() -> None:
    read = read_calendar(calendar("DTSTART:20241129T090000Z\r\nSUMMARY:A very\r\n  long name"), TODAY)
    assert read.events[0].name == "A very long name"


def test_event_of_several_days_names_each_of_them() -> None:
    whole = "DTSTART;VALUE=DATE:20241223\r\nDTEND;VALUE=DATE:20241226\r\nSUMMARY:Closed"
    assert dates(calendar(whole)) == ["2024-12-23", "2024-12-24", "2024-12-25"]
    with_hours = "DTSTART:20241223T080000\r\nDTEND:20241224T180000\r\nSUMMARY:Fair"
    assert dates(calendar(with_hours)) == ["2024-12-23", "2024-12-24"]


def test_event_of_every_year_is_followed_until_two_years_ahead() -> None:
    event = "DTSTART;VALUE=DATE:20220110\r\nSUMMARY:x\r\nRRULE:FREQ=YEARLY"
    assert dates(calendar(event)) == [f"{year}-01-10" for year in range(2022, 2027)]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=WEEKLY;COUNT=3", ["2024-01-31", "2024-02-07", "2024-02-14"]),
        ("FREQ=DAILY;INTERVAL=2;UNTIL=20240204", ["2024-01-31", "2024-02-02", "2024-02-04"]),
        ("FREQ=MONTHLY;COUNT=4", ["2024-01-31", "2024-03-31"]),  # no 31 February, no 31 April
        ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=31;COUNT=2", ["2024-01-31", "2025-01-31"]),
        ("FREQ=MONTHLY;BYDAY=2TU", ["2024-01-31"]),  # other rules: the first day alone
        ("FREQ=HOURLY", ["2024-01-31"]),
        ("FREQ=DAILY;INTERVAL=0", ["2024-01-31"]),
        ("FREQ=DAILY;INTERVAL=999999999999", ["2024-01-31"]),
    ],
)
def test_rules_repeat_an_event(rule: str, days: list[str]) -> None:
    assert dates(calendar(f"DTSTART;VALUE=DATE:20240131\r\nSUMMARY:x\r\nRRULE:{rule}")) == days


def test_rule_that_began_long_ago_is_taken_up_where_it_comes_near() -> None:
    birthdays = dates(calendar("DTSTART;VALUE=DATE:16040310\r\nSUMMARY:x\r\nRRULE:FREQ=YEARLY"))
    assert (birthdays[0], birthdays[-1], len(birthdays)) == ("1994-03-10", "2026-03-10", 33)
    daily = dates(calendar("DTSTART;VALUE=DATE:00010101\r\nSUMMARY:x\r\nRRULE:FREQ=DAILY"))
    assert daily[0] >= "1994-01-01"


def test_very_many_rules_take_no_longer_than_a_few() -> None:
    rule = "DTSTART;VALUE=DATE:00010101\r\nDTEND;VALUE=DATE:00010201\r\nRRULE:FREQ=DAILY"
    started = time.process_time()
    read = read_calendar(calendar(*[rule] * 8_000), TODAY)
    assert time.process_time() - started < 5  # seconds; half of one here
    assert len(read.events) == MOST_EVENTS or read.left_out > 0


def test_exceptions_and_cancelled_events_are_left_out() -> None:
    weekly = "DTSTART:20240101T090000\r\nSUMMARY:x\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEXDATE:20240108T090000"
    off = "DTSTART;VALUE=DATE:20240501\r\nSUMMARY:off\r\nSTATUS:CANCELLED"
    assert dates(calendar(weekly, off)) == ["2024-01-01", "2024-01-15"]


def test_alarm_inside_an_event_is_none_of_its_properties() -> None:
    event = "DTSTART;VALUE=DATE:20240501\r\nSUMMARY:x\r\nBEGIN:VALARM\r\nSUMMARY:no\r\nEND:VALARM"
    assert read_calendar(calendar(event), TODAY).events == (NamedEvent(date="2024-05-01", name="x"),)


def test_events_that_cannot_be_used_are_counted() -> None:
    season = "DTSTART;VALUE=DATE:20240101\r\nDTEND;VALUE=DATE:20240401\r\nSUMMARY:season"
    undated = "SUMMARY:some day"
    read = read_calendar(calendar(season, undated, "DTSTART;VALUE=DATE:20240501\r\nSUMMARY:x"), TODAY)
    assert (len(read.events), read.left_out) == (1, 2)


def test_of_very_many_the_latest_stay() -> None:
    read = read_calendar(calendar("DTSTART;VALUE=DATE:20200101\r\nSUMMARY:x\r\nRRULE:FREQ=DAILY;COUNT=600"), TODAY)
    assert (len(read.events), read.left_out) == (MOST_EVENTS, 100)
    assert read.events[-1].date == "2021-08-22"


def test_plain_lines_are_read_too() -> None:
    read = read_calendar("\ufeff2024-11-29,Black Friday\n2024-12-24 Eve\ndate,name\n\n", TODAY)
    assert [str(event) for event in read.events] == ["2024-11-29 Black Friday", "2024-12-24 Eve"]
    assert read.left_out == 1


@pytest.mark.parametrize("text", ["", "nothing", calendar(), "BEGIN:VCALENDAR", "x" * (MOST_CHARACTERS + 1)])
def test_text_without_an_event_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        read_calendar(text, TODAY)
