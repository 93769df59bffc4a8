"""A part of the rows: those that have certain values of certain dimensions."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from domain.struct import Struct


class ColumnValues(Struct, frozen=True):
    """One dimension and the values of it that count; "" is an empty cell."""

    column: str
    values: tuple[str, ...]


Segment = tuple[ColumnValues, ...]  # of one column any value, of several columns all must hold; () is every row
EVERY_ROW: Segment = ()


def rows_of(segment: Segment, columns: Mapping[str, Sequence[str]], rows: int) -> npt.NDArray[np.bool_]:
    """Return which rows belong to a segment: the oracle of the stores.

    Args:
        segment: whose.
        columns: the values of each dimension, shape (rows,).
        rows: how many there are.
    """
    mask = np.ones(rows, np.bool_)
    for condition in segment:
        mask &= np.isin(np.array(columns[condition.column], dtype=object), np.array(condition.values, dtype=object))
    return mask
