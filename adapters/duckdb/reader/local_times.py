"""Wall-clock times of a zone become instants, in SQL."""

from datetime import UTC, datetime
from typing import Any

import duckdb
import numpy as np

from adapters.duckdb.reader.clock_folds import second_showings
from adapters.duckdb.reader.raw_table import TIME, one_number
from domain.timeseries.timezones import DAY_US, EPOCH, Offsets, offsets


def zoned(
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
    skipped, shown = _within(engine, source, gaps, naive), _within(engine, source, folds, naive)
    if skipped:
        notes.append(
            f"{skipped:,} times lie in an hour that the clock of {zone} skips: taken as far behind the change as they"
            " claim."
        )
    runs = second_showings(engine, source, folds, naive) if shown else []
    if shown:
        rows = sum(last - first + 1 for first, last in runs)
        notes.append(
            f"{shown:,} times lie in an hour that the clock of {zone} shows twice: "
            + (f"{rows:,} are taken as its second showing by the order of the rows." if runs else
               "all are taken as its first showing, so it may hold two hours.")
        )  # fmt: skip
    shift = local_shift_sql(table, TIME)
    moved = f"({TIME} - to_microseconds({shift}))"
    if runs:
        second = " OR ".join(f"file_row_number BETWEEN {first} AND {last}" for first, last in runs)
        later = local_shift_sql(table, f"({TIME} + INTERVAL 3 HOUR)")  # the offset behind the change
        moved = f"CASE WHEN {second} THEN {TIME} - to_microseconds({later}) ELSE {moved} END"
    return f"CASE WHEN m_aware THEN {TIME} ELSE {moved} END" if aware else moved


def _within(engine: duckdb.DuckDBPyConnection, source: str, spans: list[tuple[int, int]], where: str) -> int:
    if not spans:
        return 0
    tests = " OR ".join(f"(epoch_us({TIME}) >= {low} AND epoch_us({TIME}) < {high})" for low, high in spans)
    return one_number(engine, f"SELECT count(*) FROM {source} WHERE {where} AND ({tests})")


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
