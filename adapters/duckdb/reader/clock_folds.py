"""The hour that a clock shows twice: which of its rows belong to the second showing, told by the file's order."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final

import duckdb

HOUR_US: Final = 3_600_000_000
MOST_ROWS: Final = 200_000  # in such hours that are looked at
MOST_RUNS: Final = 1_000  # of rows that an expression lists
Row = tuple[int, int]  # place in the file, wall clock in microseconds


def second_showings(
    engine: duckdb.DuckDBPyConnection, source: str, spans: Sequence[tuple[int, int]], where: str
) -> list[tuple[int, int]]:
    """Return runs of rows (first and last place in the file) that lie in the second showing of an hour.

    Args:
        engine: where.
        source: relation with ``t`` and ``file_row_number``.
        spans: the hours shown twice, in microseconds of the wall clock.
        where: SQL of the rows without an offset of their own.
    """
    runs: list[tuple[int, int]] = []
    for low, high in spans:
        inside = f"{where} AND epoch_us(t) >= {low} AND epoch_us(t) < {high}"
        rows = engine.execute(
            f"SELECT file_row_number, epoch_us(t) FROM {source} WHERE {inside} ORDER BY 1 LIMIT {MOST_ROWS}"
        ).fetchall()
        around = f"epoch_us(t) BETWEEN {low - 3 * HOUR_US} AND {high + 3 * HOUR_US} AND NOT ({inside})"
        counts = engine.execute(f"SELECT count(*) FROM {source} WHERE {where} AND {around} GROUP BY t").fetchall()
        runs += _runs(_second(rows, median(n for (n,) in counts) if counts else 1))
    return runs if len(runs) <= MOST_RUNS else []


def _second(rows: list[Row], usual: float) -> list[int]:
    """Return the places of the rows in the second showing.

    Args:
        rows: of one such hour, in the file's order.
        usual: rows that a time of the hours around has.
    """
    backward = len(rows) > 1 and sum(b < a for (_, a), (_, b) in pairwise(rows)) > len(rows) / 2
    ordered = rows[::-1] if backward else rows
    steps_back = [i for i, ((_, a), (_, b)) in enumerate(pairwise(ordered), 1) if b < a]
    if len(steps_back) == 1:  # 01:00, 01:30, 01:00, 01:30: the clock was put back once
        return [place for place, _ in ordered[steps_back[0] :]]
    twice = {at for at, n in Counter(at for _, at in rows).items() if n >= 2 * usual}
    by_time: defaultdict[int, list[int]] = defaultdict(list)
    for place, at in ordered:
        by_time[at].append(place)
    if steps_back:  # one series after the other, each with its own two showings: they take turns
        return [place for at in twice for place in by_time[at][1::2]]
    return [place for at in twice for place in by_time[at][len(by_time[at]) // 2 :]]


def _runs(places: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for place in sorted(places):
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs
