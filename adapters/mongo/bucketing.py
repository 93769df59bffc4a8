"""Rows as bucket documents: MongoDB's bucket pattern and computed pattern in one.

A document holds the rows of one calendar unit (the *base unit*) by the dataset's own wall clock:

    datasetId, version, load   whose rows they are; a load is one run of storing
    wall                       Date: the wall clock's time at which the bucket begins, written as if it were UTC
    offset                     ms: local minus UTC, the same for all rows of the document
    start                      us since the epoch: the instant that wall and offset name
    rows                       how many
    step, times                us, and integers: row i happened at start + step * times[i]
    metrics.m0 ...             per metric: n, sum, rest, min, max, mean, m2 of its finite values, and scale
    values.m0 ...              per metric: row i holds values[i] / scale; NaN where the cell is no finite number
    groups.p0 ...              the codes of row i's values of dimensions (``adapters.mongo.codes``)

``sum + rest`` is the exact sum to twice a double's precision, so that huge values of both signs may cancel later.
Decimal numbers are kept as integers and a power of ten where that loses no bit: the quotient of two such doubles is
the double next to the decimal number, which is what the file's reader took it for (IEEE 754 section 5.4.1).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final

import bson
import numpy as np
import numpy.typing as npt
from bson import Int64, ObjectId

from adapters.mongo.bson_arrays import MAX_ELEMENTS, array, with_array, with_arrays
from domain.timeseries.aggregation import Floats, Granularity, Ints
from domain.timeseries.buckets import HOUR_US, ordinal_starts, ordinals
from domain.timeseries.timezones import DAY_US, EPOCH, offsets

Codes = npt.NDArray[np.int32]

MAX_BYTES: Final = 4_000_000  # of a document's arrays: a quarter of MongoDB's limit of 16 MB
CELL_BYTES: Final = 13  # a double in an array: type, up to four digits, end of key, 8 bytes less one
MAX_SCALE: Final = 6  # decimals that are tried; money and percentages have two to four
PROBED: Final = 16  # values that tell most columns without so many decimals before all of them are asked
INT32_MAX: Final = 2**31 - 1

# The finest unit that still has enough rows per bucket for the arrays to pay: an hour of seconds, a day of hours, a
# month of days (with some missing).
# Weeks and quarters are no base: months do not consist of weeks, and quarters would say no more than months.
_BASES: Final = (
    (Granularity.HOUR, HOUR_US, 1_000),
    (Granularity.DAY, DAY_US, 20),
    (Granularity.MONTH, 30 * DAY_US, 20),
)


@dataclass(frozen=True, slots=True)
class Load:
    """One run of storing the rows of a version."""

    dataset_id: str
    version: int
    load: ObjectId
    base: Granularity
    time_zone: str


def base_unit(rows: int, first_us: int, last_us: int) -> Granularity:
    """Choose the calendar unit of a bucket from the rows' density."""
    span = last_us - first_us
    for unit, length, enough in _BASES:
        if rows / (span / length + 1) >= enough:
            return unit
    return Granularity.YEAR


def documents(load: Load, times: Ints, columns: Sequence[Floats], codes: Sequence[Codes] = ()) -> Iterator[bytes]:
    """Encode rows as bucket documents.

    Args:
        load: whose rows they are.
        times: instants in microseconds, ascending.
        columns: one float64 array per metric, as long as ``times``.
        codes: of dimensions, as long as ``times``; see ``adapters.mongo.codes``.
    """
    if len(times) == 0:
        return
    shift = offsets(load.time_zone, int(times[0]), int(times[-1])).at(times)
    local = times + shift
    wall = _wall_starts(local, load.base)
    most = min(MAX_ELEMENTS, MAX_BYTES // (CELL_BYTES * (len(columns) + len(codes) + 1)))
    changes = np.flatnonzero((np.diff(wall) != 0) | (np.diff(shift) != 0)) + 1
    for begin, end in _stretches([0, *changes.tolist(), len(times)], most):
        yield _document(
            load,
            int(wall[begin]),
            int(shift[begin]),
            local[begin:end] - wall[begin],
            [column[begin:end] for column in columns],
            [column[begin:end] for column in codes],
        )


def _wall_starts(local: Ints, base: Granularity) -> Ints:
    if base is Granularity.HOUR:
        return local - local % HOUR_US
    return ordinal_starts(ordinals(local, base), base)


def _stretches(bounds: list[int], most: int) -> Iterator[tuple[int, int]]:
    for begin, end in pairwise(bounds):
        for part in range(begin, end, most):
            yield part, min(part + most, end)


def _document(
    load: Load, wall_us: int, shift_us: int, within: Ints, columns: Sequence[Floats], codes: Sequence[Codes]
) -> bytes:
    step = int(np.gcd.reduce(within)) or 1
    ticks = within // step
    compact = {f"m{index}": _compact(column) for index, column in enumerate(columns)}
    head: dict[str, Any] = {
        "_id": ObjectId(),
        "datasetId": load.dataset_id,
        "version": load.version,
        "load": load.load,
        "wall": EPOCH + timedelta(microseconds=wall_us),
        "offset": shift_us // 1_000,
        "start": Int64(wall_us - shift_us),
        "rows": len(within),
        "step": Int64(step),
        "metrics": {f"m{index}": partials(column, *compact[f"m{index}"]) for index, column in enumerate(columns)},
    }
    ticks = ticks.astype(np.int32) if ticks[-1] <= INT32_MAX else ticks
    timed = with_array(bson.encode(head), "times", array(ticks))
    whole = with_arrays(timed, "values", {name: array(numbers) for name, (numbers, _) in compact.items()})
    if not codes:
        return whole
    return with_arrays(whole, "groups", {f"p{index}": array(column) for index, column in enumerate(codes)})


def _compact(column: Floats) -> tuple[npt.NDArray[Any], float]:
    """Return numbers and the scale to divide them by: integers where that gives back every bit."""
    if np.isfinite(column).all() and np.abs(column).max() <= INT32_MAX:
        for digits in range(MAX_SCALE + 1):
            scale = 10.0**digits
            head = column[:PROBED] * scale
            if not np.array_equal(np.rint(head) / scale, column[:PROBED]):
                continue
            scaled = np.rint(column * scale)
            if np.abs(scaled).max() > INT32_MAX:
                break
            if np.array_equal(scaled / scale, column):
                return scaled.astype(np.int32), scale
    return column, 1.0


def partials(column: Floats, compact: npt.NDArray[Any], scale: float) -> Mapping[str, Any]:
    """Aggregate the finite values of a column, given as they are and as they are kept."""
    complete = compact.dtype == np.int32
    finite = column if complete else column[np.isfinite(column)]
    n = len(finite)
    if n == 0:
        return {"n": 0, "sum": 0.0, "rest": 0.0, "min": None, "max": None, "mean": None, "m2": None, "scale": scale}
    # Integers add up without any rounding.
    total, rest = (int(compact.sum(dtype=np.int64)) / scale, 0.0) if complete else _exact_sum(finite.tolist())
    mean = total / n
    with np.errstate(over="ignore", invalid="ignore"):
        away = finite - mean
        m2 = float(away @ away)
    low, high = float(finite.min()), float(finite.max())
    return {"n": n, "sum": total, "rest": rest, "min": low, "max": high, "mean": mean, "m2": m2, "scale": scale}


def _exact_sum(values: list[float]) -> tuple[float, float]:
    try:
        total = math.fsum(values)
        return total, math.fsum([*values, -total])
    except OverflowError:
        return math.copysign(math.inf, sum(value / len(values) for value in values)), 0.0
