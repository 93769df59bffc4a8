"""The shape of a table: each known one is recognised, turned into rows of one time each, and said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from adapters.duckdb.engine import connect
from adapters.duckdb.reader.columns.column_plan import ColumnPlan
from adapters.duckdb.reader.columns.infer import judged
from adapters.duckdb.reader.columns.plan import time_candidates
from adapters.duckdb.reader.opened import Opened
from adapters.duckdb.reader.raw_table import names_in_table
from adapters.duckdb.reader.shape import categories, compose, fill, joined_keys, long, no_data, stubs, wide
from adapters.duckdb.reader.shape.derive import Derived, derived, trimmed
from domain.datasets.parse_options import ParseOptions, Shape
from domain.datasets.table_schema import TableShape

Rows = Sequence[Sequence[str | None]]
Find = Callable[[Sequence[ColumnPlan], Opened, Path], Derived | None]


@dataclass(frozen=True, slots=True)
class Shaped:
    """A table as it will be stored.

    Attributes:
        opened: the table.
        columns: what each column is, as said by the user or by its cells.
        decimal: its decimal sign.
    """

    opened: Opened
    columns: tuple[ColumnPlan, ...]
    decimal: str


def reshaped(opened: Opened, options: ParseOptions, work: Path, like: TableShape | None = None) -> Shaped:
    """Return the table as it will be stored: one time in each row, one number for each metric.

    Nothing is done where the user chose ``Shape.AS_IS`` or where the file has the columns of the earlier table that it
    is added to, nor a step that would take away a column that was named.
    """
    if options.shape is Shape.AS_IS:
        return Shaped(opened, *judged(opened, options))
    free = options.shape_free()
    columns, decimal = judged(opened, free)
    # Rows for an earlier table have its shape already: only what is no value is still to be told from values.
    for find in _STEPS[:1] if like is not None and _is_alike(opened, like) else _STEPS:
        how = find(columns, opened, work)
        if how is not None and not _takes_away(how, opened, options):
            opened = derived(opened, how, work)
            columns, decimal = judged(opened, free)
    if options != free:
        columns, decimal = judged(opened, options)
    return Shaped(opened, columns, decimal)


def _is_alike(opened: Opened, like: TableShape) -> bool:
    names = names_in_table(opened.names, like.time_column)
    return set(names.values()) == {column.name for column in like.columns}


def _takes_away(how: Derived, opened: Opened, options: ParseOptions) -> bool:
    named = {options.time_column, *options.named_columns}
    return any(name in opened.names and name not in how.names for name in named)


def _with_time(find: Callable[[Sequence[ColumnPlan], ColumnPlan, Rows], Derived | None]) -> Find:
    def step(columns: Sequence[ColumnPlan], opened: Opened, _: Path) -> Derived | None:
        candidates = time_candidates(columns)
        return find(columns, candidates[0][0], opened.sample) if candidates else None

    return step


def _metrics_named(columns: Sequence[ColumnPlan], opened: Opened, work: Path) -> Derived | None:
    candidates = time_candidates(columns)
    if not candidates:
        return None
    every_name = partial(_every_name, opened, work)
    return long.metrics_named(columns, candidates[0][0], opened.sample, every_name)


def _every_name(opened: Opened, work: Path, place: int) -> list[str]:
    """Return the different names in a column of the whole file, one more than may become metrics at most."""
    raw = opened.raw
    if not raw.relation:
        return []
    engine = connect(work, [raw.folder] if raw.folder else ())
    try:
        cell = trimmed(f"c{place}")
        rows = engine.execute(
            f"SELECT DISTINCT {cell} FROM {raw.relation} WHERE {cell} <> '' ORDER BY 1 LIMIT {long.MOST_METRICS + 1}"
        ).fetchall()
    finally:
        engine.close()
    return [str(row[0]) for row in rows]


def _turned(columns: Sequence[ColumnPlan], _: Opened, __: Path) -> Derived | None:
    return wide.turned(columns) or stubs.named_and_timed(columns)


def _composed(columns: Sequence[ColumnPlan], opened: Opened, _: Path) -> Derived | None:
    composed = compose.composed(columns, opened.sample)
    return compose.applied(composed, columns) if composed else None


def _counted(columns: Sequence[ColumnPlan], time: ColumnPlan, _: Rows) -> Derived | None:
    return fill.counted(columns, time)


def _emptied(columns: Sequence[ColumnPlan], opened: Opened, _: Path) -> Derived | None:
    return no_data.emptied(columns, opened)


def _taken_apart(columns: Sequence[ColumnPlan], _: Opened, __: Path) -> Derived | None:
    return joined_keys.taken_apart(columns)


_STEPS: Final[tuple[Find, ...]] = (
    _emptied,
    _taken_apart,
    _turned,
    _with_time(fill.filled_down),
    _composed,
    _with_time(categories.one_frequency),
    _metrics_named,
    _with_time(long.without_total),
    _with_time(_counted),
)
