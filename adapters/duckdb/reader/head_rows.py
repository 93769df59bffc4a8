"""The head of a text read with one delimiter: its rows, their common width, what reads as a value."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from adapters.duckdb.reader.columns.numbers import NumberFormat, parse_number
from adapters.duckdb.reader.columns.times import family_of

JUDGED_ROWS: Final = 200  # enough to see a table's width; a header and its kind are plain after a handful
MAX_QUOTED_LINES: Final = 64  # a quoted cell over more lines is taken for a quote that nothing closes
_POINT: Final = NumberFormat(plain=False)
_COMMA: Final = NumberFormat(plain=False, decimal=",")
Row = list[str]


@dataclass(slots=True)
class HeadReading:
    """The head read with one delimiter: rows with the lines they begin and end on."""

    delimiter: str
    rows: list[Row] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    width: int = 1
    score: float = 0.0


def read_head(texts: Sequence[str], delimiter: str, above: int) -> HeadReading:
    """Read the head with one delimiter, and score how much of a table that makes."""
    reading = HeadReading(delimiter)
    at = above
    while at < len(texts) and len(reading.rows) < JUDGED_ROWS:
        row, used = _record(texts, at, delimiter)
        if any(cell.strip() for cell in row):
            reading.rows.append(row)
            reading.begins.append(at + 1)
            reading.ends.append(at + used)
        at += used
    widths = Counter(len(row) for row in reading.rows)
    wide = [(count, -width) for width, count in widths.items() if width > 1]
    if wide:
        count, negative = max(wide)
        reading.width = _width_named(reading.rows, widths, -negative)
        body = [row for row in reading.rows if len(row) == reading.width]
        typed = [is_typed(cell) for row in body[1:50] for cell in row if cell.strip()]
        reading.score = count / len(reading.rows) + (sum(typed) / len(typed) if typed else 0.0)
    return reading


def _record(texts: Sequence[str], at: int, delimiter: str) -> tuple[Row, int]:
    """Return the row that begins in a line, and how many lines it takes: a quote left open ends with its line."""
    text, used = texts[at], 1
    if '"' not in text:
        return text.split(delimiter), 1
    while text.count('"') % 2 and used < MAX_QUOTED_LINES and at + used < len(texts):
        text, used = f"{text}\n{texts[at + used]}", used + 1
    if text.count('"') % 2:
        return texts[at].split(delimiter), 1
    try:
        return next(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, skipinitialspace=True), [""]), used
    except csv.Error:  # a cell beyond the module's limit
        return texts[at].split(delimiter), 1


def _width_named(rows: Sequence[Row], widths: Counter[int], commonest: int) -> int:
    """Return the width of the header if rows below it share it, though shorter ones are commoner."""
    top = next((row for row in rows if len(row) > 1 and not is_comment(row)), [])
    named = len(top) > commonest and all(cell.strip() for cell in top) and not any(map(is_typed, top))
    return len(top) if named and widths[len(top)] > 1 + 0.1 * len(rows) else commonest


def is_typed(cell: str) -> bool:
    """Return whether a cell reads as a number or a time."""
    return (
        parse_number(cell, _POINT) is not None
        or parse_number(cell, _COMMA) is not None
        or family_of(cell, named_time=False) is not None
    )


def is_comment(row: Row) -> bool:
    """Return whether a row is a comment line, rather than a number (``#1001``) or the name of one (``#``)."""
    text = row[0].lstrip()
    rest = text.lstrip("#")
    return (
        text.startswith("#") and not rest[:1].isdecimal() and (bool(rest.strip()) or not any(map(str.strip, row[1:])))
    )
