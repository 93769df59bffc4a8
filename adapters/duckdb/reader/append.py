"""Rows for an earlier table: read like it, then put among its rows."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import duckdb
from msgspec.structs import replace as changed

from adapters.duckdb.engine import parquet
from adapters.duckdb.reader.columns.plan import NAMED_SHARE, ColumnPlan, Plan, make_plan, time_column
from adapters.duckdb.reader.dimensions import counted_dimensions
from adapters.duckdb.reader.raw_table import TIME, names_in_table
from adapters.duckdb.reader.settle import Loaded, described
from adapters.duckdb.sql_text import literal, quoted
from domain.datasets.columns import Column, ColumnRole, ColumnType
from domain.datasets.dataset import Appended
from domain.datasets.dimensions import Dimension, may_be_dimension, with_roles
from domain.datasets.ingest_result import IngestResult
from domain.datasets.parse_options import ParseOptions
from domain.datasets.table_schema import TableShape, joined

TABLE: Final = "table.parquet"


def plan_of(columns: Sequence[ColumnPlan], decimal: str, options: ParseOptions, like: TableShape | None) -> Plan:
    """Choose the column of time and the metrics, or take those of an earlier table.

    Raises:
        ColumnNotFoundError, NoTimeColumnError, NoNumericColumnError, ColumnsDifferError.
    """
    if like is None:
        return make_plan(columns, decimal, options)
    names = names_in_table([column.name for column in columns], like.time_column)
    numbers = {column.name for column in like.columns if column.type is ColumnType.NUMBER}
    read = [_read_as(column, number=names[column.name] in numbers) for column in columns]
    new_columns = [Column(name=names[column.name], type=column.type, unit=_unit(column)) for column in read]
    examples = {names[column.name]: column.example for column in read}
    shape = joined(like, new_columns, examples, chosen=bool(options.metric_columns))
    by_name = {names[column.name]: column for column in read}
    time = time_column(read, changed(options, time_column=like.time_column))
    time = replace(time, type=ColumnType.TIME)
    chosen = {time.name, *shape.metric_columns}
    return Plan(
        time=time,
        metrics=tuple(replace(by_name[name], type=ColumnType.NUMBER) for name in shape.metric_columns),
        others=tuple(column for name, column in by_name.items() if name not in chosen),
        columns=tuple(time if column.name == time.name else column for column in read),
        decimal=decimal,
        shape=shape,
    )


def _read_as(column: ColumnPlan, *, number: bool) -> ColumnPlan:
    """A column of numbers stays one if half of its cells read as such, as one that the user names does."""
    enough = number and column.number_share >= NAMED_SHARE
    return replace(column, type=ColumnType.NUMBER) if enough else column


def _unit(column: ColumnPlan) -> str | None:
    return column.number.unit if column.number and column.type is ColumnType.NUMBER else None


def append_table(
    engine: duckdb.DuckDBPyConnection, earlier: Path, added: IngestResult, into: Path
) -> tuple[Path, Loaded, Appended]:
    """Write earlier and added rows in order of time; an earlier row at a time that was added gives way."""
    metrics = list(added.metric_columns)
    others = [c.name for c in added.columns if c.name != added.time_column and c.name not in metrics]
    old, new = (f"read_parquet({literal(str(path))})" for path in (earlier, added.table))
    # A column that was empty so far was kept as text: it may be one of numbers now.
    cast = "".join(f", CAST({quoted(name)} AS DOUBLE) AS {quoted(name)}" for name in metrics)
    plain = "".join(f", {quoted(name)}" for name in others)
    again = f"{TIME} IN (SELECT {TIME} FROM {new})"
    rows_kept, replaced, times = engine.execute(
        f"SELECT count(*) FILTER (NOT again), count(*) FILTER (again), count(DISTINCT {TIME}) FILTER (again)"
        f" FROM (SELECT {TIME}, {again} AS again FROM {old})"
    ).fetchone() or (0, 0, 0)
    target = into / TABLE
    engine.execute(
        f"COPY (SELECT {TIME}{cast}{plain} FROM {old} WHERE NOT ({again})"
        f" UNION ALL SELECT {TIME}{cast}{plain} FROM {new} ORDER BY {TIME})"
        f" TO {parquet(target, 1 + len(metrics) + len(others))}"
    )
    counts = "".join(f", count({quoted(name)})" for name in metrics)
    filled = engine.execute(f"SELECT count(*){counts} FROM read_parquet({literal(str(target))})").fetchone() or (0,)
    loaded = described(
        engine, target, metrics, others, dict(zip(metrics, filled[1:], strict=True)),
        out_of_order=added.quality.out_of_order_rows, notes=list(added.quality.notes),
    )  # fmt: skip
    appended = Appended(added_rows=added.row_count, kept_rows=rows_kept, replaced_rows=replaced, replaced_times=times)
    return target, loaded, appended


def dimensions_of(
    engine: duckdb.DuckDBPyConnection, added: IngestResult, table: Path, options: ParseOptions
) -> tuple[Dimension, ...]:
    """Count the dimensions of both together; what was one in either stays one, unless the user says otherwise."""
    open_columns = [column for column in added.columns if options.may_group(column.name)]
    candidates = [c for c in open_columns if may_be_dimension(c, added.time_column, added.metric_columns)]
    chosen = {column.name for column in candidates if column.role is ColumnRole.DIMENSION}
    return counted_dimensions(engine, table, [column.name for column in candidates], chosen)


def report_of(
    added: IngestResult, table: Path, loaded: Loaded, appended: Appended, dimensions: tuple[Dimension, ...]
) -> IngestResult:
    """What is said of both together."""
    quality = changed(
        added.quality,
        total_rows=loaded.rows + added.quality.rejected_rows,
        usable_rows=loaded.rows,
        duplicate_rows=loaded.duplicate_rows,
        duplicate_times=loaded.duplicate_times,
        missing_cells=loaded.missing,
        appended=appended,
    )
    return changed(
        added, table=table, row_count=loaded.rows, first_time=loaded.first, last_time=loaded.last, quality=quality,
        columns=with_roles(added.columns, dimensions), dimensions=dimensions,
    )  # fmt: skip
