"""Which row names the columns: above the first row of data, in a comment, or of another width."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from adapters.duckdb.reader.columns.name_words import PARTS, is_part, tokens
from adapters.duckdb.reader.columns.numbers import is_missing
from adapters.duckdb.reader.columns.plan import time_named
from adapters.duckdb.reader.columns.time_formats import Family
from adapters.duckdb.reader.columns.times import family_of
from adapters.duckdb.reader.head_rows import HeadReading, Row, is_comment, is_typed
from domain.errors import MalformedFileError

MOST_TITLES: Final = 12  # rows from the top among which two of names are looked for
MOST_WORDS: Final = 0.6  # of the names of columns of numbers are words, where some are numbers
PARTS_NAMED: Final = 3  # parts of a date, in a row of names: units below are named like parts too (m, sec)
TIMES_IN_HEADER: Final = 3  # side by side: fewer are the times of a row
TYPED_SHARE: Final = 0.8  # of a column's cells: a few may be damaged


def typed_columns(reading: HeadReading) -> list[bool]:
    """Whether the cells of each column read as numbers or times, by the last rows of the head."""
    rows = [row for row in reading.rows if len(row) == reading.width][-50:]
    out = []
    for j in range(reading.width):
        cells = [row[j] for row in rows[1 if len(rows) < 50 else 0 :] if not is_missing(row[j])]  # noqa: PLR2004 - may hold the header
        out.append(bool(cells) and sum(map(is_typed, cells)) >= TYPED_SHARE * len(cells))
    return out


def is_data(row: Row, typed: Sequence[bool], body: Sequence[Row]) -> bool:
    """Whether a row holds what its columns do: where they are typed, at least half of the filled cells are."""
    cells = [cell for cell, is_column in zip(row, typed, strict=True) if is_column and not is_missing(cell)]
    if not any(typed):
        return False
    return bool(cells) and 2 * sum(map(is_typed, cells)) >= len(cells) and not _names_times(row, body)


def _names_times(row: Row, body: Sequence[Row]) -> bool:
    """Whether a row holds a time for each column: dates or years side by side, above what are none."""
    times = [j for j, cell in enumerate(row) if family_of(cell, named_time=False) is not None]
    if len(times) >= TIMES_IN_HEADER:
        below = [r[j] for r in body[:50] for j in times if not is_missing(r[j])]
        return not any(family_of(cell, named_time=False) is not None for cell in below)
    years = [int(cell) for cell in row if family_of(cell, named_time=True) is Family.YEAR and cell.strip().isdecimal()]
    steps = {after - before for before, after in pairwise(years)}
    return len(years) >= TIMES_IN_HEADER and len(steps) == 1 and steps <= {1, -1, 5, -5, 10, -10}


def header_above(
    reading: HeadReading, fits: Sequence[int], first: int | None, typed: Sequence[bool]
) -> "Header | None":
    """Return the header among the rows of the table's width above the first that holds data.

    It names the most columns; of several that name as many, the one that names a time, else the upper one, for units
    stand below names. Where names come
    again and a row above them groups the columns, the groups' names stand before them.
    """
    if first is None:
        row = reading.rows[fits[0]]
        return Header(row, fits[0]) if not any(is_typed(cell) for cell in row) and not any(typed) else None
    candidates = [i for i in fits if i < first and not _holds_typed(reading.rows[i], typed)]
    body = [reading.rows[i] for i in fits if i >= first][:50]
    candidates = candidates or [i for i in fits if i < first and _names_times(reading.rows[i], body)]
    candidates = candidates or [i for i in fits if i < first and _names_mostly(reading.rows[i], typed)]
    if not candidates:
        return None
    filled = {i: sum(bool(cell.strip()) for cell in reading.rows[i]) for i in candidates}
    most = max(filled.values())
    if 2 * most < reading.width:
        return None
    alike = [i for i in candidates if filled[i] == most]
    at = next((i for i in alike if any(_is_time_name(cell) for cell in reading.rows[i])), alike[0])
    names = reading.rows[at]
    group = at - 1
    if len({n.strip().casefold() for n in names if n.strip()}) < most and group in filled and filled[group] > 1:
        return Header(_grouped(reading.rows[group], names), at, 2)
    if at + 1 in filled and (both := _with_names_below(names, reading.rows[at + 1])) is not None:
        return Header(both, at + 1, 2)
    return Header(names, at)


def _with_names_below(names: Row, below: Row) -> list[str] | None:
    """Return names that come again with the names in the row below them, if these tell them apart."""
    filled = [name.strip() for name in names]
    again = {name for name in filled if name and filled.count(name) > 1}
    if not again or any(name in again and not under.strip() for name, under in zip(filled, below, strict=True)):
        return None
    both = [f"{name} {under.strip()}".strip() for name, under in zip(filled, below, strict=True)]
    return both if len({name.casefold() for name in both}) == len(both) else None


def crossed_header(reading: HeadReading, fits: Sequence[int]) -> "Header | None":
    """Return the names of two header rows: times over groups of columns, and below each group the same names again.

    As pivot tables have them: ``2021,,,,2022`` over ``Q1,Q2,Q3,Q4,Q1``, ``Jan-24,,Feb-24`` over ``Sales,Cost,Sales``.
    """
    for above, at in pairwise(fits[:MOST_TITLES]):
        over, names = reading.rows[above], reading.rows[at]
        begins = [j for j, cell in enumerate(over) if j and cell.strip() and cell.strip() != names[j].strip()]
        below = [cell.strip() for cell in names[begins[0] :]] if begins else []
        if len(begins) < 2 or len(begins) == len(below) or not all(below) or any(map(_is_number, below)):  # noqa: PLR2004 - two groups
            continue
        groups = [tuple(names[i:j]) for i, j in pairwise([*begins, len(names)])]
        repeats = all(set(group) <= set(groups[0]) for group in groups) and len(set(groups[0])) == len(groups[0])
        if repeats and all(family_of(over[j], named_time=True) is not None for j in begins):
            lead = [low.strip() or high.strip() for high, low in zip(over[: begins[0]], names, strict=False)]
            rest = _grouped(over[begins[0] :], names[begins[0] :])
            return Header([*lead, *rest], at, at - above + 1)
    return None


def _is_number(cell: str) -> bool:
    return cell.replace(".", "", 1).isdecimal()


def _is_time_name(cell: str) -> bool:
    return len(tokens(cell)) <= 3 and time_named(cell)  # noqa: PLR2004 - a phrase is a title ("Data 1: Henry Hub")


def _holds_typed(row: Row, typed: Sequence[bool]) -> bool:
    return any(is_column and is_typed(cell) for cell, is_column in zip(row, typed, strict=True))


def _names_mostly(row: Row, typed: Sequence[bool]) -> bool:
    """Whether a row names most columns of numbers and times, some by a number: an article's, a station's."""
    cells = [cell.strip() for cell, is_column in zip(row, typed, strict=True) if is_column and cell.strip()]
    words = [cell for cell in cells if not is_typed(cell)]
    named = any(_is_time_name(cell) for cell in words)
    return named and len(words) > 1 and len(words) >= MOST_WORDS * len(cells) and len(set(cells)) == len(cells)


def _grouped(groups: Row, names: Row) -> Row:
    """Write each name behind the group it stands under: a group's name stands over its first column."""
    out, group = [], ""
    for over, name in zip(groups, names, strict=True):
        group = over.strip() or group
        out.append(f"{group} {name.strip()}".strip())
    return out


