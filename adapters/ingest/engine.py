"""DuckDB, set up to stay small, and the relations it reads from."""

from pathlib import Path
from typing import Final

import duckdb

from adapters.ingest.numbers import literal
from adapters.ingest.scan import MAX_ROW_BYTES, Scan

MEMORY_LIMIT: Final = "400MB"  # of the 1 GB that a file of 1 GB may take; the rest is Python, numpy and its blocks
THREADS: Final = 2
GROUP_ROWS: Final = 122_880  # DuckDB's own row group
GROUP_CELLS: Final = 2_500_000  # a row group of 20 columns: each thread holds one in memory until it is written
VECTOR_ROWS: Final = 2_048  # what DuckDB works on at a time: no group is smaller


def connect(work: Path, *, threads: int = THREADS, memory: str = MEMORY_LIMIT) -> duckdb.DuckDBPyConnection:
    """Open an engine of its own, that spills into the scratch folder and leaves the network alone."""
    engine = duckdb.connect()
    engine.execute(f"SET memory_limit = {literal(memory)}")
    engine.execute(f"SET threads = {int(threads)}")
    engine.execute(f"SET temp_directory = {literal(str(work / 'spill'))}")
    engine.execute("SET autoinstall_known_extensions = false")
    engine.execute("SET TimeZone = 'UTC'")
    return engine


def parquet(target: Path, columns: int) -> str:
    """Return where COPY writes a table to, and how: rows in their order, and a wide table in shorter row groups.

    Groups of DuckDB's own size, held for each thread, made 300 columns and 150,000 rows spill under a limit of 512 MB
    (21 s instead of 5) and fail under 400 MB; these go through under 300 MB.
    """
    rows = max(VECTOR_ROWS, min(GROUP_ROWS, GROUP_CELLS // columns))
    return f"{literal(str(target))} (FORMAT parquet, PRESERVE_ORDER true, ROW_GROUP_SIZE {rows})"


def quoted(name: str) -> str:
    """Return a name as SQL's identifier."""
    return '"' + name.replace('"', '""') + '"'


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
