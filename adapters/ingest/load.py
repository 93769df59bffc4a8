"""From a relation of text cells to the table of a dataset: cast, check, sort, count. All of it in SQL."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np

from adapters.ingest.engine import parquet, quoted
from adapters.ingest.numbers import literal, missing_sql, number_sql
from adapters.ingest.plan import ColumnPlan, Plan
from adapters.ingest.times import IN_RANGE, time_sql
from domain.errors import NoUsableRowError
from domain.zones import DAY_US, EPOCH, Offsets, offsets

TIME: Final = "t"


@dataclass(frozen=True, slots=True)
class RawTable:
    """A relation of raw cells.

    Attributes:
        relation: SQL; its columns are ``c0``, ``c1`` ...
        rows: how many there are.
        line_of: physical line (or record number) of a row.
        numeric: the same relation with some columns read as DOUBLE at once, if the source allows it: where every
            cell is a plain number that takes a third of the time.
    """

    relation: str
    rows: int
    line_of: Callable[[int], int]
    numeric: Callable[[frozenset[str]], str] | None = None


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


def value_sql(column: ColumnPlan) -> str:
    """Return SQL for the finite DOUBLE of a metric's cell."""
    if column.native:
        cast = f"try_cast({column.cell} AS DOUBLE)"
        return f"CASE WHEN isfinite({cast}) THEN {cast} END"
    if column.number is None:
        return "NULL::DOUBLE"
    return number_sql(column.cell, column.number)


def bad_sql(column: ColumnPlan) -> str:
    """Return SQL that says whether a metric's cell is neither a number nor missing."""
    if column.native:
        return "false"
    return f"({value_sql(column)} IS NULL AND NOT {missing_sql(column.cell)})"


def stage(engine: duckdb.DuckDBPyConnection, raw: RawTable, plan: Plan, names: dict[str, str], target: Path) -> None:
    """Cast every cell and write the rows in the file's order; a row that cannot be used has no time.

    Args:
        engine: where.
        raw: what.
        plan: how.
        names: of the columns in the table, by the file's names.
        target: Parquet file to write.
    """
    assert plan.time.time is not None  # noqa: S101 - make_plan chooses only columns with a format
    moment, aware = time_sql(plan.time.cell, plan.time.time)
    inner = [f"{moment} AS m_t", f"{aware} AS m_aware"]
    inner += [f"{value_sql(column)} AS m_{column.cell}" for column in plan.metrics]
    inner += [f"{column.cell}" for column in (*plan.metrics, *plan.others)]
    # CASE, so that only cells without a number are compared with the words for "nothing": half the time of all.
    bad = [
        f"CASE WHEN m_{column.cell} IS NULL THEN NOT {missing_sql(column.cell)} ELSE false END"
        for column in plan.metrics
        if not column.native
    ]
    unreadable = "".join(f" AND NOT ({flag})" for flag in bad)
    usable = f"CASE WHEN m_t {IN_RANGE}{unreadable} THEN m_t END"
    outer = [f"{usable} AS {TIME}"]
    outer += [f"m_{column.cell} AS {quoted(names[column.name])}" for column in plan.metrics]
    outer += [f"{column.cell}::VARCHAR AS {quoted(names[column.name])}" for column in plan.others]
    if plan.time.time.aware:
        outer.append("m_aware AS m_aware")
    engine.execute(
        f"COPY (SELECT {', '.join(outer)} FROM (SELECT {', '.join(inner)} FROM {raw.relation}))"
        f" TO {parquet(target, len(outer))}"
    )


def failures(engine: duckdb.DuckDBPyConnection, raw: RawTable, plan: Plan) -> dict[str, tuple[int, int]]:
    """Count, per checked column, the cells that cannot be read and those that hold something."""
    assert plan.time.time is not None  # noqa: S101 - as above
    moment, _ = time_sql(plan.time.cell, plan.time.time)
    checks = [(plan.time, f"(({moment}) {IN_RANGE}) IS NOT TRUE AND NOT {missing_sql(plan.time.cell + '::VARCHAR')}")]
    checks += [(column, bad_sql(column)) for column in plan.metrics if not column.native]
    figures = ", ".join(
        f"count(*) FILTER ({bad}), count(*) FILTER (NOT {missing_sql(column.cell + '::VARCHAR')})"
        for column, bad in checks
    )
    row = engine.execute(f"SELECT {figures} FROM {raw.relation}").fetchone() or ()
    return {column.name: (int(row[2 * i]), int(row[2 * i + 1])) for i, (column, _) in enumerate(checks)}


