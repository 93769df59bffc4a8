"""The question where something happened, as one GROUP BY over the row groups of its spans."""

from collections.abc import Sequence

import duckdb
import numpy as np

from adapters.duckdb.sql_text import group_value, in_segment, literal, quoted
from domain.timeseries.group_sums import GroupQuestion, GroupSums, Span


def groups_sql(path: str, question: GroupQuestion) -> str:
    """Ask for the span (``i``), the values (``g0`` ...), the rows (``n``) and the sums (``s0`` ...) of each group."""
    keys = "".join(f", {group_value(name)} AS g{i}" for i, name in enumerate(question.columns))
    numbers = "".join(f", {quoted(name)} AS v{i}" for i, name in enumerate(question.metrics))
    usable = " AND ".join(f"isfinite({quoted(name)})" for name in question.metrics)
    first, last = min(start for start, _ in question.spans), max(end for _, end in question.spans)
    # Compared with the stored column as it is, so that row groups of other times are not read.
    near = f"t >= make_timestamp({first}) AND t < make_timestamp({last})"
    # A sum beyond the largest double is infinite; the compensation would make it NaN.
    sums = "".join(
        f", CASE WHEN isfinite(fsum(v{i})) THEN fsum(v{i}) ELSE sum(v{i}) END AS s{i}"
        for i in range(len(question.metrics))
    )
    listed = "".join(f", g{i}" for i in range(len(question.columns)))
    return (
        f"SELECT i{listed}, count(*) AS n{sums} FROM (SELECT {_span(question.spans)} AS i{keys}{numbers}"
        f" FROM read_parquet({literal(path)}) WHERE {near} AND {usable} AND {in_segment(question.segment)})"
        f" WHERE i IS NOT NULL GROUP BY i{listed} LIMIT {question.most_groups + 1}"
    )


def _span(spans: Sequence[Span]) -> str:
    """Return SQL for the place of the span in which a row lies, NULL outside of all."""
    cases = "".join(
        f" WHEN t >= make_timestamp({start}) AND t < make_timestamp({end}) THEN {place}"
        for place, (start, end) in enumerate(spans)
    )
    return f"CASE{cases} END"


def group_sums(cursor: duckdb.DuckDBPyConnection, path: str, question: GroupQuestion) -> GroupSums:
    """Ask and answer; every column of the question is stored."""
    table = cursor.execute(groups_sql(path, question)).fetchnumpy()
    within = slice(0, question.most_groups)
    sums = [np.ma.filled(np.ma.asarray(table[f"s{i}"], np.float64), np.nan) for i in range(len(question.metrics))]
    return GroupSums(
        values={name: table[f"g{i}"][within].tolist() for i, name in enumerate(question.columns)},
        span=np.asarray(table["i"], np.int64)[within],
        rows=np.asarray(table["n"], np.int64)[within],
        sums=np.array(sums, np.float64)[:, within],
        is_cut=len(table["n"]) > question.most_groups,
    )
