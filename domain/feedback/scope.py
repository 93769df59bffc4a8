"""Which stretch of time a verdict was given for, and which buckets of a series it covers.

A verdict is given on a bucket of an analysis: an hour, a day, a month. It applies to that stretch and to nothing wider:
a confirmed hour says nothing of its day, a confirmed day applies to each of its hours.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import numpy as np

from domain.timeseries.aggregation import Granularity, Ints, Times
from domain.timeseries.buckets import bucket_ends, bucket_starts
from domain.timeseries.granularity import UNIT_US, UNITS
from domain.timeseries.timezones import to_instants

DAY_CHARACTERS: Final = len("2024-01-03")
FINE: Final = frozenset({Granularity.NATIVE, Granularity.MINUTE, Granularity.HOUR})

Span = tuple[datetime, datetime]


def unit_of(date: str, requested: Granularity | None, usual: Granularity | None, step_us: int) -> Granularity:
    """Return the unit of the bucket that a date was shown for.

    Args:
        date: as it was shown; one without a time of day is a day or longer.
        requested: the granularity of the analysis, where one was chosen.
        usual: that of the default analysis, where it is known.
        step_us: median distance of two rows in microseconds; 0 where it is unknown.
    """
    if requested is not None and requested is not Granularity.AUTO:
        return _own(step_us) if requested is Granularity.NATIVE else requested
    whole_days = len(date) == DAY_CHARACTERS
    if usual is Granularity.NATIVE:
        usual = _own(step_us)
    if usual is not None and (usual in FINE) != whole_days:
        return usual
    if whole_days:
        return Granularity.DAY
    return Granularity.HOUR if datetime.fromisoformat(date).minute == 0 else Granularity.MINUTE


def _own(step_us: int) -> Granularity:
    """Return the longest unit that holds at most one row of such a step; native where a minute holds several."""
    return next((unit for unit in reversed(UNITS) if UNIT_US[unit] <= step_us), Granularity.NATIVE)


def span_of(at: datetime, unit: Granularity, time_zone: str) -> Span:
    """Return from when to when (excluded) the bucket lasts that holds an instant; a native point lasts no time."""
    start = bucket_starts(np.array([micros(at)]), unit, time_zone)
    end = start if unit is Granularity.NATIVE else bucket_ends(start, unit, time_zone)
    return _aware(int(start[0])), _aware(int(end[0]))


def covered(times: Times, granularity: Granularity, time_zone: str, span: Span) -> tuple[int, int]:
    """Return the first bucket of a series that lies wholly inside a span, and the first behind those.

    Args:
        times: the start of each bucket, UTC.
        granularity: resolved; a native point lies inside if its time does.
        time_zone: IANA name.
        span: a native point's own covers the point at that time, or the last before it.
    """
    starts = times.astype("datetime64[us]").astype(np.int64)
    since, until = micros(span[0]), micros(span[1])
    if granularity is Granularity.NATIVE:
        if since == until:
            behind = int(np.searchsorted(starts, since, side="right"))
            return max(behind - 1, 0), behind
        return int(np.searchsorted(starts, since)), int(np.searchsorted(starts, until))
    first = int(np.searchsorted(starts, since))
    behind = int(np.searchsorted(bucket_ends(starts, granularity, time_zone), until, side="right"))
    return first, max(first, behind)


def bounds_of(labels: Sequence[str], unit: Granularity, time_zone: str) -> tuple[Ints, Ints]:
    """Return from when to when (excluded) the buckets last that an analysis labels so, in microseconds."""
    starts = _instants(labels, time_zone)
    return starts, starts + 1 if unit is Granularity.NATIVE else bucket_ends(starts, unit, time_zone)


def covering(span: Span, starts: Ints, ends: Ints) -> list[int]:
    """Return which buckets a span covers whole; a native point's own covers the point at its time."""
    since, until = _of_length(span)
    return [int(place) for place in np.flatnonzero((since <= starts) & (ends <= until))]


def inside(span: Span, starts: Ints, ends: Ints) -> list[int]:
    """Return which stretches have a span inside them."""
    since, until = _of_length(span)
    return [int(place) for place in np.flatnonzero((starts <= since) & (until <= ends))]


def is_whole(span: Span, unit: Granularity, time_zone: str) -> bool:
    """Whether a span begins with a bucket of a unit and holds all of it."""
    if unit is Granularity.NATIVE:
        return True
    since, until = map(micros, span)
    start = bucket_starts(np.array([since]), unit, time_zone)
    return bool(start[0] == since and bucket_ends(start, unit, time_zone)[0] <= until)


def _of_length(span: Span) -> tuple[int, int]:
    since, until = map(micros, span)
    return since, max(until, since + 1)


def _instants(labels: Sequence[str], time_zone: str) -> Ints:
    """Read labels: local without an offset."""
    read = [datetime.fromisoformat(label) for label in labels]
    local = np.array([np.datetime64(at.replace(tzinfo=None), "us") for at in read]).astype(np.int64)
    known = np.array([0 if at.tzinfo is None else micros(at) for at in read], dtype=np.int64)
    naive = np.array([at.tzinfo is None for at in read], dtype=np.bool_)
    return np.where(naive, to_instants(local, time_zone), known)


def micros(at: datetime) -> int:
    """Return microseconds since 1970."""
    return int(np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "us").astype(np.int64))


def _aware(instant: int) -> datetime:
    moment: datetime = np.datetime64(instant, "us").astype(datetime)
    return moment.replace(tzinfo=UTC)
