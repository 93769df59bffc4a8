"""Which numeric columns measure something, and which only name things: a shop, a station, a code.

A number that names things is no less a column of numbers, so it stays a metric; but it is not what a dataset is about,
and so it stands behind those that measure, the first of which is what is shown when no metric is chosen.
"""

import re
from collections.abc import Sequence
from typing import Final

from domain.struct import Struct

_NAMES: Final = frozenset(
    ["id", "ids", "uuid", "guid", "code", "codes", "zip", "zipcode", "postcode", "sku", "ean", "isbn"]
)
# Alone these are words of their own ("NO" is a gas); behind another they number it: "store nbr".
_NUMBERS_OF: Final = frozenset(["no", "nr", "nbr", "num", "number", "key"])
# A part of the time, written once more.
_OF_THE_CALENDAR: Final = frozenset(
    ["year", "quarter", "month", "week", "day", "weekday", "dayofweek", "hour", "minute"]
)
FEWEST_TIMES: Final = 3  # below it "at every time" says little
EVERY: Final = 0.9  # of the times: shops open late and close early


class ColumnCounts(Struct, frozen=True):
    """What was counted in a column of numbers, over the rows in which it has one.

    Attributes:
        name: of the column.
        whole: all its numbers are whole.
        times: different times.
        values: different numbers.
        pairs: different pairs of a time and a number.
        steady: pairs that come in as many rows as is usual for their number.
    """

    name: str
    whole: bool
    times: int
    values: int
    pairs: int
    steady: int


def names_things(counts: ColumnCounts) -> bool:
    """Whether a column's numbers are names.

    They are where the column is called so, and where the same few numbers come again at every time, each in as many
    rows as ever: what is measured changes, and what it is measured of does not.
    """
    if not counts.whole:
        return False
    if called_a_name(counts.name):
        return True
    if counts.times < FEWEST_TIMES or counts.values < 2:  # noqa: PLR2004 - one number names nothing apart
        return False
    everywhere = counts.pairs >= EVERY * counts.times * counts.values
    return everywhere and counts.steady >= EVERY * counts.pairs


def called_a_name(column: str) -> bool:
    """Whether a column is called like a name or number of things (store_id, ZIP, Order No) or a part of the time."""
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", column).lower()
    parts = re.findall(r"[^\W_]+", words)
    if not parts:
        return False
    if len(parts) == 1:
        return parts[0] in _NAMES or parts[0] in _OF_THE_CALENDAR
    return parts[-1] in _NAMES or parts[-1] in _NUMBERS_OF


def measures_first(columns: Sequence[ColumnCounts]) -> tuple[str, ...]:
    """Names of the columns: those that measure, then those that name things, each kind in the file's order."""
    return tuple(counts.name for counts in sorted(columns, key=names_things))
