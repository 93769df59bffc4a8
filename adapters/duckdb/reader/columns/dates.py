"""Which comes first, the day or the month? Decided from the whole column, or asked for; never guessed."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Final

import duckdb

from adapters.duckdb.reader.columns.column_plan import Plan
from adapters.duckdb.reader.columns.time_formats import Family, TimeFormat
from adapters.duckdb.reader.columns.time_sql import parts_sql, prepared_sql, time_sql
from adapters.duckdb.reader.columns.zone_names import AMBIGUOUS, settled
from adapters.duckdb.reader.raw_table import RawTable
from domain.datasets.parse_options import ParseOptions
from domain.errors import AmbiguousDateError

SEQUENCE: Final = 5_000  # rows whose order is looked at where no single date proves anything
FEWEST_DATES: Final = 6  # different times below which an order proves nothing
EVEN: Final = 0.8  # of the span that even steps fill; in the other order they fill less than a tenth
# Day, month and year of a date in the letters of English, German, French, Spanish and Italian.
_PATTERN: Final = re.compile(r"(?:[dtjg]{2}[./-]mm|mm[./-][dtjg]{2})[./-](?:[yja]{2,4}|aaaa)", re.ASCII)
CONTRADICTION_SHARE: Final = 0.01  # of the proofs: up to here the few are errors and are rejected, not a second order


def decide_order(engine: duckdb.DuckDBPyConnection, raw: RawTable, plan: Plan, options: ParseOptions) -> Plan:
    """Settle the order of day and month.

    Raises:
        AmbiguousDateError: no date proves one order, or dates prove both.
    """
    form = plan.time.time
    if form is None or Family.NUMERIC not in form.families:
        return plan
    if options.day_first is not None:
        return _with(plan, day_first=options.day_first)
    text = prepared_sql(plan.time.cell, form)
    day, month, undecided, example, day_example, month_example = _evidence(engine, raw, text)
    if min(day, month) > CONTRADICTION_SHARE * (day + month):
        raise AmbiguousDateError(
            f"Column “{plan.time.name}” holds dates of both orders: {day:,} prove that the day comes first "
            f"(“{day_example}”), {month:,} that the month does (“{month_example}”). "
            "Write all dates in one order, like 2024-01-31.",
            field="dayFirst",
        )
    if day == month == 0 and undecided:
        order = by_name(plan.time.name)
        if order is None:
            order = _by_sequence(engine, raw, plan.time.cell, form)
        if order is not None:
            return _with(plan, day_first=order)
        raise AmbiguousDateError(
            f"In column “{plan.time.name}” day and month cannot be told apart: no date has a day above 12 "
            f"(“{example}”). Say whether the day comes first (dayFirst).",
            field="dayFirst",
        )
    return _with(plan, day_first=day > month)


def _with(plan: Plan, *, day_first: bool) -> Plan:
    assert plan.time.time is not None  # noqa: S101 - the caller looked
    return _changed(plan, replace(plan.time.time, day_first=day_first))


def _changed(plan: Plan, form: TimeFormat) -> Plan:
    time = replace(plan.time, time=form)
    columns = tuple(time if column.name == time.name else column for column in plan.columns)
    return replace(plan, time=time, columns=columns)


def _by_sequence(engine: duckdb.DuckDBPyConnection, raw: RawTable, cell: str, form: TimeFormat) -> bool | None:
    """Return whether the day comes first by what all dates say together; None where both orders make sense.

    Dates with dots are written day first wherever dots are used. Else that order is right in which the rows rise or
    fall all the way, or in which they come with an even step: twelve firsts of a month are twelve days in January of
    each year in the other order.
    """
    text = prepared_sql(cell, form)
    moments = ", ".join(time_sql(cell, replace(form, day_first=first))[0] for first in (True, False))
    rows = engine.execute(
        f"SELECT contains({text}, '.'), {moments} FROM"
        f" (SELECT *, {parts_sql(text, Family.NUMERIC)} AS read_parts FROM {raw.relation})"
        f" WHERE read_parts.y <> '' LIMIT {SEQUENCE}"
    ).fetchall()
    if all(dotted for dotted, _, _ in rows):
        return True
    day, month = [at for _, at, _ in rows if at], [at for _, _, at in rows if at]
    if len(set(day)) < FEWEST_DATES or not len(day) == len(month) == len(rows):
        return None
    return _better(_orderly(day), _orderly(month))


def _orderly(times: Sequence[datetime]) -> tuple[bool, bool]:
    """Return whether times rise (or fall) all the way, and whether an even step fills their span."""
    steps = [after - before for before, after in pairwise(times)]
    rising = all(step >= timedelta() for step in steps) or all(step <= timedelta() for step in steps)
    apart = sorted(set(times))
    usual = median((after - before).total_seconds() for before, after in pairwise(apart))
    return rising, usual * (len(apart) - 1) >= EVEN * (apart[-1] - apart[0]).total_seconds()


def _better(day: tuple[bool, bool], month: tuple[bool, bool]) -> bool | None:
    if day[0] != month[0]:
        return day[0]
    return day[1] if day[1] != month[1] else None


def by_name(name: str) -> bool | None:
    """Return whether the day comes first by the pattern that a column's name gives: "Date (DD/MM/YYYY)"."""
    pattern = _PATTERN.search(name[:200].lower())
    return not pattern[0].startswith("mm") if pattern else None


def settle_zones(plan: Plan, options: ParseOptions) -> Plan:
    """Settle what ambiguous names of time zones mean: as the user's own time zone has them.

    Raises:
        AmbiguousDateError: the user's time zone has no such name.
    """
    form = plan.time.time
    unsettled = [name for name, minutes in form.zones if minutes is None] if form else []
    if form is None or not unsettled:
        return plan
    minutes = {name: settled(name, options.time_zone) for name in unsettled}
    for name, offsets in minutes.items():
        if offsets is None:
            raise AmbiguousDateError(
                f"The times in column “{plan.time.name}” carry “{name}”, which several time zones call their time:"
                f" {', '.join(AMBIGUOUS[name])}. Choose the time zone that is meant (timeZone).",
                field="timeZone",
            )
    return _changed(plan, replace(form, zones=tuple({**dict(form.zones), **minutes}.items())))


def _evidence(
    engine: duckdb.DuckDBPyConnection, raw: RawTable, cell: str
) -> tuple[int, int, int, str | None, str | None, str | None]:
    day, month = "a > 12 AND b <= 12", "b > 12 AND a <= 12"
    undecided = "a <= 12 AND b <= 12 AND a <> b"
    row = engine.execute(
        f"SELECT count(*) FILTER ({day}), count(*) FILTER ({month}), count(*) FILTER ({undecided}),"
        f" any_value(c) FILTER ({undecided}), any_value(c) FILTER ({day}), any_value(c) FILTER ({month})"
        f" FROM (SELECT c, try_cast(x.a AS INT) AS a, try_cast(x.b AS INT) AS b FROM"
        f" (SELECT {cell} AS c, {parts_sql(cell, Family.NUMERIC)} AS x FROM {raw.relation}))"
    ).fetchone()
    return row or (0, 0, 0, None, None, None)
