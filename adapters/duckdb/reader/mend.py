"""Rows with a cell more or less than the table: kept where every cell stands in its column beyond doubt, else rejected.

A row that lost or gained a delimiter in its middle has its values under other columns' names, so the kinds of all
columns have to fit: where a column holds numbers or times the row has one or nothing, elsewhere it has none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from adapters.duckdb.reader.columns.numbers import is_missing
from adapters.duckdb.reader.head_rows import is_typed
from adapters.duckdb.reader.headers import TYPED_SHARE
from adapters.duckdb.reader.layout import Layout

NEVER_TYPED: Final = 0.05  # of a text column's cells may read as numbers
SHORT_SHARE: Final = 0.02  # of the rows lack their last cells: then the writer leaves empty ones out
FEWEST_SHORT: Final = 3


@dataclass(frozen=True, slots=True)
class RowMender:
    """What is known of the columns.

    Attributes:
        delimiter: between cells.
        typed: columns whose cells are numbers or times.
        plain: columns whose cells never are.
        short: whether rows lack their last cells as a habit of the file.
    """

    delimiter: str
    typed: tuple[bool, ...]
    plain: tuple[bool, ...]
    short: bool = False

    @property
    def width(self) -> int:
        """Columns of the table."""
        return len(self.typed)

    def mended(self, cells: Sequence[str]) -> list[str] | None:
        """Return a row's cells, as many as the table has columns; None if they do not fit beyond doubt."""
        if len(cells) == self.width:
            return list(cells)
        if len(cells) > self.width:
            return self._too_long(cells)
        missing = range(len(cells), self.width)
        if not cells or not self.fits(cells) or not self._filled(cells):
            return None
        if self.short or all(self.plain[j] for j in missing):
            return [*cells, *("" for _ in missing)]
        return None

    def fits(self, cells: Sequence[str]) -> bool:
        """Whether every cell is of the kind of its column."""
        return all(
            is_missing(cell) or (is_typed(cell) if self.typed[j] else not (self.plain[j] and is_typed(cell)))
            for j, cell in enumerate(cells)
        )

    def is_row(self, cells: Sequence[str] | None) -> bool:
        """Whether cells are a row of the table by themselves: of its width and kinds, with a number or a time."""
        if cells is None or len(cells) != self.width:
            return False
        return self.fits(cells) and any(t and is_typed(c) for t, c in zip(self.typed, cells, strict=True))

    def _too_long(self, cells: Sequence[str]) -> list[str] | None:
        inside, extra = cells[: self.width], cells[self.width :]
        if not self.fits(inside):
            return None
        if not any(cell.strip() for cell in extra):
            return list(inside)
        if self.plain[-1] and self._filled(inside) and any(self.typed):  # a text with the delimiter in it
            return [*inside[:-1], self.delimiter.join([inside[-1], *extra])]
        return None

    def _filled(self, cells: Sequence[str]) -> bool:
        """Whether a row has a number or a time in every column of such."""
        return all(not is_missing(cell) for cell, typed in zip(cells, self.typed, strict=False) if typed)


def mender_of(layout: Layout) -> RowMender | None:
    """Return what mends the rows of a table; None if nothing is known of its columns."""
    rows = layout.rows
    if not rows:
        return None
    typed, plain = [], []
    for j in range(len(layout.names)):
        cells = [row[j] for row in rows if not is_missing(row[j])]
        share = sum(map(is_typed, cells)) / len(cells) if cells else 0.0
        typed.append(bool(cells) and share >= TYPED_SHARE)
        plain.append(not cells or share <= NEVER_TYPED)
    short = layout.short_rows >= max(FEWEST_SHORT, SHORT_SHARE * (len(rows) + layout.short_rows))
    return RowMender(layout.delimiter, tuple(typed), tuple(plain), short)
