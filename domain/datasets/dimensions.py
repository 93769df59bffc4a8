"""The columns by whose values rows can be grouped: region, plan, store, yes or no."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from domain.datasets.columns import Column, ColumnRole, ColumnType
from domain.struct import Struct

BLANK: Final = ""  # the value of an empty cell: a group of rows as any other
MOST_VALUES: Final = 10_000  # more are names of rows (issue 17)
LEAST_VALUES: Final = 2  # one value groups nothing
REPEATS: Final = 2  # rows for each value on the average: fewer name rows
MOST_VALUE_CHARACTERS: Final = 200  # longer ones are prose; 10,000 of them fit MongoDB's limit of 16 MB a document
MOST_DIMENSIONS: Final = 30  # kept of one file: each is one more array beside the rows
SHOWN_VALUES: Final = 20  # the most frequent: what a list shows without a search


class DimensionValue(Struct, frozen=True):
    """One value of a dimension.

    Attributes:
        value: as in the file, without blanks around it; "" for empty cells.
        rows: that have it.
        share: of all rows, 0 to 1.
    """

    value: str
    rows: int
    share: float


class Dimension(Struct, frozen=True):
    """A column by whose values rows can be grouped.

    Attributes:
        name: of the column.
        distinct: different values, empty cells not counted.
        values: the most frequent, at most 20; rows of empty cells among them.
    """

    name: str
    distinct: int
    values: tuple[DimensionValue, ...]


def may_be_dimension(column: Column, time_column: str | None, metrics: Sequence[str]) -> bool:
    """Whether the values of a stored column may group rows: it is neither the time nor a metric, and no number.

    A column of numbers that only name things is one where it was taken for one before.
    """
    if column.name == time_column or column.name in metrics:
        return False
    return column.type in {ColumnType.TEXT, ColumnType.BOOLEAN} or column.role is ColumnRole.DIMENSION


def groups_rows(distinct: int, filled_rows: int) -> bool:
    """Whether so many different values in so many rows are groups, and not names of the rows."""
    return LEAST_VALUES <= distinct <= MOST_VALUES and REPEATS * distinct <= filled_rows


def dimension_of(name: str, counts: Mapping[str, int]) -> Dimension:
    """Describe a dimension.

    Args:
        name: of the column.
        counts: rows of each value, those of empty cells under "".
    """
    rows = max(1, sum(counts.values()))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:SHOWN_VALUES]
    values = tuple(DimensionValue(value=value, rows=count, share=count / rows) for value, count in ranked)
    return Dimension(name=name, distinct=len(counts) - (BLANK in counts), values=values)


def with_roles(columns: Sequence[Column], dimensions: Sequence[Dimension]) -> tuple[Column, ...]:
    """Return the columns with the role that counting all rows gave them, where it was open."""
    names = {dimension.name for dimension in dimensions}
    groups = (ColumnRole.OTHER, ColumnRole.DIMENSION)
    settled = {ColumnRole.TIME, ColumnRole.METRIC}
    return tuple(
        column if column.role in settled else replace(column, role=groups[column.name in names]) for column in columns
    )
