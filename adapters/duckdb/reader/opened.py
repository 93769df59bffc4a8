"""An opened table: what every format gives, so that the columns are judged the same way whatever the file was."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from adapters.duckdb.reader.columns.column_plan import ColumnPlan
from adapters.duckdb.reader.columns.time_formats import Family, TimeFormat
from adapters.duckdb.reader.raw_table import RawTable
from domain.datasets.columns import ColumnType
from domain.datasets.ingest_result import Dialect, Guess
from domain.datasets.parse_options import FileFormat

_NUMERIC: Final = ("INT", "FLOAT", "DOUBLE", "DECIMAL", "UINT", "HUGEINT", "UHUGEINT", "BIGINT")


@dataclass(frozen=True, slots=True)
class NativeColumn:
    """The type that a typed file (Parquet, Arrow) gives to a column, in DuckDB's words."""

    type: str

    def applied(self, column: ColumnPlan) -> ColumnPlan:
        """Return the plan of a column that needs no reading of text."""
        kind = self.type
        if kind.startswith(("TIMESTAMP", "DATE")):
            form = TimeFormat(families=(Family.YMD,), aware="ZONE" in kind, native=True)
            return replace(column, type=ColumnType.TIME, time=form, time_share=1.0, native=True, named=True)
        if any(name in kind for name in _NUMERIC) and "[" not in kind and "(" not in kind.replace("DECIMAL(", ""):
            return replace(column, type=ColumnType.NUMBER, number_share=1.0, native=True)
        if kind == "BOOLEAN":
            return replace(column, type=ColumnType.BOOLEAN, number_share=0.0)
        return column


@dataclass(frozen=True, slots=True)
class Opened:
    """A table that can be read.

    Attributes:
        format: by content.
        dialect: how its text is read.
        names: of its columns.
        sample: rows from its head, middle and end.
        raw: the relation.
        notes: what is worth telling.
        natives: types of the source's columns, if it is typed.
        guesses: what was chosen among several parts of the file.
        no_data: numbers that the file declares to stand for "no value".
    """

    format: FileFormat
    dialect: Dialect
    names: tuple[str, ...]
    sample: Sequence[Sequence[str | None]]
    raw: RawTable
    notes: tuple[str, ...] = ()
    natives: tuple[NativeColumn, ...] | None = None
    guesses: tuple[Guess, ...] = ()
    no_data: tuple[float, ...] = ()
