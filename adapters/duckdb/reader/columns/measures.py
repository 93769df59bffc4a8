"""Counts the numbers of a finished table, for the domain to tell measures from names."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from adapters.duckdb.reader.raw_table import TIME
from adapters.duckdb.sql_text import literal, quoted
from domain.datasets.column_roles import ColumnCounts

COUNTED_ROWS: Final = 100_000  # from the first times on: names repeat from the start, and the cost stays flat


def counted(engine: duckdb.DuckDBPyConnection, table: Path, metrics: Sequence[str]) -> list[ColumnCounts]:
    """Count each metric. Where times do not come twice, only what the name says can matter: nothing is counted."""
    head = f"(SELECT * FROM read_parquet({literal(str(table))}) LIMIT {COUNTED_ROWS})"
    wholes = ", ".join(f"bool_and({quoted(name)} = trunc({quoted(name)}))" for name in metrics)
    rows, times, *whole = engine.execute(
        f"SELECT count(*), count(DISTINCT {TIME}), {wholes} FROM {head}"
    ).fetchone() or (
        0,
        0,
        *(False for _ in metrics),
    )
    return [
        _counts(engine, head, name, repeated=rows >= 2 * times)
        if is_whole
        else ColumnCounts(name=name, whole=False, times=0, values=0, pairs=0, steady=0)
        for name, is_whole in zip(metrics, whole, strict=True)
    ]


def _counts(engine: duckdb.DuckDBPyConnection, head: str, name: str, *, repeated: bool) -> ColumnCounts:
    if not repeated:
        return ColumnCounts(name=name, whole=True, times=0, values=0, pairs=0, steady=0)
    value = quoted(name)
    pairs = f"SELECT {TIME} AS t, {value} AS v, count(*) AS n FROM {head} WHERE {value} IS NOT NULL GROUP BY ALL"
    usual = "SELECT t, v, n = mode(n) OVER (PARTITION BY v) AS same FROM pairs"
    times, values, each, steady = engine.execute(
        f"WITH pairs AS ({pairs}) SELECT count(DISTINCT t), count(DISTINCT v), count(*), count(*) FILTER (same)"
        f" FROM ({usual})"
    ).fetchone() or (0, 0, 0, 0)
    return ColumnCounts(name=name, whole=True, times=times, values=values, pairs=each, steady=steady)
