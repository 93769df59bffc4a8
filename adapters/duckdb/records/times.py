"""What the times of a metric look like, asked of DuckDB."""

from dataclasses import dataclass

import duckdb
import numpy as np

from adapters.duckdb.records import sql as ask
from domain.timeseries.aggregation import Ints
from domain.timeseries.buckets import SHORT_US, ordinals
from domain.timeseries.granularity import SAME_STEP, UNITS
from domain.timeseries.timezones import DAY_US


@dataclass(frozen=True, slots=True)
class DescribedTimes:
    """What the times of a metric look like (see ``MetricProfile``)."""

    distinct: int
    first: int
    last: int
    median_step: int
    regular_share: float
    occupied: dict[str, int]


def described_times(cursor: duckdb.DuckDBPyConnection, relation: str) -> DescribedTimes:
    """Describe the times of the rows of a relation."""
    first, last = one_row(cursor, ask.ends_sql(relation))
    columns = cursor.execute(ask.steps_sql(relation)).fetchnumpy()
    steps, counts = np.asarray(columns["step"], np.int64), np.asarray(columns["n"], np.int64)
    median, regular = _median_step(steps[steps > 0], counts[steps > 0])
    days = np.asarray(cursor.execute(ask.days_sql(relation)).fetchnumpy()["k"], np.int64)
    occupied = {str(unit): 1 + int(np.asarray(columns[str(unit)], np.int64).sum()) for unit in SHORT_US}
    occupied |= {str(unit): len(np.unique(ordinals(days * DAY_US, unit))) for unit in UNITS if unit not in SHORT_US}
    return DescribedTimes(1 + int(counts[steps > 0].sum()), first, last, median, regular, occupied)


def _median_step(steps: Ints, counts: Ints) -> tuple[int, float]:
    """Return the median of steps that occur so often, and the share of them near it."""
    if len(steps) == 0:
        return 0, 0.0
    order = np.argsort(steps)
    steps, counts = steps[order], counts[order]
    reached = np.cumsum(counts)
    total = int(reached[-1])
    low, high = (int(steps[np.searchsorted(reached, k, side="right")]) for k in ((total - 1) // 2, total // 2))
    median = (low + high) / 2
    near = np.abs(steps - median) <= SAME_STEP * median
    return round(median), float(counts[near].sum()) / total


def one_row(cursor: duckdb.DuckDBPyConnection, sql: str, **given: float) -> tuple:  # type: ignore[type-arg]
    """Return the one row of an answer."""
    return cursor.execute(sql, given or None).fetchone() or ()
