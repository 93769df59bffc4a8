"""How many cells rows have and whether their quotes are well placed: whole blocks of bytes at once."""

from typing import Final

import numpy as np
import numpy.typing as npt

from domain.timeseries.aggregation import Ints

NEWLINE, RETURN, QUOTE = 10, 13, 34
MAX_ROW_BYTES: Final = 1024 * 1024  # half of what DuckDB takes for a line; a longer row is no row of a table
Bytes = npt.NDArray[np.uint8]


def cells_in_rows(delimiters: Ints, starts: Ints, ends: Ints, width: int) -> Ints:
    """Count the cells of each row.

    Args:
        delimiters: offsets of those outside quotes, ascending.
        starts: offset of each row's first byte.
        ends: offset of each row's line break.
        width: cells that most rows have.
    """
    inner = width - 1
    if inner and len(delimiters) == inner * len(ends):
        grid = delimiters.reshape(-1, inner)  # the usual case, five times as fast: all rows are alike
        if np.all(grid[:, 0] >= starts) and np.all(grid[:, -1] < ends):
            return np.full(len(ends), width, np.int64)
    return np.diff(np.searchsorted(delimiters, ends), prepend=0) + 1


def uniform(delimiters: Ints, breaks: Ints, size: int, width: int) -> bool:
    """Whether every row of a block without quotes has the width and no row is longer than one may be.

    The usual block, judged with a third of the passes that ``cells_in_rows`` takes.

    Args:
        delimiters: their offsets, ascending.
        breaks: offsets of the line breaks, ascending.
        size: bytes of the block, which ends with a line break or is not uniform.
        width: cells that a row has; a row of one cell may be blank, so it is never uniform here.
    """
    inner = width - 1
    if inner < 1 or not len(breaks) or breaks[-1] != size - 1 or len(delimiters) != inner * len(breaks):
        return False
    firsts, lasts = delimiters[::inner], delimiters[inner - 1 :: inner]
    apart = np.all(firsts[1:] > breaks[:-1]) and np.all(lasts < breaks)
    longest = max(int(breaks[0]), int(np.diff(breaks).max(initial=0)))
    return bool(apart) and longest <= MAX_ROW_BYTES


def well_quoted(array: Bytes, quotes: Ints, delimiter: int) -> bool:
    """Return whether every quote opens or closes a cell, or stands for itself as a pair inside one.

    Args:
        array: the bytes of whole rows.
        quotes: offsets of the quotes in it, ascending.
        delimiter: the byte between cells.
    """
    if len(quotes) == 0:
        return True
    if len(quotes) % 2:
        return False
    opening, closing = quotes[::2], quotes[1::2]
    before = np.where(opening > 0, array[np.maximum(opening - 1, 0)], NEWLINE)
    after = np.where(closing + 1 < len(array), array[np.minimum(closing + 1, len(array) - 1)], NEWLINE)
    edges = np.array([delimiter, NEWLINE], np.uint8)
    pair_before = np.concatenate([[False], opening[1:] == closing[:-1] + 1])
    pair_after = np.concatenate([opening[1:] == closing[:-1] + 1, [False]])
    opens = np.isin(before, edges) | pair_before
    closes = np.isin(after, np.append(edges, RETURN)) | pair_after
    return bool(opens.all() and closes.all())
