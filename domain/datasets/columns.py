"""What a column of a file is, and what it is for."""

from enum import StrEnum

from domain.struct import Struct


class ColumnType(StrEnum):
    """What the cells of a column are."""

    TIME = "time"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"
    EMPTY = "empty"


class ColumnRole(StrEnum):
    """What a column is for."""

    TIME = "time"
    METRIC = "metric"
    DIMENSION = "dimension"  # 2 to 10,000 values that repeat: rows can be grouped by it
    OTHER = "other"


class Column(Struct, frozen=True):
    """A column of the file.

    Attributes:
        unit: the sign its numbers carried ("₹", "$", "ms"), if one did.
        role: None for versions read before roles were kept.
    """

    name: str
    type: ColumnType
    unit: str | None = None
    role: ColumnRole | None = None
