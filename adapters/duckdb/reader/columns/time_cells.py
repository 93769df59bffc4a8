"""What one cell means as a time."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from adapters.duckdb.reader.columns.numbers import MAX_MATCHED
from adapters.duckdb.reader.columns.time_formats import (
    COMPILED,
    COUNTED,
    EPOCHS,
    MONTHS,
    PATTERNS,
    Family,
    TimeFormat,
)
from adapters.duckdb.reader.columns.time_marks import cleaned_cell
from adapters.duckdb.reader.columns.time_words import in_english
from adapters.duckdb.reader.columns.zone_names import known_zone, minutes_of

MONTH_SLACK: Final = 0.04  # of a month, a day: .083 and .0833 are both its twelfth
_YEARS_AHEAD: Final = 20  # how far ahead of today a two-digit year may lie before it is of the last century


def matches(text: str, family: Family) -> bool:
    """Return whether a cell is written this way, and what it names exists."""
    match = COMPILED[family].match(text)
    if match is None:
        return False
    parts = {name: match[i + 1] or "" for i, name in enumerate(PATTERNS[family][1])}
    if family is Family.FINANCIAL:
        return (int(parts["y"]) + 1) % 100 == int(parts["e"]) % 100
    return known_zone(parts.get("z", ""))


def pivot_for(years: set[int]) -> int:
    """Return the first two-digit year that is of the 1900s.

    Of "everything up to this year is of this century" and "up to 20 years ahead" that one wins which keeps the
    column's years closest together; so a column of 62 to 66 is never all in the future, and 24 to 31 is a forecast.
    """
    today = date.today().year % 100  # noqa: DTZ011 - a year
    near, far = today + 2, min(today + _YEARS_AHEAD, 99)

    def width(pivot: int) -> int:
        dated = [2000 + year if year < pivot else 1900 + year for year in years]
        return max(dated) - min(dated) if dated else 0

    return far if width(far) < width(near) else near


def parts_of(cell: str, family: Family) -> dict[str, str]:
    """Return the named groups of a cell ("" where empty), or nothing."""
    if family not in COMPILED or len(cell) > MAX_MATCHED:
        return {}
    match = COMPILED[family].match(collapsed(cell))
    return {name: match[i + 1] or "" for i, name in enumerate(PATTERNS[family][1])} if match else {}


def collapsed(cell: str) -> str:
    """Return a cell with single blanks, cut behind what any time needs."""
    text = " ".join(cell[: 4 * MAX_MATCHED].split())
    return (
        text if len(text) <= MAX_MATCHED else text.split(" (", 1)[0]
    )  # a browser's "(Central European Standard Time)"


def prepared_cell(text: str, words: Sequence[tuple[str, str]], span: str) -> str:
    """Return what is to be read of a cell: the begin of an interval, month names in English."""
    if span:
        text = text.split(span, 1)[0].strip()
    return collapsed(in_english(text, words)).rstrip("-: ") if words else text


def parse_time(cell: str, form: TimeFormat) -> tuple[datetime, bool] | None:
    """Return the naive time a cell holds and whether that is UTC by its own offset; None if it holds none."""
    text = prepared_cell(cleaned_cell(collapsed(cell), form), form.words, form.span)
    for family in form.families:
        moment = moment_of(
            text, family, day_first=bool(form.day_first), pivot=form.pivot, zones=form.zones, era=form.era
        )
        if moment is not None:
            return moment
    return None


def moment_of(
    text: str,
    family: Family,
    *,
    day_first: bool = False,
    pivot: int = 69,
    zones: tuple[tuple[str, int | None], ...] = (),
    era: int = 0,
) -> tuple[datetime, bool] | None:
    """Return the naive time a cell holds if it is written this way, and whether that is UTC by its own offset."""
    try:
        if family in COUNTED:
            return _counted(text, family)
        parts = parts_of(text, family)
        if not parts or not matches(text, family):
            return None
        if era:
            parts["y"] = str(int(parts["y"]) + (2500 if len(parts["y"]) <= 2 else 0) - era)  # noqa: PLR2004 - short: of the era's 26th century
        return _dated(parts, family, (day_first, pivot, zones))
    except (ValueError, OverflowError):
        return None


def _counted(text: str, family: Family) -> tuple[datetime, bool] | None:
    if not re.fullmatch(r"\d+(?:\.\d*)?", text, re.ASCII):
        return None
    value = float(text)
    if family in EPOCHS:
        return datetime(1970, 1, 1) + timedelta(microseconds=round(value * 1e6 / EPOCHS[family][0])), True  # noqa: DTZ001 - naive by contract
    if family is Family.EXCEL:
        return datetime(1899, 12, 30) + timedelta(seconds=round(value * 86_400)), False  # noqa: DTZ001
    year = int(value)
    if family is Family.DECIMAL_MONTH:
        months = year * 12 + int((value - year) * 12 + MONTH_SLACK)
        return datetime(months // 12, months % 12 + 1, 1), False  # noqa: DTZ001
    start = datetime(year, 1, 1)  # noqa: DTZ001
    length = (datetime(year + 1, 1, 1) - start).days * 86_400  # noqa: DTZ001
    return start + timedelta(seconds=round((value - year) * length)), False


def _dated(
    parts: dict[str, str], family: Family, how: tuple[bool, int, tuple[tuple[str, int | None], ...]]
) -> tuple[datetime, bool] | None:
    day_first, pivot, zones = how
    year = int(parts["y"])
    if len(parts["y"]) <= 2:  # noqa: PLR2004 - a year of two digits, or a counted one
        year += 1900 if year >= pivot else 2000
    if "w" in parts:
        week, weekday = int(parts["w"]), int(parts.get("wd") or 1)
        return datetime.combine(date.fromisocalendar(year, week, weekday), datetime.min.time()), False
    month, day = int(parts.get("m") or 1), int(parts.get("d") or 1)
    if family is Family.NUMERIC:
        day, month = (int(parts["a"]), int(parts["b"])) if day_first else (int(parts["b"]), int(parts["a"]))
    if "n" in parts:
        month = MONTHS.index(parts["n"][:3].lower()) + 1
    if "q" in parts:
        month = 3 * int(parts["q"]) - 2
    if "hf" in parts:
        month = 6 * int(parts["hf"]) - 5
    moment = datetime(year, month, day)  # noqa: DTZ001 - naive by contract
    clock = _clock(parts)
    if clock is None:
        return None
    zone = parts.get("z", "")
    return moment + clock - timedelta(minutes=minutes_of(zone, zones)), bool(zone)


def _clock(parts: dict[str, str]) -> timedelta | None:
    if not parts.get("h"):
        return timedelta()
    hour, minute = int(parts["h"]), int(parts.get("mi") or 0)
    second = _seconds(parts.get("s") or "0")
    half = parts.get("ap", "")[:1].lower()
    if half:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - a clock's face
            return None
        hour = hour % 12 + 12 * (half == "p")
    if hour > 24 or minute > 59 or second >= 60:  # noqa: PLR2004
        return None
    return timedelta(hours=hour, minutes=minute, microseconds=int(second * 1e6 + 0.5))


def _seconds(text: str) -> float:
    """Return seconds with their fraction, behind a point, a comma or a colon, or (of digits alone) in thousandths."""
    whole, fraction = text[:2], text[2:].lstrip(".,:")
    return float(f"{whole}.{fraction}" if fraction else whole)


def with_zones(form: TimeFormat, zones: dict[str, int | None]) -> TimeFormat:
    """Return a format whose names of zones are settled."""
    return replace(form, zones=tuple(zones.items()))
