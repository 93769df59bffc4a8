"""From staged rows to the table of a dataset: check, sort, count. All of it in SQL."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from adapters.duckdb.engine import parquet
from adapters.duckdb.reader.columns.column_plan import Plan
from adapters.duckdb.reader.local_times import zoned
from adapters.duckdb.reader.raw_table import TIME, one_number
from adapters.duckdb.sql_text import literal, quoted
from domain.errors import NoUsableRowError


@dataclass(slots=True)
class Loaded:
    """What the table holds."""

    rows: int
    first: datetime
    last: datetime
    out_of_order: int
    duplicate_times: int
    duplicate_rows: int
    missing: int
    filled: dict[str, int]
    notes: list[str] = field(default_factory=list)


def settle(
    engine: duckdb.DuckDBPyConnection, staged: Path, plan: Plan, names: dict[str, str], zone: str, target: Path
) -> Loaded:
    """Make the table of what was staged: instants in ascending order.

    Raises:
        NoUsableRowError: no row has a time.
    """
    metrics = [names[column.name] for column in plan.metrics]
    others = [names[column.name] for column in plan.others]
    source = f"read_parquet({literal(str(staged))}, file_row_number = true)"
    figures = _figures(engine, f"(SELECT * FROM {source} WHERE {TIME} IS NOT NULL)", [*metrics, *others])
    total = one_number(engine, f"SELECT count(*) FROM {source}")
    if figures["rows"] == 0:
        raise NoUsableRowError("No row is usable.", rejected=total)
    notes: list[str] = []
    local = zone != "UTC"
    aware = plan.time.time is not None and plan.time.time.aware
    if figures["back"] or figures["rows"] < total or local or aware:
        moment = zoned(engine, source, zone, figures, notes, aware=aware) if local else TIME
        listed = ", ".join(quoted(name) for name in (*metrics, *others))
        select = f"SELECT {moment} AS {TIME}, {listed} FROM {source} WHERE {TIME} IS NOT NULL"
        order = f" ORDER BY {TIME}" if figures["back"] or local else ""
        columns = 1 + len(metrics) + len(others)
        engine.execute(f"COPY (FROM ({select}){order}) TO {parquet(target, columns)}")
        staged.unlink()
    else:
        staged.rename(target)
    return described(engine, target, metrics, others, figures["filled"], out_of_order=figures["back"], notes=notes)


def described(
    engine: duckdb.DuckDBPyConnection,
    target: Path,
    metrics: list[str],
    others: list[str],
    filled: dict[str, int],
    *,
    out_of_order: int,
    notes: list[str],
) -> Loaded:
    """Count what a finished table holds."""
    table = f"read_parquet({literal(str(target))})"
    rows, twins, first, last = engine.execute(
        f"SELECT count(*), count(*) FILTER ({TIME} = before), min({TIME}), max({TIME})"
        f" FROM (SELECT {TIME}, lag({TIME}) OVER () AS before FROM {table})"
    ).fetchone() or (0, 0, None, None)
    return Loaded(
        rows=rows,
        first=first.replace(tzinfo=UTC),
        last=last.replace(tzinfo=UTC),
        out_of_order=out_of_order,
        duplicate_times=twins,
        duplicate_rows=_same_rows(engine, table, [*metrics, *others]) if twins else 0,
        missing=rows * len(metrics) - sum(filled[name] for name in metrics),
        filled=filled,
        notes=notes,
    )


def _figures(engine: duckdb.DuckDBPyConnection, relation: str, columns: list[str]) -> dict[str, Any]:
    counts = "".join(f", count({quoted(name)})" for name in columns)
    listed = "".join(f", {quoted(name)}" for name in columns)
    row = engine.execute(
        f"SELECT count(*), count(*) FILTER ({TIME} < before), min({TIME}), max({TIME}){counts}"
        f" FROM (SELECT {TIME}, lag({TIME}) OVER () AS before{listed} FROM {relation})"
    ).fetchone() or (0, 0, None, None)
    return {
        "rows": row[0],
        "back": row[1],
        "first": row[2],
        "last": row[3],
        "filled": dict(zip(columns, row[4:], strict=True)),
    }


def _same_rows(engine: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> int:
    listed = ", ".join([TIME, *(quoted(name) for name in columns)])
    return one_number(
        engine,
        f"SELECT coalesce(sum(n - 1), 0) FROM"
        f" (SELECT count(*) AS n FROM {table} GROUP BY {listed} HAVING count(*) > 1)",
    )
