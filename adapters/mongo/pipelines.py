"""The analysis as MongoDB aggregations: pure functions from a question to stages.

A pipeline reads the bucket documents of one version (``adapters.mongo.bucketing`` says what they hold) and returns
the points of the series with every figure of ``domain.timeseries.aggregation.SeriesAnswer``:

    select      the bucket documents of the version
    points      one document per point: {_id: its bucket, value, rows}, from the partial aggregates where
                the point consists of whole bucket documents, else from the rows
    quartiles   the exact quartiles of the points, without $percentile (MongoDB 7.0)
    deviations  global mean and deviation, rolling mean and deviation, z-score
    packed      many points per document: a tenth of the bytes, a tenth of the time to read them

Times of day. Everything is computed on the wall clock (a Date "as if UTC") that each bucket document carries, by
offsets that ``domain.timeseries.timezones`` found, and never by
``$dateTrunc``'s own ``timezone``: the server's time zone tables
are those of its build, its hours are counted from 2000-01-01 (which is wrong by half an hour in half of Lord
Howe's years), and a Date ends at the millisecond.

Numbers. ``$sum`` and ``$avg`` add in double-double arithmetic, ``$stdDevSamp`` by Welford's method. Deviations are
taken from the median first, so that an offset of 1e15 costs no digit; each rolling window is summed by itself, for
taking values out of a running deviation leaves the rounding errors of a spike behind long after it has passed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bson import Int64, ObjectId

from adapters.mongo.codes import Allowed, arrays, code
from domain.timeseries.aggregation import Aggregate, Granularity
from domain.timeseries.timezones import Offsets

Stage = dict[str, Any]
Expression = Any

LARGEST: Final = 1.7976931348623157e308  # the largest double: beyond it is infinity; NaN sorts before every number
PACKED_POINTS: Final = 4_096  # per returned document: about 300 kB, far from the limit of 16 MB

SHORT: Final = frozenset({Granularity.MINUTE, Granularity.HOUR})
_WITHIN: Final[Mapping[Granularity, frozenset[Granularity]]] = {
    Granularity.HOUR: frozenset({Granularity.HOUR, Granularity.DAY, Granularity.WEEK, Granularity.MONTH,
                                 Granularity.QUARTER, Granularity.YEAR}),
    Granularity.DAY: frozenset({Granularity.DAY, Granularity.WEEK, Granularity.MONTH, Granularity.QUARTER,
                                Granularity.YEAR}),
    Granularity.MONTH: frozenset({Granularity.MONTH, Granularity.QUARTER, Granularity.YEAR}),
    Granularity.YEAR: frozenset({Granularity.YEAR}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PipelineSource:
    """Where the records of a metric lie, and the zone's offsets if the question has another zone than the records.

    Attributes:
        base: the calendar unit of one bucket document.
        field: the metric's name inside the documents, "m0" and so on.
        offsets: None if the question is in the time zone of the bucket documents.
        allowed: codes that a row must have; without any every row counts.
    """

    dataset_id: str
    version: int
    load: ObjectId
    base: Granularity
    field: str
    offsets: Offsets | None = None
    allowed: tuple[Allowed, ...] = ()


def series(source: PipelineSource, granularity: Granularity, aggregate: Aggregate, rolling_window: int) -> list[Stage]:
    """The whole pipeline for a series."""
    if source.offsets is None and not source.allowed and granularity in _WITHIN[source.base]:
        points = points_from_partials(source, granularity, aggregate)
    else:
        points = points_from_rows(source, granularity, aggregate)
    return [select(source), *points, *quartiles(), *deviations(rolling_window), *packed()]


def select(source: PipelineSource) -> Stage:
    """The bucket documents of a version; the shard key comes first, so that one shard answers."""
    return {"$match": {"datasetId": source.dataset_id, "version": source.version, "load": source.load}}


# --- points --------------------------------------------------------------------------------------------


def points_from_partials(source: PipelineSource, granularity: Granularity, aggregate: Aggregate) -> list[Stage]:
    """Points that consist of whole bucket documents: no row is touched."""
    metric = f"$metrics.{source.field}"
    return [
        {"$match": {f"metrics.{source.field}.n": {"$gt": 0}}},
        {
            "$group": {
                "_id": bucket("$wall", "$offset", granularity),
                "rows": {"$sum": f"{metric}.n"},
                "sum": {"$sum": f"{metric}.sum"},
                "rest": {"$sum": f"{metric}.rest"},
                "min": {"$min": f"{metric}.min"},
                "max": {"$max": f"{metric}.max"},
            }
        },
        {"$project": {"rows": 1, "value": value(aggregate)}},
    ]


def points_from_rows(source: PipelineSource, granularity: Granularity, aggregate: Aggregate) -> list[Stage]:
    """Points finer than a bucket document, or by another time zone: the arrays become rows again."""
    return [
        *rows(source),
        {"$set": {"offset": "$offset" if source.offsets is None else offset_at("$us", source.offsets)}},
        {
            "$group": {
                "_id": "$us" if granularity is Granularity.NATIVE else bucket(wall_clock(), "$offset", granularity),
                "rows": {"$sum": 1},
                "sum": {"$sum": "$x"},
                "min": {"$min": "$x"},
                "max": {"$max": "$x"},
            }
        },
        {"$set": {"rest": 0.0}},
        {"$project": {"rows": 1, "value": value(aggregate)}},
    ]


def rows(source: PipelineSource) -> list[Stage]:
    """Each row with a finite value: {us: its instant, x: its value}, and its bucket's start, began, offset."""
    wanted = {f"c{i}": {"$in": [*one.codes]} for i, one in enumerate(source.allowed)}
    return [
        {
            "$project": {
                "tick": "$times",
                "x": f"$values.{source.field}",
                "scale": f"$metrics.{source.field}.scale",
                "step": 1,
                "start": 1,
                "began": {"$subtract": ["$wall", "$offset"]},
                "offset": 1,
                **arrays([one.digit for one in source.allowed]),
            }
        },
        {"$unwind": {"path": "$tick", "includeArrayIndex": "row"}},
        {
            "$project": {
                "us": {"$add": ["$start", {"$multiply": ["$step", "$tick"]}]},
                "x": {"$divide": [{"$arrayElemAt": ["$x", "$row"]}, "$scale"]},
                "start": 1,
                "began": 1,
                "offset": 1,
                **{f"c{i}": code(one.digit) for i, one in enumerate(source.allowed)},
            }
        },
        {"$match": {"x": {"$gte": -LARGEST, "$lte": LARGEST}, **wanted}},
    ]


