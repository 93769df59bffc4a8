"""A relation of raw cells, and the names of the columns in the table it becomes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from adapters.duckdb.reader.columns.column_plan import Plan

TIME: Final = "t"
RESERVED: Final = frozenset((TIME, "m_aware", "file_row_number"))  # columns that the table has besides the file's


@dataclass(frozen=True, slots=True)
class RawTable:
    """A relation of raw cells.

    Attributes:
        relation: SQL; its columns are ``c0``, ``c1`` ...
        rows: how many there are.
        line_of: physical line (or record number) of a row.
        numeric: the same relation with some columns read as DOUBLE at once, if the source allows it: where every
            cell is a plain number that takes a third of the time.
        number: SQL for the row of the file that a row comes from, from 0.
        folder: where the file lies that the relation reads, if not in the scratch folder.
    """

    relation: str
    rows: int
    line_of: Callable[[int], int]
    numeric: Callable[[frozenset[str]], str] | None = None
    number: str = "row_number() OVER () - 1"
    folder: Path | None = None


def one_number(engine: duckdb.DuckDBPyConnection, sql: str) -> int:
    """Return the single figure that a query answers."""
    row = engine.execute(sql).fetchone()
    return int(row[0]) if row else 0


def table_names(plan: Plan) -> dict[str, str]:
    """Name the table's columns: as in the file, unless one is called like the column of time."""
    return names_in_table([column.name for column in plan.columns], plan.time.name)


def names_in_table(columns: Sequence[str], time: str) -> dict[str, str]:
    """Name the table's columns by those of the file."""
    taken = {column.casefold() for column in columns}
    names = {}
    for column in columns:
        name, number = column, 2
        while name.casefold() in RESERVED or (name != column and name.casefold() in taken):
            name, number = f"{column}_{number}", number + 1
        names[column] = column if column == time else name
    return names
