"""What a column is taken for, and how all of them become a table."""

from dataclasses import dataclass, field
from typing import Final

from adapters.duckdb.reader.columns.numbers import NumberFormat
from adapters.duckdb.reader.columns.time_formats import TimeFormat
from adapters.duckdb.reader.columns.times import OrderEvidence
from domain.datasets.columns import ColumnType
from domain.datasets.table_schema import TableShape

NUMBER_SHARE: Final = 0.9  # of a sample's cells: below it a column is text with numbers in it
TIME_SHARE: Final = 0.8
BOOLEANS: Final = frozenset(["true", "false", "yes", "no", "t", "f", "y", "n"])


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """What a column is taken for.

    Attributes:
        name: as the user sees it.
        cell: SQL name of the raw column.
        type: what its cells are.
        number: how its numbers are written, if it holds any.
        time: how its times are written, if it is one of time.
        native: whether the source's column is typed already (Parquet).
        order: what its cells prove of day and month.
        time_share: share of the sample's cells that are times.
        number_share: share of them that are numbers.
        named: whether its name says that it is a time.
        example: one of its cells.
        guessed: a cell whose separator could be a decimal sign as well, if nothing in the file proves which.
        cells: the sample, in the file's order, without missing cells.
        filled: share of the sample's rows in which it holds something.
        naming: why its numbers only name things; "" if they measure.
    """

    name: str
    cell: str
    type: ColumnType
    number: NumberFormat | None = None
    time: TimeFormat | None = None
    time_share: float = 0.0
    number_share: float = 0.0
    native: bool = False
    order: OrderEvidence = field(default_factory=OrderEvidence)
    named: bool = False
    example: str = ""
    guessed: str = ""
    cells: tuple[str, ...] = ()
    filled: float = 1.0
    naming: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the file becomes a table: the column of time, the metrics, the rest."""

    time: ColumnPlan
    metrics: tuple[ColumnPlan, ...]
    others: tuple[ColumnPlan, ...]
    columns: tuple[ColumnPlan, ...]
    decimal: str
    shape: TableShape | None = None  # what the table's columns become, if they are to be like an earlier table's

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the metrics."""
        return tuple(column.name for column in self.metrics)
