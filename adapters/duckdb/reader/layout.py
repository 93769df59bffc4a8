"""Where is the table in a text? The delimiter, what stands above it, its header: from the head of the file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from adapters.duckdb.reader.column_naming import unique_names
from adapters.duckdb.reader.head_rows import HeadReading, Row, is_comment, is_typed, read_head
from adapters.duckdb.reader.headers import (
    Header,
    commented_header,
    crossed_header,
    header_above,
    is_data,
    ragged_header,
    typed_columns,
)
from domain.datasets.ingest_result import Reject
from domain.errors import EmptyFileError, InvalidInputError, MalformedFileError, NoDataRowsError

DELIMITERS: Final = (",", ";", "\t", "|")
KEPT_TEXT: Final = 500  # characters of a rejected row that are worth showing
DECIMALS_IN: Final = 200  # lines that tell whether commas are decimal signs
MOST_DECIMALS: Final = 0.9  # of the commas stand between digits
MOST_ROWS: Final = 0.9  # of the rows have one width by the other delimiter
_DECIMAL: Final = re.compile(r"(?<=\d),(?=\d)", re.ASCII)
_EXCEL: Final = re.compile(r'"?sep=(.)"?[,;\t|]*')


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
        rejects: rows above the table that hold values.
        short_rows: rows of the head that lack their last cells.
    """

    delimiter: str
    names: tuple[str, ...]
    header_line: int | None
    first_line: int
    start: int
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    rejects: tuple[Reject, ...] = ()
    short_rows: int = 0


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
    excel = _EXCEL.fullmatch(texts[0].strip("\ufeff \n")) if texts and texts[0].startswith(("sep=", '"sep=')) else None
    if excel:  # Excel's own line, which names the delimiter
        delimiters = (excel[1],) if len(delimiters) > 1 else delimiters
    above = max(1 if excel else 0, (header_line or 0) - 1)
    readings = [read_head(texts, sign, above) for sign in delimiters]
    best = max(readings, key=lambda reading: reading.score)
    if best.delimiter == "," and (other := _beside_decimals(readings, best, texts[above:])) is not None:
        best = other
    if not best.rows and (above == 0 or header_line is None):
        raise EmptyFileError("The file is empty. Choose a file with a header and rows.")
    return _layout(best, lines) if header_line is None else _layout_as_said(best, lines, header_line)


def _beside_decimals(readings: Sequence[HeadReading], best: HeadReading, texts: Sequence[str]) -> HeadReading | None:
    """Return the reading by another delimiter if all commas are decimal signs: ``Lyon;May 2021;1,01``."""
    commas = "\n".join(texts[:DECIMALS_IN])
    if not commas.count(",") or len(_DECIMAL.findall(commas)) < MOST_DECIMALS * commas.count(","):
        return None
    return next((one for one in readings if one is not best and one.width > 1 and _divides(one)), None)


def _divides(reading: HeadReading) -> bool:
    """Whether nearly all rows have one width, and cells with a comma are numbers."""
    with_comma = [cell for row in reading.rows for cell in row if "," in cell]
    numbers = sum(cell.count(",") == 1 and is_typed(cell) for cell in with_comma)
    alike = sum(len(row) == reading.width for row in reading.rows)
    return alike >= MOST_ROWS * len(reading.rows) and numbers >= MOST_DECIMALS * len(with_comma)


def _layout(reading: HeadReading, lines: Sequence[bytes]) -> Layout:
    typed = typed_columns(reading)
    fits = [i for i, row in enumerate(reading.rows) if len(row) == reading.width and not is_comment(row)]
    if not fits:
        fits = [i for i, row in enumerate(reading.rows) if len(row) == reading.width]
    below = [reading.rows[i] for i in fits]
    first = next((i for n, i in enumerate(fits) if is_data(below[n], typed, below[n + 1 : n + 51])), None)
    notes: list[str] = []
    header_row = crossed_header(reading, fits) or header_above(reading, fits, first, typed)
    if header_row is None and first is not None:
        header_row = commented_header(reading, first)
    if header_row is None:
        names, at = ragged_header(reading, fits[0] if first is None else first, notes)
        header_row = None if at is None else Header(names, at)
    header = header_row or Header([""] * reading.width, None)
    if header.at is None:
        notes.append("The file has no header: columns are named by their place.")
    elif header.begin > 0:
        line = reading.begins[header.begin]
        notes.append(f"The lines above the header (line {line}) are no rows: they were left out.")
    if header.at is not None and header.at == len(reading.rows) - 1:
        raise _no_rows(header.names)
    layout = _placed(reading, lines, header, notes)
    return replace(layout, rejects=tuple(_above(reading, header.begin if header.at is not None else fits[0])))


def _above(reading: HeadReading, end: int) -> Iterator[Reject]:
    """Yield the rows above the table that hold values: they are lost, not titles."""
    for row, line in zip(reading.rows[:end], reading.begins, strict=False):
        filled = [cell for cell in row if cell.strip()]
        if len(filled) > 1 and not is_comment(row) and is_typed(filled[0]) and any(map(is_typed, filled[1:])):
            text = reading.delimiter.join(row)[:KEPT_TEXT]
            yield Reject(
                line=line, column="", value=text, reason="the row stands above the table and has another width"
            )


def _layout_as_said(reading: HeadReading, lines: Sequence[bytes], header_line: int) -> Layout:
    """Where the table lies if its header is in that line, or (0) if it has none."""
    if header_line == 0:
        return _placed(reading, lines, Header([""] * reading.width, None), [])
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
    return _placed(reading, lines, Header(header + [""] * (reading.width - len(header)), 0), notes)


def _no_rows(header: Sequence[str]) -> NoDataRowsError:
    return NoDataRowsError(
        f"The file has a header ({', '.join(name.strip() for name in header[:8])}) and no row below it. "
        "Add at least one row."
    )


def _placed(reading: HeadReading, lines: Sequence[bytes], header: Header, notes: Sequence[str]) -> Layout:
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
        short_rows=sum(1 < len(row) < reading.width for row in reading.rows[(fits or [0])[0] :]),
    )
