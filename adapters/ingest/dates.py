"""Which comes first, the day or the month? Decided from the whole column, or asked for; never guessed."""

from dataclasses import replace
from typing import Final

import duckdb

from adapters.ingest.load import RawTable
from adapters.ingest.numbers import literal
from adapters.ingest.plan import Plan
from adapters.ingest.times import PATTERNS, Family
from domain.dataset import Roles
from domain.errors import AmbiguousDateError

CONTRADICTION_SHARE: Final = 0.01  # of the proofs: up to here the few are errors and are rejected, not a second order


def decide_order(engine: duckdb.DuckDBPyConnection, raw: RawTable, plan: Plan, roles: Roles) -> Plan:
    """Settle the order of day and month.

    Raises:
        AmbiguousDateError: no date proves one order, or dates prove both.
    """
    form = plan.time.time
    if form is None or Family.NUMERIC not in form.families:
        return plan
    if roles.day_first is not None:
        return _with(plan, day_first=roles.day_first)
    day, month, undecided, example, day_example, month_example = _evidence(engine, raw, plan.time.cell)
    if min(day, month) > CONTRADICTION_SHARE * (day + month):
        raise AmbiguousDateError(
            f"Column “{plan.time.name}” holds dates of both orders: {day:,} prove that the day comes first "
            f"(“{day_example}”), {month:,} that the month does (“{month_example}”). "
            "Write all dates in one order, like 2024-01-31.",
            field="dayFirst",
        )
    if day == month == 0 and undecided:
        raise AmbiguousDateError(
            f"In column “{plan.time.name}” day and month cannot be told apart: no date has a day above 12 "
            f"(“{example}”). Say whether the day comes first (dayFirst).",
            field="dayFirst",
        )
    return _with(plan, day_first=day > month)


def _with(plan: Plan, *, day_first: bool) -> Plan:
    assert plan.time.time is not None  # noqa: S101 - the caller looked
    time = replace(plan.time, time=replace(plan.time.time, day_first=day_first))
    columns = tuple(time if column.name == time.name else column for column in plan.columns)
    return replace(plan, time=time, columns=columns)


def _evidence(
    engine: duckdb.DuckDBPyConnection, raw: RawTable, cell: str
) -> tuple[int, int, int, str | None, str | None, str | None]:
    pattern, names = PATTERNS[Family.NUMERIC]
    listed = ", ".join(f"'{name}'" for name in names)
    day, month = "a > 12 AND b <= 12", "b > 12 AND a <= 12"
    undecided = "a <= 12 AND b <= 12 AND a <> b"
    row = engine.execute(
        f"SELECT count(*) FILTER ({day}), count(*) FILTER ({month}), count(*) FILTER ({undecided}),"
        f" any_value(c) FILTER ({undecided}), any_value(c) FILTER ({day}), any_value(c) FILTER ({month})"
        f" FROM (SELECT c, try_cast(x.a AS INT) AS a, try_cast(x.b AS INT) AS b FROM"
        f" (SELECT {cell} AS c, regexp_extract({cell}, {literal(pattern)}, [{listed}]) AS x FROM {raw.relation}))"
    ).fetchone()
    return row or (0, 0, 0, None, None, None)
