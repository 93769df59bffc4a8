"""The series that is analysed: records grouped by calendar unit, its holes made visible, its figures.

``build`` is the numpy oracle of the aggregation question; DuckDB and MongoDB are held against it.
"""

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from domain.timeseries.aggregation import Aggregate, Floats, Granularity, Ints, SeriesAnswer, Summary, Times
from domain.timeseries.buckets import SHORT_US, all_starts, bucket_ends, bucket_starts
from domain.timeseries.completeness import RecordSpan, complete_by_rows, covered
from domain.timeseries.granularity import (
    REGULAR_SHARE,
    SAME_STEP,
    resolve_aggregate,
    resolve_granularity,
    rolling_window_for,
)
from domain.timeseries.time_labels import precision_of, write
from domain.timeseries.timezones import DAY_US, EPOCH, SECOND_US, offsets, to_local

__all__ = [
    "TimeSeries",
    "build",
    "labels",
    "regularise",
    "resolve_aggregate",
    "resolve_granularity",
    "rolling_window_for",
    "summarise",
]

MAX_FILL: Final = 3.0  # a grid may be at most this many times as long as the points that are there
LONG_ENOUGH_US: Final = DAY_US  # from here on a label is a date


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimeSeries:
    """Points in order of time, missing buckets included.

    All arrays have one length n.

    Attributes:
        granularity: resolved.
        time_zone: IANA name.
        time_utc: start of each point, datetime64[us] UTC.
        time: the same by the dataset's wall clock, naive datetime64[us]: for detection and labels.
        value: the aggregate; NaN where the bucket is empty.
        rows: records behind each point; 0 where the bucket is empty.
        rolling_mean: trailing mean; NaN where the bucket is empty.
        rolling_std: trailing deviation; NaN where the bucket is empty.
        missing: how many empty buckets lie between the first and the last.
        duplicates: records beyond the first one at their point, if points are single times; else 0.
        first_bucket_complete: False if the data begin well after the first bucket does.
        last_bucket_complete: False if the data end well before the last bucket does.
        answer: what was asked of the records, without the empty buckets.
    """

    granularity: Granularity
    time_zone: str
    time_utc: Times
    time: Times
    value: Floats
    rows: Ints
    rolling_mean: Floats
    rolling_std: Floats
    missing: int
    duplicates: int
    first_bucket_complete: bool
    last_bucket_complete: bool
    answer: SeriesAnswer

    def __len__(self) -> int:
        """Return the number of points, empty ones included."""
        return len(self.value)


def build(
    time_us: Ints,
    values: Floats,
    granularity: Granularity,
    aggregate: Aggregate,
    time_zone: str,
    rolling_window: int,
) -> SeriesAnswer:
    """Answer the aggregation question from whole columns: the oracle that every store is compared with.

    Sums are exact to the last bit before they are rounded (``math.fsum``); deviations are taken from the median
    first, so that an offset of 1e15 costs no digit.

    Args:
        time_us: instants, microseconds since the epoch, in any order.
        values: float64 of the same length; what is not finite is left out.
        granularity: resolved.
        aggregate: resolved.
        time_zone: IANA name.
        rolling_window: points in the trailing window, at least 1.
    """
    finite = np.isfinite(values)
    starts = bucket_starts(time_us[finite].astype(np.int64), granularity, time_zone)
    order = np.argsort(starts, kind="stable")
    starts, x = starts[order], values[finite][order]
    time, first = np.unique(starts, return_index=True)
    rows = np.diff(np.append(first, len(x)))
    return _answer(time, _aggregate(x, first, rows, aggregate), rows.astype(np.int64), rolling_window)


def _aggregate(x: Floats, first: Ints, rows: Ints, aggregate: Aggregate) -> Floats:
    if len(first) == 0:
        return np.empty(0)
    if aggregate is Aggregate.COUNT:
        return rows.astype(np.float64)
    if aggregate is Aggregate.MIN:
        return np.minimum.reduceat(x, first)
    if aggregate is Aggregate.MAX:
        return np.maximum.reduceat(x, first)
    sums = x[first].copy()
    for i in np.flatnonzero(rows > 1):
        sums[i] = _sum(x[first[i] : first[i] + rows[i]])
    return sums / rows if aggregate is Aggregate.MEAN else sums


def _sum(x: Floats) -> float:
    try:
        return math.fsum(x.tolist())
    except OverflowError:
        return math.copysign(math.inf, float(np.sum(x / len(x))))


def _answer(time: Ints, value: Floats, rows: Ints, window: int) -> SeriesAnswer:
    n = len(value)
    nothing = np.full(n, np.nan)
    if n == 0:
        figures = dict.fromkeys(("mean", "std_dev", "minimum", "maximum", "q1", "median", "q3"), math.nan)
        return SeriesAnswer(
            time=time.astype("datetime64[us]"),
            value=value,
            rows=rows,
            rolling_mean=nothing,
            rolling_std=nothing.copy(),
            z_score=nothing.copy(),
            **figures,
        )
    q1, median, q3 = (float(q) for q in np.quantile(value, [0.25, 0.5, 0.75]))
    away = value - median
    center = math.fsum(away.tolist()) / n
    std = math.sqrt(math.fsum(((away - center) ** 2).tolist()) / (n - 1)) if n > 1 else math.nan
    rolling_mean, rolling_std = _rolling(away, window)
    return SeriesAnswer(
        time=time.astype("datetime64[us]"),
        value=value,
        rows=rows,
        rolling_mean=rolling_mean + median,
        rolling_std=rolling_std,
        z_score=(away - center) / std if std > 0 else nothing,
        mean=center + median,
        std_dev=std,
        minimum=float(value.min()),
        maximum=float(value.max()),
        q1=q1,
        median=median,
        q3=q3,
    )


