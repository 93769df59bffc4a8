"""Numbered periods of a day beside its date: settlement periods of 30 minutes, quarter hours 1 to 4 of an hour."""

import re
from collections.abc import Sequence
from typing import Final

from adapters.duckdb.reader.columns.column_plan import ColumnPlan
from adapters.duckdb.reader.columns.name_words import is_part, tokens
from adapters.duckdb.reader.columns.numbers import is_missing
from adapters.duckdb.reader.shape.derive import trimmed

# What grid operators call them: Elexon, Transpower, EMC, ERCOT, TenneT (PTU), ENTSO-E (MTU).
_WORDS: Final = frozenset(("period", "interval", "sp", "ptu", "mtu", "periodo", "periode", "intervall", "intervalo"))
_PER_HOUR: Final = (1, 2, 3, 4, 6, 12)
_LAST_HOUR: Final = 24
MOST_PRESENT: Final = 0.9  # of a day's numbers that a sample must hold
LOOKED_AT: Final = 5_000  # rows
_NUMBER: Final = re.compile(r"(\d{1,3})(?:\.0+)?", re.ASCII)
_HOUR: Final = re.compile(r"(\d{1,2})(?:\.0+|:00(?::00)?)?", re.ASCII)
Row = Sequence[str | None]
Periods = tuple[tuple[int, ...], str, str]  # places of the columns, SQL of the joined cell, what to add to the note


def with_period(columns: Sequence[ColumnPlan], dates: Sequence[int], rows: Sequence[Row]) -> Periods | None:
    """Return the date with the numbered period of its day, or of an hour in a third column; None if none fits.

    Args:
        columns: of the table.
        dates: places of those that hold days.
        rows: a sample; the cells of a column are every other row, of a long one, and lack numbers.
    """
    periods = [
        (i, _numbers(rows, i, _NUMBER)) for i, c in enumerate(columns) if not _WORDS.isdisjoint(tokens(c.name)[-1:])
    ]
    for date in dates:
        days = [row[date] for row in rows[:LOOKED_AT]]
        if 2 * len(set(days)) > len(days):  # several rows for each day
            continue
        for place, numbers in periods:
            if place == date or not numbers or min(numbers) != 1:
                continue
            joined = _of_hour(columns, rows, (date, place), numbers) or _of_day(date, place, numbers)
            if joined is not None:
                return joined
    return None


def _numbers(rows: Sequence[Row], place: int, pattern: re.Pattern[str]) -> list[int]:
    """Return the whole numbers of a column, nothing if a cell is none."""
    cells = [cell for row in rows[:LOOKED_AT] if (cell := row[place]) is not None and not is_missing(cell)]
    matches = [pattern.fullmatch(cell.strip()[:20]) for cell in cells]
    return [int(match[1]) for match in matches if match] if all(matches) else []


def _of_hour(
    columns: Sequence[ColumnPlan], rows: Sequence[Row], places: tuple[int, int], numbers: Sequence[int]
) -> Periods | None:
    date, place = places
    per_hour = max(numbers)
    if per_hour not in _PER_HOUR[1:] or len(set(numbers)) != per_hour:
        return None
    for i, column in enumerate(columns):
        hours = _numbers(rows, i, _HOUR) if i not in {date, place} and is_part(column.name, "hour") else []
        if hours and max(hours) <= _LAST_HOUR and len(set(hours)) > 1:
            ending = max(hours) == _LAST_HOUR or (min(hours) == 1 and len(set(hours)) == _LAST_HOUR)
            hour = f"try_cast(regexp_extract({trimmed(f'c{i}')}, '^[0-9]{{1,2}}') AS INT) - {int(ending)}"
            minutes = f"({hour}) * 60 + ({_sql(place)} - 1) * {60 // per_hour}"
            why = f" Each hour has {per_hour} periods; a time is the beginning of its period."
            return (date, i, place), _joined(date, minutes, f"{_sql(place)} BETWEEN 1 AND {per_hour}"), why
    return None


def _of_day(date: int, place: int, numbers: Sequence[int]) -> Periods | None:
    for per_hour in _PER_HOUR:
        per_day = per_hour * _LAST_HOUR
        # A day on which the clocks change has an hour more or less.
        if per_day - per_hour <= max(numbers) <= per_day + per_hour and len(set(numbers)) >= MOST_PRESENT * per_day:
            minutes = f"({_sql(place)} - 1) * {60 // per_hour}"
            why = (
                f" A day has {per_day} periods of {60 // per_hour} minutes; a time is the beginning of its period. On"
                " days with a clock change those behind the change stand an hour off, and those beyond the day are"
                " rejected."
            )
            return (date, place), _joined(date, minutes, f"{_sql(place)} BETWEEN 1 AND {per_day}"), why
    return None


def _sql(place: int) -> str:
    return f"try_cast(regexp_replace({trimmed(f'c{place}')}, '\\.0+$', '') AS INT)"


def _joined(date: int, minutes: str, valid: str) -> str:
    """Return SQL for the date with its clock, or with a text that is no clock for a period beyond the day."""
    two = f"lpad((({minutes}) // 60)::VARCHAR, 2, '0') || ':' || lpad((({minutes}) % 60)::VARCHAR, 2, '0')"
    day = f"regexp_replace({trimmed(f'c{date}')}, '[T ]00:00(:00(\\.0+)?)?Z?$', '')"
    return f"{day} || ' ' || CASE WHEN {valid} THEN {two} ELSE '(no period of the day)' END"
