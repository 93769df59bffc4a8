"""Which rows cannot be used, and why, in the user's words."""

from typing import Final

import duckdb

from adapters.duckdb.reader.columns.column_plan import ColumnPlan, Plan
from adapters.duckdb.reader.columns.numbers import is_missing
from adapters.duckdb.reader.columns.time_formats import IN_RANGE
from adapters.duckdb.reader.columns.time_sql import time_sql
from adapters.duckdb.reader.raw_table import RawTable
from adapters.duckdb.reader.rejects import RejectFile
from adapters.duckdb.reader.stage import bad_sql, value_sql
from domain.datasets.ingest_result import Reject

FETCH: Final = 10_000


def write_rejects(engine: duckdb.DuckDBPyConnection, raw: RawTable, plan: Plan, rejects: RejectFile) -> None:
    """Write every row that has no time or an unreadable metric, with its line and the reason."""
    assert plan.time.time is not None  # noqa: S101 - as above
    moment, _ = time_sql(plan.time.cell, plan.time.time)
    checked = [plan.time, *(column for column in plan.metrics if not column.native)]
    flags = [f"(({moment}) {IN_RANGE}) IS NOT TRUE", *(bad_sql(column) for column in checked[1:])]
    cells = ", ".join(f"{column.cell}::VARCHAR AS k{i}" for i, column in enumerate(checked))
    key_columns = ", ".join(f"k{i}" for i in range(len(checked)))
    which = ", ".join(flags)
    # A bad cell costs its row only where no metric of it can be read: as stage.stage decides.
    read = [f"({value_sql(column)}) IS NOT NULL" for column in plan.metrics]
    inside = ", ".join(f"{sql} AS r{i}" for i, sql in enumerate(read))
    costs = f"bad[1] OR (list_contains(bad, true) AND NOT ({' OR '.join(f'r{i}' for i in range(len(read)))}))"
    cursor = engine.execute(
        f"SELECT n, {key_columns}, bad FROM"
        f" (SELECT {raw.number} AS n, {cells}, [{which}] AS bad, {inside} FROM {raw.relation}) WHERE {costs}"
    )
    while rows := cursor.fetchmany(FETCH):
        for number, *values, bad in rows:
            column, value = next((c, v) for c, v, b in zip(checked, values, bad, strict=True) if b)
            rejects.add(
                Reject(
                    line=raw.line_of(number),
                    column=column.name,
                    value=value or "",
                    reason=_reason(column, value, is_time=column is plan.time),
                )
            )


def _reason(column: ColumnPlan, value: str | None, *, is_time: bool) -> str:
    if is_time:
        if is_missing(value):
            return "no time: the row has no place on the time line"
        ways = ", ".join(column.time.families) if column.time else ""
        order = {True: ", day first", False: ", month first", None: ""}[column.time.day_first if column.time else None]
        return f"not a valid time (the column is written as {ways}{order})"
    form = column.number
    detail = ""
    if form and (form.unit or form.thousands or form.decimal == ","):
        detail = f" (decimal sign “{form.decimal}”" + (f", unit {form.unit}" if form.unit else "") + ")"
    return f"not a number{detail}"