def commented_header(reading: HeadReading, first: int) -> "Header | None":
    """Return the header that stands in a comment right above the rows: ``# date, sales``."""
    header: Header | None = None
    for above in range(first - 1, -1, -1):
        row = reading.rows[above]
        names = [row[0].lstrip("# "), *row[1:]]
        fits = is_comment(row) and len(row) == reading.width and all(name.strip() for name in names)
        if not fits or any(map(is_typed, names)):
            break
        # Of names and units below them the upper ones are the names, where they name parts of a time.
        if header is None or sum(map(_names_part, names)) >= min(PARTS_NAMED, sum(map(_names_part, header.names))):
            header = Header(names, above, 1 if header is None else header.rows + 1)
    return header and Header(header.names, first - 1, header.rows)


def _names_part(cell: str) -> bool:
    return any(is_part(cell, part) for part in PARTS)


@dataclass(frozen=True, slots=True)
class Header:
    """The names as they stand in the file.

    Attributes:
        names: of the columns.
        at: place of their (last) row among those read; None if there is none.
        rows: how many rows they take.
    """

    names: Sequence[str]
    at: int | None
    rows: int = 1

    @property
    def begin(self) -> int:
        """Place of their first row; 0 if there is none."""
        return 0 if self.at is None else self.at - self.rows + 1


def ragged_header(reading: HeadReading, first: int, notes: list[str]) -> tuple[Row, int | None]:
    """Look for a header of another width right above the rows.

    Raises:
        MalformedFileError: there is one, and it does not say which cell belongs to which name.
    """
    above = first - 1
    few = above < 0 or len(reading.rows[above]) in {0, 1, reading.width}
    if few or any(is_typed(cell) for cell in reading.rows[above]):
        return reading.rows[first], None
    header = reading.rows[above]
    if len(header) > reading.width and not any(cell.strip() for cell in header[reading.width :]):
        return header[: reading.width], above  # a delimiter too many behind the last name
    rows = [row for row in reading.rows[first:] if len(row) == reading.width]
    if len(header) < reading.width and all(not cell.strip() for row in rows for cell in row[len(header) :]):
        notes.append(
            f"The header names {len(header)} columns, the rows have {reading.width} cells, the last always empty: "
            "if a name is missing in it, names do not fit their columns."
        )
        return header + [""] * (reading.width - len(header)), above
    if len(header) == reading.width - 1 and _counts_up([row[0] for row in rows]):
        notes.append("The first column has no name and counts the rows.")
        return ["", *header], above
    raise MalformedFileError(
        f"The header (line {reading.begins[above]}) names {len(header)} columns, but the rows have {reading.width} "
        "cells: which name belongs to which cell cannot be told. Give every column one name.",
        line=reading.begins[above],
    )


def _counts_up(cells: Sequence[str]) -> bool:
    numbers = [int(cell) for cell in cells if cell.strip().isascii() and cell.strip().isdecimal()]
    return len(numbers) == len(cells) > 1 and all(b - a == 1 for a, b in pairwise(numbers))
