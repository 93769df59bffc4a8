"""Where is the table in a text? The delimiter, what stands above it, its header: from the head of the file."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from adapters.ingest.numbers import NumberFormat, is_missing, parse_number
from adapters.ingest.times import family_of
from domain.errors import EmptyFileError, InvalidInputError, MalformedFileError, NoDataRowsError

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


def find_layout(
    head: bytes, *, complete: bool, delimiters: Sequence[str] = DELIMITERS, header_line: int | None = None
) -> Layout:
    """Find the table in the head of a text.

    Args:
        head: UTF-8 from the beginning of the text.
        complete: whether this is all of it; if not, its last line is dropped.
        delimiters: what it may be.
        header_line: 1-based line of the header, 0 for none; None: to be found.

    Raises:
        EmptyFileError, NoDataRowsError, MalformedFileError, InvalidInputError: the header is said to be where none is.
    """
    lines = head.split(b"\n")
    if not complete and len(lines) > 1:
        lines = lines[:-1]
    texts = [line.decode(errors="replace").rstrip("\r") for line in lines]
    above = max(0, (header_line or 0) - 1)
    readings = [_read(texts, sign, above) for sign in delimiters]
    best = max(readings, key=lambda reading: reading.score)
    if not best.rows and above == 0:
        raise EmptyFileError("The file is empty: it holds no row. Choose a file with a header and rows.")
    return _layout(best, lines) if header_line is None else _layout_as_said(best, lines, header_line)


def _read(texts: Sequence[str], delimiter: str, above: int) -> _Reading:
    reading = _Reading(delimiter)
    reader = csv.reader(texts[above:], delimiter=delimiter, skipinitialspace=True)
    begin = above + 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                reading.rows.append(row)
                reading.begins.append(begin)
                reading.ends.append(above + reader.line_num)
            begin = above + reader.line_num + 1
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
        header = [""] * reading.width
        notes.append("The file has no header: columns are named by their place.")
    elif header_at > 0:
        notes.append(f"The lines above the header (line {reading.begins[header_at]}) are no rows: they were left out.")
    if header_at == len(reading.rows) - 1:
        raise _no_rows(header)
    return _placed(reading, lines, _Header(header, header_at), notes)


def _layout_as_said(reading: _Reading, lines: Sequence[bytes], header_line: int) -> Layout:
    """Where the table lies if its header is in that line, or (0) if it has none."""
    if header_line == 0:
        return _placed(reading, lines, _Header([""] * reading.width, None), [])
    if not reading.rows or reading.begins[0] != header_line:
        raise InvalidInputError(
            f"Line {header_line:,} cannot be the header: it is blank, or not among the first {len(lines):,}. "
            "Choose the line that names the columns.",
            field="headerLine",
        )
    header, *below = reading.rows
    if not below:
        raise _no_rows(header)
    if len(header) > reading.width:
        raise MalformedFileError(
            f"Line {header_line:,} names {len(header)} columns, but the rows below it have {reading.width} cells. "
            "Choose the line that names the columns.",
            line=header_line,
        )
    notes = [f"The lines above line {header_line:,} were left out."] if header_line > 1 else []
    return _placed(reading, lines, _Header(header + [""] * (reading.width - len(header)), 0), notes)


def _no_rows(header: Row) -> NoDataRowsError:
    return NoDataRowsError(
        f"The file has a header ({', '.join(name.strip() for name in header[:8])}) and no row below it. "
        "Add at least one row."
    )


@dataclass(frozen=True, slots=True)
class _Header:
    """The names as they stand in the file, and the place of their row among those read; None if there is none."""

    names: Sequence[str]
    at: int | None


def _placed(reading: _Reading, lines: Sequence[bytes], header: _Header, notes: Sequence[str]) -> Layout:
    fits = [
        i for i, row in enumerate(reading.rows) if len(row) == reading.width and (header.at is None or i > header.at)
    ]
    skipped = reading.begins[fits[0]] - 1 if header.at is None else reading.ends[header.at]
    names = header.names
    unique = unique_names(names)
    renamed = [
        f"“{old.strip()}” is called “{new}”" for old, new in zip(names, unique, strict=True) if old.strip() != new
    ]
    if renamed and header.at is not None:
        notes = [*notes, "Column names must be there and differ: " + ", ".join(renamed) + "."]
    return Layout(
        delimiter=reading.delimiter,
        names=tuple(unique),
        header_line=None if header.at is None else reading.begins[header.at],
        first_line=skipped + 1,
        start=sum(len(line) + 1 for line in lines[:skipped]),
        rows=tuple(reading.rows[i] for i in fits),
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
