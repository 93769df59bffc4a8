"""Rows of delimited text one at a time: the slow, forgiving way, for blocks that the fast one does not trust."""

import re
from collections.abc import Sequence
from typing import Final

from adapters.duckdb.reader.head_rows import MAX_QUOTED_LINES
from adapters.duckdb.reader.mend import RowMender

NEAR: Final = 3  # lines below an open quote, one of which is a row if the quote is a slip
OPEN: Final = "open quote"
UNCLOSED: Final = "a quote opens a cell and nothing closes it"
_CLOSED: Final = re.compile(r'[ \t]*"(?:[^"]|"")*"(?!")')


class RowParser:
    """Reads rows one at a time, forgiving what is harmless.

    That is: spaces around quotes, a quote inside a bare cell, quotes inside a quoted cell that are not doubled, a quote
    that opens a cell and is not closed in its line where the next line is a row by itself; and ``RowMender`` mends.
    """

    def __init__(self, delimiter: str, width: int, mender: RowMender | None = None) -> None:
        edge = re.escape(delimiter)
        self._quoted = re.compile(rf'[ \t]*"((?:[^"]|"")*)"[ ]*({edge}|$)', re.DOTALL)
        self._bare = re.compile(rf"([^{edge}]*)({edge}|$)", re.DOTALL)
        self._ends = re.compile(rf'"[ ]*({edge}|$)')
        self._delimiter = delimiter
        self._width = width
        self._mender = mender

    def read(self, lines: Sequence[str], at: int) -> tuple[list[str] | None, int, str]:
        """Return a row's cells (None if it is none), the lines it takes, and why it is none ("" for a blank one)."""
        line = lines[at]
        if not line.strip() or "\x00" in line:
            return None, 1, "the row holds zero bytes" if "\x00" in line else ""
        cells, reason = self.split(line)
        if cells is not None:
            fitted = self.fitted(cells)
            return fitted, 1, "" if fitted is not None else self.wrong_width(len(cells))
        if reason == OPEN:
            joined, used = self._joined(lines, at)
            if joined is not None:
                return joined, used, ""
            if not self._goes_on(lines, at):
                return None, 1, UNCLOSED
        loose = self.loose(line)
        if loose is not None and (self._mender is None or self._mender.fits(loose)):
            return loose, 1, ""
        return None, 1, UNCLOSED if reason == OPEN else reason

    def fitted(self, cells: list[str]) -> list[str] | None:
        """Return cells in the table's width, mended where that is beyond doubt."""
        if len(cells) == self._width:
            return cells
        return self._mender.mended(cells) if self._mender else None

    def wrong_width(self, cells: int) -> str:
        """Say how the number of cells is wrong."""
        few = "too few" if cells < self._width else "too many"
        return f"{few} cells: {cells} instead of {self._width}"

    def is_row(self, line: str) -> bool:
        """Whether a line is a row of the table by itself."""
        cells, _ = self.split(line)
        return self._mender.is_row(cells) if self._mender else cells is not None and len(cells) == self._width

    def _joined(self, lines: Sequence[str], at: int) -> tuple[list[str] | None, int]:
        """Return a row whose quoted cell runs over several lines, none of which is a row by itself."""
        text = lines[at]
        for more in range(1, min(MAX_QUOTED_LINES, len(lines) - at)):
            if self.is_row(lines[at + more]):
                return None, 1
            text += "\n" + lines[at + more]
            joined, why = self.split(text)
            if why != OPEN:
                return (joined, more + 1) if joined is not None and len(joined) == self._width else (None, 1)
        return None, 1

    def _goes_on(self, lines: Sequence[str], at: int) -> bool:
        """Whether rows follow a line with an open quote: then the quote is a slip and ends with its line."""
        near = lines[at + 1 : at + 1 + NEAR]
        return not near or any(map(self.is_row, near))

    def loose(self, line: str) -> list[str] | None:
        """Split a line whose quotes are misplaced: a quote closes a cell only where the cell ends.

        Returns:
            Its cells, as many as the table has columns; None if there are more or fewer.
        """
        cells: list[str] = []
        at = 0
        while True:
            first = at + len(line[at:]) - len(line[at:].lstrip(" \t"))
            end = self._ends.search(line, first + 1) if line.startswith('"', first) else None
            if end is not None:
                cells.append(line[first + 1 : end.start()].replace('""', '"'))
                stop, ended = end.end(), not end[1]
            else:
                place = line.find(self._delimiter, at)
                stop, ended = (place + 1, False) if place >= 0 else (len(line), True)
                cells.append(line[at : place if place >= 0 else len(line)])
            if ended or len(cells) > self._width:
                return cells if len(cells) == self._width else None
            at = stop

    def split(self, text: str) -> tuple[list[str] | None, str]:
        """Return the cells of one row, or None and why it cannot be split."""
        if '"' not in text:
            return text.split(self._delimiter), ""
        cells: list[str] = []
        at = 0
        while True:
            first = at
            while first < len(text) and text[first] in " \t":
                first += 1
            if text.startswith('"', first):
                match = self._quoted.match(text, at)
                if match is None:
                    closed = _CLOSED.match(text, at)
                    return None, "text follows a closing quote" if closed else OPEN
                cells.append(match[1].replace('""', '"'))
            else:
                match = self._bare.match(text, at)
                if match is None:  # pragma: no cover - the pattern matches the empty text
                    return None, "the row cannot be split"
                cells.append(match[1])
            if not match[2]:
                return cells, ""
            at = match.end()