def settle(
    engine: duckdb.DuckDBPyConnection, staged: Path, plan: Plan, names: dict[str, str], zone: str, target: Path
) -> Loaded:
    """Make the table of what was staged: instants in ascending order.

    Raises:
        NoUsableRowError: no row has a time.
    """
    metrics = [names[column.name] for column in plan.metrics]
    others = [names[column.name] for column in plan.others]
    source = f"read_parquet({literal(str(staged))})"
    figures = _figures(engine, f"(SELECT * FROM {source} WHERE {TIME} IS NOT NULL)", [*metrics, *others])
    total = _one(engine, f"SELECT count(*) FROM {source}")
    if figures["rows"] == 0:
        raise NoUsableRowError("No row is usable.", rejected=total)
    notes: list[str] = []
    local = zone != "UTC"
    aware = plan.time.time is not None and plan.time.time.aware
    if figures["back"] or figures["rows"] < total or local or aware:
        moment = _zoned(engine, source, zone, figures, notes, aware=aware) if local else TIME
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
    return _one(
        engine,
        f"SELECT coalesce(sum(n - 1), 0) FROM"
        f" (SELECT count(*) AS n FROM {table} GROUP BY {listed} HAVING count(*) > 1)",
    )


def _zoned(
    engine: duckdb.DuckDBPyConnection,
    source: str,
    zone: str,
    figures: dict[str, Any],
    notes: list[str],
    *,
    aware: bool,
) -> str:
    """Return SQL that turns wall-clock times into instants; say how many the clock skips or shows twice."""
    low, high = (_micros(figures[key]) for key in ("first", "last"))
    table = offsets(zone, low - DAY_US, high + DAY_US)
    naive = "NOT m_aware" if aware else "true"
    gaps: list[tuple[int, int]] = []
    folds: list[tuple[int, int]] = []
    for i in range(1, len(table.start)):
        old, new, at = (int(v) for v in (table.offset[i - 1], table.offset[i], table.start[i]))
        (gaps if new > old else folds).append((at + min(old, new), at + max(old, new)))
    for kind, spans in (("skips", gaps), ("shows twice", folds)):
        count = _within(engine, source, spans, naive)
        if count:
            done = "taken as far behind the change as they claim" if kind == "skips" else "taken as its first showing"
            notes.append(f"{count:,} times lie in an hour that the clock of {zone} {kind}: {done}.")
    shift = local_shift_sql(table, TIME)
    moved = f"({TIME} - to_microseconds({shift}))"
    return f"CASE WHEN m_aware THEN {TIME} ELSE {moved} END" if aware else moved


def _within(engine: duckdb.DuckDBPyConnection, source: str, spans: list[tuple[int, int]], where: str) -> int:
    if not spans:
        return 0
    tests = " OR ".join(f"(epoch_us({TIME}) >= {low} AND epoch_us({TIME}) < {high})" for low, high in spans)
    return _one(engine, f"SELECT count(*) FROM {source} WHERE {where} AND ({tests})")


def local_shift_sql(table: Offsets, column: str) -> str:
    """Return SQL for the offset (microseconds) of wall-clock times, by halving the list of changes."""
    begins = table.start[1:] + np.maximum(table.offset[1:], table.offset[:-1])
    return _tree([int(b) for b in begins], [int(o) for o in table.offset], f"epoch_us({column})")


def _tree(edges: list[int], values: list[int], column: str) -> str:
    if not edges:
        return f"{values[0]}"
    half = len(edges) // 2
    low, high = _tree(edges[:half], values[: half + 1], column), _tree(edges[half + 1 :], values[half + 1 :], column)
    return f"CASE WHEN {column} < {edges[half]} THEN {low} ELSE {high} END"


def _micros(moment: datetime) -> int:
    away = moment.replace(tzinfo=UTC) - EPOCH
    return (away.days * 86_400 + away.seconds) * 1_000_000 + away.microseconds


def _one(engine: duckdb.DuckDBPyConnection, sql: str) -> int:
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
        while name.casefold() == TIME or (name != column and name.casefold() in taken):
            name, number = f"{column}_{number}", number + 1
        names[column] = column if column == time else name
    return names


@contextlib.contextmanager
def closing(engine: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Close the engine in any case."""
    try:
        yield engine
    finally:
        engine.close()
