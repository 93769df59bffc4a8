"""Where is the table in a text? The delimiter, what stands above it, its header: from the head of the file."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from adapters.ingest.numbers import NumberFormat, is_missing, parse_number
from adapters.ingest.times import family_of
from domain.errors import EmptyFileError, MalformedFileError, NoDataRowsError

DELIMITERS: Final = (",", ";", "\t", "|")
JUDGED_ROWS: Final = 200  # enough to see a table's width; a header and its kind are plain after a handful
TYPED_SHARE: Final = 0.8  # of a column's cells: a few may be damaged
_POINT: Final = NumberFormat(plain=False)
_COMMA: Final = NumberFormat(plain=False, decimal=",")
Row = list[str]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the table lies.

    Attributes:
        delimiter: one character.
        names: unique names of its columns.
        header_line: 1-based line of the header; None if there is none.
        first_line: line on which rows begin (blank ones may precede them).
        start: its offset in bytes from the beginning of the text.
        rows: rows from the head, all of the table's width.
        notes: what is worth telling.
    """

    delimiter: str
    names: tuple[str, ...]
    header_line: int | None
    first_line: int
    start: int
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    """The head read with one delimiter: rows with the lines they begin and end on."""

    delimiter: str
    rows: list[Row] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    width: int = 1
    score: float = 0.0


def find_layout(head: bytes, *, complete: bool, delimiters: Sequence[str] = DELIMITERS) -> Layout:
    """Find the table in the head of a text.

    Args:
        head: UTF-8 from the beginning of the text.
        complete: whether this is all of it; if not, its last line is dropped.
        delimiters: what it may be.

    Raises:
        EmptyFileError, NoDataRowsError, MalformedFileError.
    """
    lines = head.split(b"\n")
    if not complete and len(lines) > 1:
        lines = lines[:-1]
    texts = [line.decode(errors="replace").rstrip("\r") for line in lines]
    readings = [_read(texts, sign) for sign in delimiters]
    best = max(readings, key=lambda reading: reading.score)
    if not best.rows:
        raise EmptyFileError("The file is empty: it holds no row. Choose a file with a header and rows.")
    return _layout(best, lines)


def _read(texts: Sequence[str], delimiter: str) -> _Reading:
    reading = _Reading(delimiter)
    reader = csv.reader(texts, delimiter=delimiter, skipinitialspace=True)
    begin = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                reading.rows.append(row)
                reading.begins.append(begin)
                reading.ends.append(reader.line_num)
            begin = reader.line_num + 1
            if len(reading.rows) >= JUDGED_ROWS:
                break
    except csv.Error:  # a cell beyond the module's limit, or a zero byte: what was read so far decides
        pass
    widths = Counter(len(row) for row in reading.rows)
    wide = [(count, -width) for width, count in widths.items() if width > 1]
    if wide:
        count, negative = max(wide)
        reading.width = -negative
        body = [row for row in reading.rows if len(row) == reading.width]
        typed = [is_typed(cell) for row in body[1:50] for cell in row if cell.strip()]
        reading.score = count / len(reading.rows) + (sum(typed) / len(typed) if typed else 0.0)
    return reading


def is_typed(cell: str) -> bool:
    """Return whether a cell reads as a number or a time."""
    return (
        parse_number(cell, _POINT) is not None
        or parse_number(cell, _COMMA) is not None
        or family_of(cell, named_time=False) is not None
    )


def _layout(reading: _Reading, lines: Sequence[bytes]) -> Layout:
    fits = [i for i, row in enumerate(reading.rows) if len(row) == reading.width]
    first = fits[0]
    body = [reading.rows[i] for i in fits[1:]]
    has_header = _is_header(reading.rows[first], body)
    notes: list[str] = []
    header, header_at = (reading.rows[first], first) if has_header else _ragged_header(reading, first)
    if header_at is None:
        names = [""] * reading.width
        skipped = reading.begins[first] - 1
        notes.append("The file has no header: columns are named by their place.")
    else:
        names, skipped = header, reading.ends[header_at]
        if header_at > 0:
            notes.append(
                f"The lines above the header (line {reading.begins[header_at]}) are no rows: they were left out."
            )
    rows = [reading.rows[i] for i in fits if header_at is None or i > header_at]
    if not rows and header_at == len(reading.rows) - 1:
        raise NoDataRowsError(
            f"The file has a header ({', '.join(name.strip() for name in header[:8])}) and no row below it. "
            "Add at least one row."
        )
    unique = unique_names(names)
    renamed = [
        f"“{old.strip()}” is called “{new}”" for old, new in zip(names, unique, strict=True) if old.strip() != new
    ]
    if renamed and header_at is not None:
        notes.append("Column names must be there and differ: " + ", ".join(renamed) + ".")
    return Layout(
        delimiter=reading.delimiter,
        names=tuple(unique),
        header_line=None if header_at is None else reading.begins[header_at],
        first_line=skipped + 1,
        start=sum(len(line) + 1 for line in lines[:skipped]),
        rows=tuple(rows),
        notes=tuple(notes),
    )


def _is_header(row: Row, body: Sequence[Row]) -> bool:
    """Whether a row names its columns: where those below are numbers or times, it is neither."""
    typed_columns = 0
    for j, cell in enumerate(row):
        below = [r[j] for r in body[:50] if not is_missing(r[j])]
        if not below or sum(map(is_typed, below)) < TYPED_SHARE * len(below):
            continue
        typed_columns += 1
        if not is_missing(cell) and not is_typed(cell):
            return True
    return typed_columns == 0 and not any(is_typed(cell) for cell in row)


def _ragged_header(reading: _Reading, first: int) -> tuple[Row, int | None]:
    """Look for a header of another width right above the rows.

    Raises:
        MalformedFileError: there is one, and it does not say which cell belongs to which name.
    """
    above = first - 1
    if above < 0 or len(reading.rows[above]) < 2 or any(is_typed(cell) for cell in reading.rows[above]):  # noqa: PLR2004
        return reading.rows[first], None
    header = reading.rows[above]
    rows = [row for row in reading.rows[first:] if len(row) == reading.width]
    if len(header) < reading.width and all(not cell.strip() for row in rows for cell in row[len(header) :]):
        return header + [""] * (reading.width - len(header)), above
    raise MalformedFileError(
        f"The header (line {reading.begins[above]}) names {len(header)} columns, but the rows have {reading.width} "
        "cells: which name belongs to which cell cannot be told. Give every column one name.",
        line=reading.begins[above],
    )


def unique_names(names: Sequence[str]) -> list[str]:
    """Give every column a name of its own; upper and lower case do not make two names differ."""
    out: list[str] = []
    taken = {name.strip().casefold() for name in names}
    seen: set[str] = set()
    for place, raw in enumerate(names, 1):
        name = re.sub(r"\s+", " ", raw.strip().strip("\ufeff")) or f"column_{place}"
        candidate, number = name, 2
        while candidate.casefold() in seen or (candidate != name and candidate.casefold() in taken):
            candidate, number = f"{name}_{number}", number + 1
        seen.add(candidate.casefold())
        out.append(candidate)
    return out
