"""Columns without names whose numbers are year, month, day (and hour) side by side: told by their values."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Final

from adapters.duckdb.reader.columns.column_plan import ColumnPlan
from adapters.duckdb.reader.columns.name_words import nameless
from adapters.duckdb.reader.columns.time_words import months_named

PARTS: Final = ("year", "month", "day", "hour", "minute")
_RANGES: Final = ((1600, 2299), (1, 12), (1, 31), (0, 24), (0, 59))
FEWEST_ROWS: Final = 6
IN_ORDER: Final = 0.95  # of the steps between different times: several stations begin again
MOST_NAMES: Final = 24  # of months, in two spellings
LAST_START: Final = 4  # columns: what stands before a date is a station, not a dozen values
Row = Sequence[str | None]


def with_parts_named(columns: Sequence[ColumnPlan], rows: Sequence[Row]) -> Sequence[ColumnPlan]:
    """Return the columns, those named by their parts of a date that have no name but rise as such parts do."""
    if len(rows) < FEWEST_ROWS:
        return columns
    for i, (left, right) in enumerate(pairwise(columns[:LAST_START])):
        if nameless(left.name) and nameless(right.name) and _year_and_month(left.cells, right.cells):
            return [*columns[:i], replace(left, name="year"), replace(right, name="month"), *columns[i + 2 :]]
    if not all(nameless(column.name) for column in columns):
        return columns
    for start in range(min(LAST_START, len(columns) - 1)):
        for size in (5, 4, 3, 2):
            if _rise(rows, start, size):
                named = {start + i: PARTS[i] for i in range(size)}
                return [replace(c, name=named.get(i, c.name)) for i, c in enumerate(columns)]
    return columns


def _year_and_month(years: Sequence[str], months: Sequence[str]) -> bool:
    """Whether one column holds years and the other names of months, as tables of statistical offices begin."""
    low, high = _RANGES[0]
    names = list(dict.fromkeys(cell.strip() for cell in months))
    whole = all(_WHOLE.fullmatch(cell.strip()) and low <= float(cell) <= high for cell in years)
    return bool(years) and whole and 1 < len(names) <= MOST_NAMES and all(months_named(names))


def _rise(rows: Sequence[Row], start: int, size: int) -> bool:
    """Whether these columns are times that come in order, each part beginning again at its end."""
    cells = [row[start : start + size] for row in rows]
    times = [_time_of(parts) for parts in cells if len(parts) == size]
    if len(times) < len(rows) or None in times:
        return False
    known = [time for time in times if time is not None]
    steps = [after - before for before, after in pairwise(known) if after != before]
    # Several rows share all parts but the last, or that is a number of its own.
    if 2 * len({tuple(parts[:-1]) for parts in cells}) > len(cells):
        return False
    # The last part proves itself by turning over: 12 -> 1, 31 -> 1, 23 -> 0, and by taking many values.
    last = [int(float(parts[-1] or 0)) for parts in cells]
    turns = any(after < before for before, after in pairwise(last)) and len(set(last)) > size
    forward = sum(step.total_seconds() > 0 for step in steps)
    return (
        turns and len(steps) >= FEWEST_ROWS and forward >= IN_ORDER * len(steps) and min(last) <= _RANGES[size - 1][0]
    )


_WHOLE: Final = re.compile(r"\d{1,4}(?:\.0+)?", re.ASCII)


def _time_of(parts: Row) -> datetime | None:
    texts = [(part or "").strip() for part in parts]
    if not all(map(_WHOLE.fullmatch, texts)):
        return None
    numbers = [int(float(text)) for text in texts]
    if not all(low <= number <= high for number, (low, high) in zip(numbers, _RANGES, strict=False)):
        return None
    year, month, day, hour, minute = (*numbers, *(1, 1, 1, 0, 0)[len(numbers) :])
    try:
        return datetime(year, month, day, hour % 24, minute)  # noqa: DTZ001 - a clock without a zone
    except ValueError:
        return None