def wall_clock() -> Expression:
    """The wall clock of a row, down to the millisecond.

    Counted from the beginning of its bucket document: a number that is never negative and always exact, which
    microseconds since 1970 are not once they are divided.
    """
    within = {"$floor": {"$divide": [{"$subtract": ["$us", "$start"]}, 1_000]}}
    return {"$add": ["$began", within, "$offset"]}


def offset_at(instant: Expression, table: Offsets) -> Expression:
    """The zone's offset (ms) at an instant (us): the last change at or before it."""
    shifts = [int(shift) // 1_000 for shift in table.offset]
    changes = [
        {"case": {"$gte": [instant, Int64(begin)]}, "then": shift}
        for begin, shift in zip(table.start[1:].tolist(), shifts[1:], strict=True)
    ]
    return {"$switch": {"branches": changes[::-1], "default": shifts[0]}} if changes else {"$literal": shifts[0]}


def bucket(wall: Expression, offset: Expression, granularity: Granularity) -> Expression:
    """The beginning of a bucket in milliseconds: the wall clock's for days and longer, the instant for shorter ones.

    The hour that a clock shows twice thereby is two buckets, and a day of 25 hours is one.
    """
    start: Stage = {"$dateTrunc": {"date": wall, "unit": str(granularity), "startOfWeek": "monday"}}
    return {"$toLong": {"$subtract": [start, offset]} if granularity in SHORT else start}


def value(aggregate: Aggregate) -> Expression:
    """What becomes of the values of one bucket."""
    total = {"$add": ["$sum", "$rest"]}
    return {
        Aggregate.SUM: total,
        Aggregate.MEAN: {"$divide": [total, "$rows"]},
        Aggregate.MIN: "$min",
        Aggregate.MAX: "$max",
        Aggregate.COUNT: {"$toDouble": "$rows"},
    }[aggregate]


# --- figures -------------------------------------------------------------------------------------------


def quartiles() -> list[Stage]:
    """Quartiles by linear interpolation (R's type 7), from each point's place in the order of values."""
    shares = {"q1": 0.25, "median": 0.5, "q3": 0.75}
    ends = {
        f"{name}{end}": {"$max": {"$cond": [{"$eq": ["$rank", _rank(share, end)]}, "$value", None]}}
        for name, share in shares.items()
        for end in ("Low", "High")
    }
    return [
        {
            "$setWindowFields": {
                "sortBy": {"value": 1},
                "output": {"rank": {"$documentNumber": {}}, "n": {"$count": {}}},
            }
        },
        {"$setWindowFields": {"output": {**ends, "minimum": {"$min": "$value"}, "maximum": {"$max": "$value"}}}},
        {"$set": {name: _between(name, share) for name, share in shares.items()}},
        {"$unset": ["rank", *ends]},
    ]


def _place(share: float) -> Expression:
    return {"$multiply": [{"$subtract": ["$n", 1]}, share]}


def _rank(share: float, end: str) -> Expression:
    return {"$add": [{"$floor" if end == "Low" else "$ceil": _place(share)}, 1]}


def _between(name: str, share: float) -> Expression:
    fraction = {"$subtract": [_place(share), {"$floor": _place(share)}]}
    return {"$add": [f"${name}Low", {"$multiply": [fraction, {"$subtract": [f"${name}High", f"${name}Low"]}]}]}


def deviations(rolling_window: int) -> list[Stage]:
    """Mean and deviation over all points and over the trailing window, and how far each point is off."""
    return [
        {"$set": {"away": {"$subtract": ["$value", "$median"]}}},
        {
            "$setWindowFields": {
                "sortBy": {"_id": 1},
                "output": {
                    "center": {"$avg": "$away"},
                    "stdDev": {"$stdDevSamp": "$away"},
                    "recent": {"$push": "$away", "window": {"documents": [1 - rolling_window, "current"]}},
                },
            }
        },
        {
            "$project": {
                "value": 1,
                "rows": 1,
                "rollingMean": {"$add": [{"$avg": "$recent"}, "$median"]},
                "rollingStd": {"$stdDevSamp": "$recent"},
                "zScore": {
                    "$cond": [
                        {"$gt": ["$stdDev", 0]},
                        {"$divide": [{"$subtract": ["$away", "$center"]}, "$stdDev"]},
                        None,
                    ]
                },
                "figures": {
                    "mean": {"$add": ["$center", "$median"]},
                    "stdDev": "$stdDev",
                    "minimum": "$minimum",
                    "maximum": "$maximum",
                    "q1": "$q1",
                    "median": "$median",
                    "q3": "$q3",
                },
            }
        },
    ]


def packed() -> list[Stage]:
    """Arrays of points, each point at the same place in all of them; the reader sorts by ``time``."""
    per_point: Sequence[str] = ("value", "rows", "rollingMean", "rollingStd", "zScore")
    return [
        {"$setWindowFields": {"sortBy": {"_id": 1}, "output": {"number": {"$documentNumber": {}}}}},
        {
            "$group": {
                "_id": {"$floor": {"$divide": ["$number", PACKED_POINTS]}},
                "time": {"$push": "$_id"},
                **{name: {"$push": f"${name}"} for name in per_point},
                "figures": {"$first": "$figures"},
            }
        },
    ]
