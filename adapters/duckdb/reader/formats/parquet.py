"""Parquet, by DuckDB's own reader."""

from collections.abc import Sequence
from typing import Final

import duckdb

from adapters.duckdb.engine import connect
from adapters.duckdb.limits import ReadLimits
from adapters.duckdb.reader.column_naming import unique_names
from adapters.duckdb.reader.formats.format import Format, OpenRequest
from adapters.duckdb.reader.open_file import OpenedFile
from adapters.duckdb.reader.opened import NativeColumn, Opened
from adapters.duckdb.reader.raw_table import RawTable
from adapters.duckdb.sql_text import literal, quoted
from domain.datasets.ingest_result import Dialect
from domain.datasets.parse_options import FileFormat
from domain.errors import MalformedFileError, NoDataRowsError

MAGIC: Final = b"PAR1"
SAMPLE_ROWS: Final = 3_000
VALUE_BYTES: Final = 8  # of a number or a time in memory
_MAX_PARTS: Final = 1_000_000  # of a schema; nothing that may be read has as many


def open_parquet(request: OpenRequest) -> Opened:
    """Open a Parquet file.

    Raises:
        MalformedFileError, NoDataRowsError.
    """
    path = literal(str(request.source.path))
    source = f"read_parquet({path})"
    engine = connect(request.work, [request.source.path.parent])
    try:
        _check_footer(engine, path, request.limits)
        described = engine.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        columns = ", ".join(f"{quoted(row[0])}::VARCHAR" for row in described)
        sample = engine.execute(f"SELECT {columns} FROM {source} LIMIT {SAMPLE_ROWS}").fetchall()
        rows = int((engine.execute(f"SELECT count(*) FROM {source}").fetchone() or (0,))[0])
    except duckdb.Error as error:
        cut = "" if request.whole else " A preview of a Parquet file needs the whole file."
        raise MalformedFileError(
            f"The Parquet file is damaged or incomplete.{cut} Write or upload it again."
        ) from error
    finally:
        engine.close()
    request.limits.check_rows(rows)
    if rows == 0:
        raise NoDataRowsError("The Parquet file has columns but no rows. Add at least one row.")
    listed = ", ".join(f"{quoted(row[0])} AS c{i}" for i, row in enumerate(described))
    return Opened(
        format=FileFormat.PARQUET,
        dialect=Dialect(compression=request.source.compression),
        names=tuple(unique_names([row[0] for row in described])),
        sample=sample,
        raw=RawTable(f"(SELECT {listed} FROM {source})", rows, lambda row: row + 1, folder=request.source.path.parent),
        natives=tuple(NativeColumn(str(row[1])) for row in described),
    )


def _check_footer(engine: duckdb.DuckDBPyConnection, path: str, limits: ReadLimits) -> None:
    """Check what the file says of itself before any of it is read. Raises FileBeyondLimitError."""
    children = [
        row[0] or 0 for row in engine.execute(f"SELECT num_children FROM parquet_schema({path})").fetchmany(_MAX_PARTS)
    ]
    columns, depth = _shape_of(children)
    limits.check_columns(columns)
    limits.check_nesting(depth)
    rows = int((engine.execute(f"SELECT sum(num_rows) FROM parquet_file_metadata({path})").fetchone() or (0,))[0] or 0)
    limits.check_rows(rows)
    size = engine.execute(f"SELECT sum(total_uncompressed_size) FROM parquet_metadata({path})").fetchone() or (0,)
    # A value that repeats takes no room in the file; in memory each has at least eight bytes.
    limits.check_unpacked(max(int(size[0] or 0), rows * columns * VALUE_BYTES))


def _shape_of(children: Sequence[int]) -> tuple[int, int]:
    """Return how many columns a schema has at its top, and how deep its deepest value lies (1: no nesting)."""
    open_groups: list[int] = []
    depth = 0
    for count in children:
        depth = max(depth, len(open_groups))
        while open_groups and open_groups[-1] == 0:
            open_groups.pop()
        if open_groups:
            open_groups[-1] -= 1
        if count:
            open_groups.append(count)
        while open_groups and open_groups[-1] == 0:
            open_groups.pop()
    return (children[0] if children else 0), depth


def _matches(source: OpenedFile) -> bool:
    return source.head(len(MAGIC)) == MAGIC


PARQUET: Final = Format((FileFormat.PARQUET,), "Parquet", text=False, matches=_matches, open=open_parquet)
