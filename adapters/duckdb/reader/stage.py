"""Cast every cell of a relation of text, and count those that cannot be read. All of it in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from adapters.duckdb.engine import parquet
from adapters.duckdb.reader.columns.column_plan import ColumnPlan, Plan
from adapters.duckdb.reader.columns.numbers import missing_sql, number_sql
from adapters.duckdb.reader.columns.time_formats import IN_RANGE
from adapters.duckdb.reader.columns.time_sql import time_sql
from adapters.duckdb.reader.raw_table import TIME, RawTable
from adapters.duckdb.sql_text import literal, quoted


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
    # A bad cell costs that cell; the row goes where nothing else in it can be read.
    nothing = " AND ".join(f"m_{column.cell} IS NULL" for column in plan.metrics)
    unreadable = f" AND NOT (({nothing}) AND ({' OR '.join(bad)}))" if bad else ""
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


@dataclass(frozen=True, slots=True)
class Unread:
    """Cells of a column that could not be read.

    Attributes:
        bad: how many.
        filled: cells that hold something.
        staying: bad cells whose rows stay all the same.
        example: one of these.
    """

    bad: int
    filled: int
    staying: int
    example: str


def staged_counts(
    engine: duckdb.DuckDBPyConnection, plan: Plan, names: dict[str, str], target: Path
) -> tuple[int, int, list[ColumnPlan]]:
    """Return the staged rows, those that are usable, and the metrics that lack a number somewhere."""
    counts = "".join(f", count({quoted(names[column.name])})" for column in plan.metrics)
    total, usable, *filled = engine.execute(
        f"SELECT count(*), count({TIME}){counts} FROM read_parquet({literal(str(target))})"
    ).fetchone() or (0, 0, *(0 for _ in plan.metrics))
    blank = [column for column, n in zip(plan.metrics, filled, strict=True) if n < total and not column.native]
    return total, usable, blank


def failures(
    engine: duckdb.DuckDBPyConnection, raw: RawTable, plan: Plan, metrics: Sequence[ColumnPlan], *, time: bool
) -> dict[str, Unread]:
    """Count the cells of some metrics, and of the time, that cannot be read."""
    assert plan.time.time is not None  # noqa: S101 - as above
    if not metrics and not time:
        return {}
    moment, _ = time_sql(plan.time.cell, plan.time.time)
    # Each cell is read once, in the innermost query: a wide table's would else be read four times each.
    read = [f"{value_sql(column)} AS v{i}" for i, column in enumerate(plan.metrics)]
    places = {column.name: i for i, column in enumerate(plan.metrics)}
    checks = [(plan.time, "NOT in_time AND f_t")] if time else []
    checks += [(column, f"v{places[column.name]} IS NULL AND f_{column.cell}") for column in metrics]
    filled = [f"NOT {missing_sql(column.cell + '::VARCHAR')} AS f_{column.cell}" for column in metrics]
    texts = [f"{column.cell}::VARCHAR AS x_{column.cell}" for column in metrics]
    timed = [
        f"(({moment}) {IN_RANGE}) IS TRUE AS in_time",
        f"NOT {missing_sql(plan.time.cell + '::VARCHAR')} AS f_t",
        f"{plan.time.cell}::VARCHAR AS x_t",
    ]
    inner = f"SELECT {', '.join([*timed, *read, *filled, *texts])} FROM {raw.relation}"
    numbers = " OR ".join(f"v{i} IS NOT NULL" for i in range(len(read)))
    figures = ", ".join(
        f"count(*) FILTER ({bad}), count(*) FILTER (f_{key}), count(*) FILTER ({bad} AND stays),"
        f" any_value(x_{key}) FILTER ({bad} AND stays)"
        for column, bad in checks
        for key in ("t" if column is plan.time else column.cell,)
    )
    query = f"SELECT {figures} FROM (SELECT *, in_time AND ({numbers}) AS stays FROM ({inner}))"
    row = engine.execute(query).fetchone() or ()
    return {
        column.name: Unread(int(row[4 * i]), int(row[4 * i + 1]), int(row[4 * i + 2]), row[4 * i + 3] or "")
        for i, (column, _) in enumerate(checks)
    }