def _rolling(x: Floats, window: int) -> tuple[Floats, Floats]:
    """Mean and deviation of each trailing window, each window summed by itself: no drift along the series."""
    n, width = len(x), max(1, min(window, len(x)))
    padded = np.concatenate([np.full(width - 1, np.nan), x])
    windows = np.lib.stride_tricks.sliding_window_view(padded, width)
    count = np.minimum(np.arange(1, n + 1), width)
    mean = np.nansum(windows, axis=1) / count
    squares = np.nansum((windows - mean[:, None]) ** 2, axis=1)
    std = np.full(n, np.nan)
    std[count > 1] = np.sqrt(squares[count > 1] / (count[count > 1] - 1))
    return mean, std


def regularise(
    answer: SeriesAnswer, granularity: Granularity, time_zone: str, span: RecordSpan | None = None
) -> TimeSeries:
    """Put the points on their calendar: empty buckets become NaN, and what is incomplete is said.

    Holes are filled for calendar units whose points keep a cadence; a sparse or irregular series stays as it is
    (its holes are its nature), and so does one whose grid would be more than three times as long.

    Args:
        answer: buckets without their holes.
        granularity: that of the question.
        time_zone: that of the question.
        span: of the records; None if only their buckets are known.
    """
    starts = answer.time.astype(np.int64)
    grid = _grid(starts, granularity, time_zone)
    place = np.searchsorted(grid, starts)

    def spread(values: Floats) -> Floats:
        out = np.full(len(grid), np.nan)
        out[place] = values
        return out

    rows = np.zeros(len(grid), dtype=np.int64)
    rows[place] = answer.rows
    native = granularity is Granularity.NATIVE
    first_complete, last_complete = (True, True) if native else complete_by_rows(answer.rows)
    if span is not None and not native and len(starts):
        first_complete, last_complete = covered(answer.rows, starts, granularity, time_zone, span)
    return TimeSeries(
        granularity=granularity,
        time_zone=time_zone,
        time_utc=grid.astype("datetime64[us]"),
        time=to_local(grid, time_zone).astype("datetime64[us]"),
        value=spread(answer.value),
        rows=rows,
        rolling_mean=spread(answer.rolling_mean),
        rolling_std=spread(answer.rolling_std),
        missing=len(grid) - len(starts),
        duplicates=int(answer.rows.sum()) - len(starts) if native else 0,
        first_bucket_complete=first_complete,
        last_bucket_complete=last_complete,
        answer=answer,
    )


def _grid(starts: Ints, granularity: Granularity, time_zone: str) -> Ints:
    if len(starts) < 3 or granularity is Granularity.NATIVE:  # noqa: PLR2004 - two steps make the least cadence
        return starts
    next_starts = bucket_ends(starts[:-1], granularity, time_zone)
    adjacent = np.abs(starts[1:] - next_starts) <= SAME_STEP * (next_starts - starts[:-1])
    if float(adjacent.mean()) < REGULAR_SHARE:
        return starts
    shortest = SHORT_US.get(granularity, int((next_starts - starts[:-1]).min()))
    if (starts[-1] - starts[0]) / shortest > MAX_FILL * len(starts) + 1:
        return starts
    return np.union1d(all_starts(int(starts[0]), int(starts[-1]), granularity, time_zone), starts)


def labels(series: TimeSeries) -> list[str]:
    """Name each point: ``2024-01-03`` for a day or longer, RFC 3339 with its offset otherwise (``Z`` for UTC).

    Native points whose wall clocks all show midnight are dates too. Fractions of a second are written only if
    there are any.
    """
    return time_labels(series.time_utc, series.granularity, series.time_zone)


def time_labels(time_utc: Times, granularity: Granularity, time_zone: str) -> list[str]:
    """Name instants (datetime64[us] UTC) as ``labels`` does."""
    instants = time_utc.astype("datetime64[us]").astype(np.int64)
    if len(instants) == 0:
        return []
    shift = offsets(time_zone, int(instants.min()), int(instants.max())).at(instants)
    wall = (instants + shift).astype("datetime64[us]")
    return write(wall, shift // SECOND_US, precision_of(wall, granularity), time_zone)


def summarise(series: TimeSeries) -> Summary:
    """Return the figures of the points; null where there is no point (or one, for the deviation)."""
    answer = series.answer
    return Summary(
        count=len(answer.value),
        missing=series.missing,
        rows=int(answer.rows.sum()),
        mean=_or_none(answer.mean),
        median=_or_none(answer.median),
        std_dev=_or_none(answer.std_dev),
        min=_or_none(answer.minimum),
        max=_or_none(answer.maximum),
        q1=_or_none(answer.q1),
        q3=_or_none(answer.q3),
        iqr=_or_none(answer.q3 - answer.q1),
    )


def _or_none(figure: float) -> float | None:
    return figure if math.isfinite(figure) else None


def instant_of(label_us: int) -> str:
    """Return an instant (microseconds) as RFC 3339 in UTC, for messages."""
    return (EPOCH + timedelta(microseconds=label_us)).isoformat().replace("+00:00", "Z")
