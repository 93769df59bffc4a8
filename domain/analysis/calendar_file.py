"""Events of a calendar file: iCalendar (RFC 5545), as calendar programs export it, or one date and name a line.

Of iCalendar what names days is read: VEVENT with DTSTART, DTEND, SUMMARY, STATUS, EXDATE, and RRULE without BY parts
(every n days, weeks, months, years; until a date, so many times). Events with other rules count once, on their first
day. Zones are not looked at: the date is the one that is written.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import Final

from domain.analysis.named_days import MOST_EVENTS, NAME_CHARACTERS, NamedEvent, event_of
from domain.errors import InvalidInputError
from domain.struct import Struct

MOST_CHARACTERS: Final = 1_000_000  # years of a busy calendar; a request has no more (``entrypoints.http.app``)
MOST_DAYS: Final = 31  # of one event; what lasts longer is no event of days but a period
MOST_REPEATS: Final = 4_000  # days of one event that are looked at: ten years of them
MOST_FOUND: Final = 20_000  # days in all; the latest 500 stay
YEARS_BACK, YEARS_AHEAD = 30, 2  # around today in which a rule without an end is followed
UNFOLDED: Final = ("\r\n ", "\r\n\t", "\n ", "\n\t")  # RFC 5545 section 3.1
ESCAPES: Final = (("\\n", " "), ("\\N", " "), ("\\,", ","), ("\\;", ","), ("\\\\", "\\"))  # section 3.3.11
MONTH_DAYS: Final = 31  # the longest: counted so, no repetition near the first year is passed over
BY: Final = "BY"
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DATE_DIGITS: Final = 8


class CalendarEvents(Struct, frozen=True):
    """What a calendar file names.

    Attributes:
        events: by date, no two alike; at most 500, the latest.
        left_out: events that are not among them: without a readable date, longer than a month, too many.
    """

    events: tuple[NamedEvent, ...]
    left_out: int


@dataclass(slots=True)
class _Entry:
    """The properties of one VEVENT that matter here."""

    start: date | None = None
    end: date | None = None
    whole_days: bool = True
    name: str = "event"
    rule: str = ""
    excluded: set[date] = field(default_factory=set)
    cancelled: bool = False


def read_calendar(text: str, today: date) -> CalendarEvents:
    """Read the events of a calendar file.

    Args:
        text: of an iCalendar file, or lines like ``2024-11-29 Sale`` (a comma or a tab may stand for the blank).
        today: rules without an end are followed until two years from here.

    Raises:
        InvalidInputError: it is too long, or has no event.
    """
    if len(text) > MOST_CHARACTERS:
        raise InvalidInputError(
            f"The calendar has {len(text):,} characters; at most {MOST_CHARACTERS:,} are read.", field="events"
        )
    text = text.removeprefix("\ufeff")  # a byte order mark
    is_calendar = text.lstrip()[:15].upper() == "BEGIN:VCALENDAR"
    listed, unread = _of_calendar(text, today) if is_calendar else _of_lines(text)
    events = sorted(set(listed), key=lambda event: (event.date, event.name))
    if not events:
        raise InvalidInputError(
            "The calendar has no event that can be read. Give an .ics file, or lines like 2024-11-29 Sale.",
            field="events",
        )
    return CalendarEvents(events=tuple(events[-MOST_EVENTS:]), left_out=unread + max(len(events) - MOST_EVENTS, 0))


def _of_lines(text: str) -> tuple[list[NamedEvent], int]:
    events, unread = [], 0
    for line in text.splitlines():
        words = line.replace(";", ",").replace(",", " ", 1).replace("\t", " ", 1).strip().strip('"')
        if not words:
            continue
        try:
            events.append(event_of(words))
        except InvalidInputError:
            unread += 1
    return events, unread


def _of_calendar(text: str, today: date) -> tuple[list[NamedEvent], int]:
    events: list[NamedEvent] = []
    unread = 0
    for entry in _entries(text):
        if entry.cancelled:
            continue
        if len(events) >= MOST_FOUND:
            unread += 1
            continue
        days = list(islice(_days(entry, today), MOST_REPEATS))
        events += [NamedEvent(date=day.isoformat(), name=entry.name) for day in days]
        unread += not days
    return events, unread


def _entries(text: str) -> Iterator[_Entry]:
    """Yield the events; what stands inside another component of one (an alarm) is passed over."""
    for fold in UNFOLDED:
        text = text.replace(fold, "")
    entry, inner = None, 0
    for line in text.splitlines():
        name, _, value = line.partition(":")
        name, value = name.upper(), value.strip()
        if name == "BEGIN" and value.upper() == "VEVENT":
            entry, inner = _Entry(), 0
        elif name == "END" and value.upper() == "VEVENT":
            if entry is not None:
                yield entry
            entry = None
        elif name in {"BEGIN", "END"}:
            inner += 1 if name == "BEGIN" else -1
        elif entry is not None and inner == 0:
            _take(entry, name.partition(";")[0], value)


def _take(entry: _Entry, name: str, value: str) -> None:
    if name == "DTSTART":
        entry.start, entry.whole_days = _date(value), len(value) <= DATE_DIGITS
    elif name == "DTEND":
        entry.end = _date(value)
    elif name == "SUMMARY":
        for written, meant in ESCAPES:
            value = value.replace(written, meant)
        entry.name = " ".join(value.replace(";", ",").split())[:NAME_CHARACTERS] or entry.name
    elif name == "RRULE":
        entry.rule = value.upper()
    elif name == "EXDATE":
        entry.excluded.update(day for part in value.split(",") if (day := _date(part)) is not None)
    elif name == "STATUS":
        entry.cancelled = value.upper() == "CANCELLED"


def _date(text: str) -> date | None:
    """Read the date of ``20241129`` or ``20241129T090000Z``; None if there is none."""
    digits = text.strip()[:DATE_DIGITS]
    if len(digits) < DATE_DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _days(entry: _Entry, today: date) -> Iterator[date]:
    """Yield every day of an event, of all its repetitions; none if it has no date or lasts too long."""
    if entry.start is None:
        return
    # The end of whole days is the day after (section 3.6.1); an event with hours ends on the day that is written.
    length = ((entry.end or entry.start) - entry.start).days + (0 if entry.whole_days and entry.end else 1)
    if length > MOST_DAYS:
        return
    for start in _starts(entry.start, entry.rule, today):
        if start not in entry.excluded and start.year < date.max.year:
            yield from (start + timedelta(days=day) for day in range(max(length, 1)))


def _starts(first: date, rule: str, today: date) -> Iterator[date]:
    """Yield on which days an event begins, by its rule."""
    parts = dict(part.partition("=")[::2] for part in rule.split(";") if "=" in part)
    step = _whole(parts.get("INTERVAL", "1"))
    until = _date(parts["UNTIL"]) if "UNTIL" in parts else None
    times = _whole(parts["COUNT"]) if "COUNT" in parts else None
    months = {"MONTHLY": 1, "YEARLY": 12}.get(parts.get("FREQ", ""))
    days = {"DAILY": 1, "WEEKLY": 7}.get(parts.get("FREQ", ""))
    known = months or days
    if not known or not step or any(_is_other(name, value, first) for name, value in parts.items()):
        yield first
        return
    last = min(until or date.max, date(today.year + YEARS_AHEAD, 12, 31))
    earliest = date(today.year - YEARS_BACK, 1, 1)
    # A rule that began long ago is taken up where it comes near.
    begin = max((earliest - first).days, 0) // (step * (months * MONTH_DAYS if months else days or 1))
    end = begin + MOST_REPEATS
    for number in range(begin, min(times, end) if times else end):
        day = _months_on(first, number * step * months) if months else _days_on(first, number * step * (days or 1))
        if day is None:
            continue  # 29 February of other years
        if day > last:
            break
        if day >= earliest:
            yield day


def _is_other(name: str, value: str, first: date) -> bool:
    """Whether a BY part says more than the first day does already."""
    same = {"BYMONTH": str(first.month), "BYMONTHDAY": str(first.day), "BYDAY": WEEKDAYS[first.weekday()]}
    return name.startswith(BY) and same.get(name) != value


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0  # noqa: PLR2004 - up to 9999


def _months_on(first: date, months: int) -> date | None:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    if year > date.max.year or first.day > calendar.monthrange(min(year, date.max.year), month + 1)[1]:
        return None
    return date(year, month + 1, first.day)


def _days_on(first: date, days: int) -> date | None:
    return first + timedelta(days=days) if days <= (date.max - first).days else None
