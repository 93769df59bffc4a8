"""Cast all cells; where the whole file contradicts the sample, decide again from more of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
from msgspec.structs import replace as changed

from adapters.duckdb.reader.append import plan_of
from adapters.duckdb.reader.columns.infer import SAMPLE_CELLS, judged
from adapters.duckdb.reader.columns.mixed_cells import few_wrong
from adapters.duckdb.reader.columns.numbers import missing_sql
from adapters.duckdb.reader.columns.overrides import typed_as_said
from adapters.duckdb.reader.columns.plan import NUMBER_SHARE, ColumnPlan, Plan, judge_columns
from adapters.duckdb.reader.opened import Opened
from adapters.duckdb.reader.raw_table import table_names
from adapters.duckdb.reader.stage import Unread, failures, stage, staged_counts
from adapters.duckdb.reader.stage_plain import stage_plain
from adapters.duckdb.sql_text import literal, quoted
from domain.datasets.columns import ColumnType
from domain.datasets.parse_options import ParseOptions
from domain.datasets.table_schema import TableShape
from domain.errors import MalformedFileError


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of a file before it is read."""

    options: ParseOptions
    like: TableShape | None

    @property
    def may_order(self) -> bool:
        """Whether neither the user nor an earlier version determines the metrics and their order."""
        return self.like is None and not self.options.metric_columns


def staged(
    engine: duckdb.DuckDBPyConnection, opened: Opened, plan: Plan, wanted: Wanted, target: Path
) -> tuple[Plan, int, dict[str, Unread]]:
    """Cast all cells; where the whole file contradicts the sample, decide again from more of it."""
    for attempt in range(4):
        names = table_names(plan)
        if not stage_plain(engine, opened.raw, plan, names, target):
            stage(engine, opened.raw, plan, names, target)
        total, usable, blank = staged_counts(engine, plan, names, target)
        if total != opened.raw.rows:
            raise MalformedFileError(
                f"The file has {opened.raw.rows:,} rows of the right width, but only {total:,} can be told apart. "
                "Check its quotes and line ends."
            )
        unread = failures(engine, opened.raw, plan, blank, time=usable < total)
        again = _replanned(engine, opened, plan, wanted, unread=unread, target=target) if attempt < 3 else None  # noqa: PLR2004 - the last
        if again is None:
            break
        plan = again
    return plan, total - usable, {name: one for name, one in unread.items() if name != plan.time.name and one.staying}


def _replanned(
    engine: duckdb.DuckDBPyConnection,
    opened: Opened,
    plan: Plan,
    wanted: Wanted,
    *,
    unread: dict[str, Unread],
    target: Path,
) -> Plan | None:
    """Return a better plan if the whole file contradicts the sample, else None."""
    wrong: list[ColumnPlan] = []
    for name, one in unread.items():
        column = next(c for c in plan.columns if c.name == name)
        if (
            one.filled
            and one.bad > (1 - NUMBER_SHARE) * one.filled
            and not few_wrong(one.filled, 1 - one.bad / one.filled)
        ):
            wrong.append(column)
    blank = [c for c in plan.others if c.type is ColumnType.EMPTY]
    if blank:
        names = table_names(plan)
        listed = ", ".join(f"count({quoted(names[c.name])})" for c in blank)
        counts = engine.execute(f"SELECT {listed} FROM read_parquet({literal(str(target))})").fetchone() or ()
        wrong += [c for c, n in zip(blank, counts, strict=True) if n]
    if not wrong:
        return None
    evidence = _more_cells(engine, opened, wrong)
    columns, decimal = list(judged(opened, wanted.options)[0]), plan.decimal
    return _merged(columns, plan, evidence, decimal, wanted)


def _more_cells(
    engine: duckdb.DuckDBPyConnection, opened: Opened, columns: Sequence[ColumnPlan]
) -> dict[str, list[str]]:
    """Draw cells of some columns from the whole file."""
    out = {}
    for column in columns:
        missing = missing_sql(column.cell)
        rows = engine.execute(
            f"SELECT c FROM (SELECT {column.cell} AS c FROM {opened.raw.relation} WHERE NOT {missing})"
            f" USING SAMPLE reservoir({SAMPLE_CELLS} ROWS) REPEATABLE (1)"
        ).fetchall()
        out[column.name] = [row[0] for row in rows]
    return out


def _merged(
    columns: list[ColumnPlan], plan: Plan, evidence: dict[str, list[str]], decimal: str, wanted: Wanted
) -> Plan | None:
    current = {column.name: column for column in plan.columns}
    better: list[ColumnPlan] = []
    for i, column in enumerate(columns):
        if column.name not in evidence:
            better.append(current[column.name])
            continue
        cells = evidence[column.name]
        judged, _ = judge_columns([column.name], [cells], changed(wanted.options, decimal_comma=decimal == ","), "")
        fresh = replace(judged[0], cell=f"c{i}", filled=column.filled)
        if column.name == plan.time.name and fresh.time and plan.time.time:
            known = plan.time.time  # what the other columns prove
            shapes = () if known.era else fresh.time.shapes
            fresh = replace(fresh, time=replace(fresh.time, day_first=known.day_first, era=known.era, shapes=shapes))
        if fresh.type is ColumnType.EMPTY:
            fresh = replace(fresh, type=ColumnType.TEXT)
        better.append(fresh)
    again = plan_of(typed_as_said(better, wanted.options), decimal, wanted.options, wanted.like)
    return None if again == plan else again
