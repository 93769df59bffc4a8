"""Where a second table begins in a text: at its header, which is the first one's again or follows a blank line."""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from adapters.duckdb.reader.head_rows import is_typed
from adapters.duckdb.reader.mend import RowMender
from adapters.duckdb.reader.row_shapes import NEWLINE

MAX_PLACES: Final = 1_000  # of a block that are looked at
_BLANK: Final = re.compile(rb"\n[ \t,;|]*\r?\n(?=[^\r\n])")


@dataclass(frozen=True, slots=True)
class SecondTable:
    """What a second table is recognised by.

    Attributes:
        header: the line of the first table's header; None if it has none.
        first_rows: the first lines below it: where the header comes again and then one of them, the table does.
        mender: what is known of the columns.
    """

    header: bytes | None
    first_rows: frozenset[bytes]
    mender: RowMender | None

    def begin(self, block: bytes) -> int | None:
        """Return where a second table's header begins in a block of whole lines, if one does."""
        places = [place for place in (self._again(block), self._other(block)) if place is not None]
        return min(places, default=None)

    def _again(self, block: bytes) -> int | None:
        if not self.header:
            return None
        at = -1
        for _ in range(MAX_PLACES):
            at = block.find(self.header, at + 1)
            if at < 0:
                return None
            header, _, below = (
                block[at:].partition(b"\n")
                if len(block) - at < len(self.header) + 65536
                else (block[at : at + len(self.header) + 65536].partition(b"\n"))
            )
            begins = at == 0 or block[at - 1 : at] == b"\n"
            if begins and header.rstrip(b"\r") == self.header and below.split(b"\n", 1)[0].strip() in self.first_rows:
                return at
        return None

    def _other(self, block: bytes) -> int | None:
        """Return where a line that names columns follows a blank one, and a row of another table follows it."""
        if self.mender is None or not any(self.mender.typed) or not _may_be_blank(block):
            return None
        for n, match in enumerate(_BLANK.finditer(block)):
            if n > MAX_PLACES:
                break
            line = block[match.end() : match.end() + 65536].split(b"\n", 1)[0].decode(errors="replace").strip("\r")
            cells = [cell.strip(' "') for cell in line.split(self.mender.delimiter)]
            if len(cells) == self.mender.width and all(cells) and not any(map(is_typed, cells)):
                return match.end()
        return None


def _may_be_blank(block: bytes) -> bool:
    """Whether a block may hold a blank line; twice as fast as looking for its bytes."""
    array = np.frombuffer(block, np.uint8)
    breaks = array == NEWLINE
    return bool(np.any(breaks[1:] & breaks[:-1])) or (b"\r" in block and bool(np.any(breaks[2:] & breaks[:-2])))
