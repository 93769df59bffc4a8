"""The aggregation question, asked close to the data, and its answer.

DuckDB (embedded) and MongoDB (cloud) both answer it; ``domain.timeseries.series`` holds the numpy oracle
that their contract tests compare them with. The question is asked of one numeric column of one dataset version.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from domain.struct import Struct
from domain.timeseries.segment import EVERY_ROW, Segment

Times = npt.NDArray[np.datetime64]  # datetime64[us], UTC instants
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Granularity(StrEnum):
    """How records are grouped into points: calendar units in the dataset's time zone.

    ``native`` makes every distinct time a point; ``auto`` is resolved by
    ``domain.timeseries.series`` before anything is asked.
    """

    AUTO = "auto"
    NATIVE = "native"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"  # ISO weeks: they begin on Monday
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Aggregate(StrEnum):
    """What becomes of the values of one bucket. ``auto`` is resolved by ``domain.timeseries.series``."""

    AUTO = "auto"
    SUM = "sum"
    MEAN = "mean"
    MIN = "min"
    MAX = "max"
    COUNT = "count"


class MetricProfile(Struct, frozen=True):
    """What one column and its times look like: enough to resolve ``auto``.

    Only rows whose value is a finite number count. ``median_step_us`` is the median step between distinct
    times in microseconds, ``regular_share`` the share of steps within 15 % of it, ``occupied`` the number of
    non-empty buckets per calendar unit (local calendar), ``all_integers`` whether no value has a fraction;
    ``maximum`` is None in profiles that were stored before it was gathered.
    """

    rows: int
    distinct_times: int
    first_us: int
    last_us: int
    median_step_us: int
    regular_share: float
    occupied: dict[str, int]
    minimum: float
    all_integers: bool
    maximum: float | None = None


class SeriesQuestion(Struct, frozen=True):
    """Which series is wanted. ``granularity`` and ``aggregate`` are resolved (never ``auto``).

    Attributes:
        rolling_window: points in the trailing window of the rolling mean and deviation, the point itself included.
        segment: which rows count.
    """

    dataset_id: str
    version: int
    metric: str
    granularity: Granularity
    aggregate: Aggregate
    time_zone: str
    rolling_window: int
    segment: Segment = EVERY_ROW


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeriesAnswer:
    """Per bucket and over all buckets; buckets without any finite value are left out.

    All arrays have one length n and are in order of time; deviations are of the sample (n - 1), NaN where they
    are undefined. Quartiles interpolate linearly (numpy's default, R's type 7).

    Attributes:
        time: start of each bucket, datetime64[us] UTC.
        value: the aggregate.
        rows: records behind each bucket.
        rolling_mean: trailing mean over ``rolling_window`` buckets (fewer at the beginning).
        rolling_std: trailing deviation over the same window.
        z_score: (value - mean) / std_dev; NaN when std_dev is 0 or undefined.
    """

    time: Times
    value: Floats
    rows: Ints
    rolling_mean: Floats
    rolling_std: Floats
    z_score: Floats
    mean: float
    std_dev: float
    minimum: float
    maximum: float
    q1: float
    median: float
    q3: float


class Summary(Struct, frozen=True):
    """Figures of the points of a series (not of the rows behind them)."""

    count: int
    missing: int
    rows: int
    mean: float | None
    median: float | None
    std_dev: float | None
    min: float | None
    max: float | None
    q1: float | None
    q3: float | None
    iqr: float | None
