"""Rows of delimited text one at a time: the slow, forgiving way, for blocks that the fast one does not trust."""

import re
from typing import Final

MAX_QUOTED_LINES: Final = 64  # a quoted cell over more lines is taken for a quote that nobody closed
OPEN: Final = "open quote"
UNCLOSED: Final = "a quote opens a cell and nothing closes it"


class Records:
    """Reads rows one at a time, forgiving what is harmless: spaces around quotes, a quote inside a bare cell."""

    def __init__(self, delimiter: str, width: int) -> None:
        edge = re.escape(delimiter)
        self._quoted = re.compile(rf'[ \t]*"((?:[^"]|"")*)"[ ]*({edge}|$)', re.DOTALL)
        self._bare = re.compile(rf"([^{edge}]*)({edge}|$)", re.DOTALL)
        self._width = width

    def read(self, lines: list[str], at: int) -> tuple[list[str] | None, int, str]:
        """Return a row's cells (None if it is none), the lines it takes, and why it is none ("" for a blank one)."""
        if not lines[at].strip():
            return None, 1, ""
        if "\x00" in lines[at]:
            return None, 1, "the row holds zero bytes"
        cells, reason = self.split(lines[at])
        if cells is not None and len(cells) == self._width:
            return cells, 1, ""
        if reason == OPEN:
            text = lines[at]
            for more in range(1, min(MAX_QUOTED_LINES, len(lines) - at)):
                text += "\n" + lines[at + more]
                joined, why = self.split(text)
                if why != OPEN:
                    if joined is not None and len(joined) == self._width:
                        return joined, more + 1, ""
                    break
            return None, 1, UNCLOSED
        if cells is not None:
            few = "too few" if len(cells) < self._width else "too many"
            reason = f"{few} cells: {len(cells)} instead of {self._width}"
        return None, 1, reason

    def split(self, text: str) -> tuple[list[str] | None, str]:
        """Return the cells of one row, or None and why it cannot be split."""
        cells: list[str] = []
        at = 0
        while True:
            if text[at:].lstrip(" \t").startswith('"'):
                match = self._quoted.match(text, at)
                if match is None:
                    closed = re.match(r'[ \t]*"(?:[^"]|"")*"(?!")', text[at:])
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
