"""Years that are counted from another beginning: those of the Buddhist calendar in files in Thai."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

from adapters.duckdb.reader.columns.column_plan import ColumnPlan
from adapters.duckdb.reader.columns.time_cells import collapsed, parts_of, prepared_cell
from adapters.duckdb.reader.columns.time_formats import BUDDHIST, TimeFormat
from adapters.duckdb.reader.columns.time_marks import cleaned_cell

LOOKED_AT: Final = 200  # cells
EARLIEST: Final = 2400  # 1857: before it, next to no series has dates
AHEAD: Final = 50  # years of plans and projections
FAR: Final = 200  # years ahead of today that no series of dates reaches
_THAI: Final = frozenset(chr(sign) for sign in range(0x0E01, 0x0E5C))  # Unicode's block of Thai letters and digits


def is_thai(texts: Iterable[str]) -> bool:
    """Return whether one of the texts holds a Thai letter."""
    return any(not text.isascii() and not _THAI.isdisjoint(text) for text in texts)


def in_their_era(column: ColumnPlan, *, thai: bool) -> ColumnPlan:
    """Return a column whose years are those of the Buddhist calendar if its file is Thai and all of them lie there."""
    form = column.time
    if form is None or form.native or not thai:
        return column
    years = [year for cell in column.cells[:LOOKED_AT] if (year := _year(cell, form))]
    named = is_thai(column.cells[:LOOKED_AT])  # Thai names of months have Buddhist years, of two digits too
    latest = date.today().year + BUDDHIST + AHEAD  # noqa: DTZ011 - a year
    fit = all(EARLIEST <= int(year) <= latest if len(year) == 4 else named for year in years)  # noqa: PLR2004
    return replace(column, time=replace(form, era=BUDDHIST, shapes=())) if years and fit else column


def far_ahead(year: int) -> bool:
    """Return whether a year lies so far ahead that it is of another era, or wrong."""
    return year > date.today().year + FAR  # noqa: DTZ011


def _year(cell: str, form: TimeFormat) -> str:
    text = prepared_cell(cleaned_cell(collapsed(cell), form), form.words, form.span)
    parts = next((parts for family in form.families if (parts := parts_of(text, family))), {})
    return parts.get("y", "")
