"""DuckDB, set up to stay small, and the relations it reads from."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from adapters.duckdb.limits import MEMORY
from adapters.duckdb.reader.row_shapes import MAX_ROW_BYTES
from adapters.duckdb.reader.scan_result import Scan
from adapters.duckdb.sql_text import literal

THREADS: Final = 2
GROUP_ROWS: Final = 122_880  # DuckDB's own row group
GROUP_CELLS: Final = 2_500_000  # a row group of 20 columns: each thread holds one in memory until it is written
SHUT: Final = {  # extensions that come with the wheel (ICU, JSON, Parquet) are enough
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}
VECTOR_ROWS: Final = 2_048  # what DuckDB works on at a time: no group is smaller


def connect(
    work: Path, folders: Sequence[Path] = (), *, threads: int = THREADS, memory: str = MEMORY
) -> duckdb.DuckDBPyConnection:
    """Open an engine that reaches nothing but a few folders: no other file, no network, no extension, no setting.

    Args:
        work: folder that it may read from and write to, with all below it, also what does not fit into memory.
        folders: further ones.
        threads: that it may use.
        memory: that it may use before it spills to disk.
    """
    engine = duckdb.connect(config=dict(SHUT))
    engine.execute(f"SET memory_limit = {literal(memory)}")
    engine.execute(f"SET threads = {int(threads)}")
    engine.execute(f"SET temp_directory = {literal(str(work / '.spill'))}")
    engine.execute("SET TimeZone = 'UTC'")
    allowed = ", ".join(literal(f"{folder.absolute()}/") for folder in (work, *folders))
    engine.execute(f"SET allowed_directories = [{allowed}]")
    engine.execute("SET enable_external_access = false")
    engine.execute("SET lock_configuration = true")
    return engine


def parquet(target: Path, columns: int) -> str:
    """Return where COPY writes a table to, and how: rows in their order, and a wide table in shorter row groups.

    Groups of DuckDB's own size, held for each thread, made 300 columns and 150,000 rows spill under a limit of 512 MB
    (21 s instead of 5) and fail under 400 MB; these go through under 300 MB.
    """
    rows = max(VECTOR_ROWS, min(GROUP_ROWS, GROUP_CELLS // columns))
    return f"{literal(str(target))} (FORMAT parquet, PRESERVE_ORDER true, ROW_GROUP_SIZE {rows})"


def csv_relation(scan: Scan, delimiter: str, width: int, numeric: frozenset[str] = frozenset()) -> str:
    """Return the relation of a scanned text: every cell as text but those of ``numeric``, nothing left to guess."""
    names = [f"c{i}" for i in range(width)]
    columns = ", ".join(f"'{name}': '{'DOUBLE' if name in numeric else 'VARCHAR'}'" for name in names)
    quote = "quote = '\"', escape = '\"'" if scan.quotes else "quote = '', escape = ''"
    parallel = ", parallel = false" if scan.quoted_breaks else ""
    return (
        f"read_csv({literal(str(scan.path))}, auto_detect = false, header = false, skip = {scan.skip},"
        f" delim = {literal(delimiter)}, {quote}, columns = {{{columns}}},"
        f" max_line_size = {2 * MAX_ROW_BYTES}{parallel})"
    )
