"""What a scan of all rows found."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from domain.timeseries.aggregation import Ints


class UndecodableError(Exception):
    """The text is not UTF-8 (``line`` says where): read it again in another encoding."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass(slots=True)
class Scan:
    """What was found: where the good rows lie and how many there are.

    Attributes:
        path: the file to read; ``clean`` if it is the source itself.
        skip: lines above the first row in it.
        rows: good rows.
        rejected: rows of the wrong shape.
        quoted_breaks: whether a good row spans several lines.
        quotes: whether there is a quote anywhere.
        underscores: whether there is an underscore anywhere: SQL takes "1_000" for a number.
        mended: good rows that had a cell more or less.
        second_header: line of a second table's header, where the table ends.
    """

    path: Path
    clean: bool
    skip: int
    rows: int = 0
    rejected: int = 0
    quoted_breaks: bool = False
    quotes: bool = False
    underscores: bool = False
    mended: int = 0
    second_header: int | None = None
    _runs: list[Ints] = field(default_factory=list)
    _offset: int | None = None

    def add(self, lines: Ints) -> None:
        """Note the physical lines of further good rows: only where the distance from the row's number changes."""
        if len(lines) == 0:
            return
        numbers = np.arange(self.rows, self.rows + len(lines), dtype=np.int64)
        away = lines - numbers
        before = np.concatenate([[away[0] - 1 if self._offset is None else self._offset], away[:-1]])
        changed = np.flatnonzero(away != before)
        if len(changed):
            self._runs.append(np.column_stack([numbers[changed], away[changed]]))
        self._offset = int(away[-1])
        self.rows += len(lines)

    def add_run(self, line: int, count: int) -> None:
        """Note so many good rows, one in each line from this one on."""
        if count and line - self.rows != self._offset:
            self._offset = line - self.rows
            self._runs.append(np.array([[self.rows, self._offset]], np.int64))
        self.rows += count

    def line_of(self, row: int) -> int:
        """Return the 1-based physical line on which a good row (0-based) begins."""
        table = self._table()
        return int(row + table[np.searchsorted(table[:, 0], row, side="right") - 1, 1])

    def _table(self) -> Ints:
        if len(self._runs) > 1:
            self._runs = [np.concatenate(self._runs)]
        return self._runs[0]
