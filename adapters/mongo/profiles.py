"""What a metric's times and values look like, gathered while its rows stream by."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from domain.timeseries.aggregation import Floats, Granularity, Ints, MetricProfile
from domain.timeseries.buckets import bucket_starts
from domain.timeseries.granularity import SAME_STEP, UNITS

_NONE = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """Ascending times seen so far. ``steps`` between distinct times are kept with how often each occurred."""

    time_zone: str
    distinct: int = 0
    first: int = 0
    last: int = 0
    steps: Ints = field(default_factory=lambda: _NONE)
    counts: Ints = field(default_factory=lambda: _NONE)
    occupied: Mapping[Granularity, tuple[int, int]] = field(default_factory=dict)  # buckets, and the last one's start

    def plus(self, times: Ints) -> "Times":
        """The same with later times (ascending, none earlier than the last)."""
        if len(times) == 0:
            return self
        new = times[np.append(True, np.diff(times) != 0)]
        if self.distinct and new[0] == self.last:
            new = new[1:]
        if len(new) == 0:
            return self
        fresh = np.diff(new) if not self.distinct else np.diff(np.append(self.last, new))
        steps, counts = _merged(self.steps, self.counts, fresh)
        return replace(
            self,
            distinct=self.distinct + len(new),
            first=self.first if self.distinct else int(new[0]),
            last=int(new[-1]),
            steps=steps,
            counts=counts,
            occupied=self._occupied(new),
        )

    def _occupied(self, times: Ints) -> dict[Granularity, tuple[int, int]]:
        days = np.unique(bucket_starts(times, Granularity.DAY, self.time_zone))
        out = {}
        for unit in UNITS:
            # Longer units are made of whole days, of which there are fewer than of times.
            short = unit in {Granularity.MINUTE, Granularity.HOUR}
            starts = days if unit is Granularity.DAY else bucket_starts(times if short else days, unit, self.time_zone)
            number, last = self.occupied.get(unit, (0, 0))
            again = bool(number) and int(starts[0]) == last
            changes = int(np.count_nonzero(np.diff(starts)))
            out[unit] = (number + changes + (0 if again else 1), int(starts[-1]))
        return out


def _merged(steps: Ints, counts: Ints, fresh: Ints) -> tuple[Ints, Ints]:
    new, numbers = np.unique(fresh, return_counts=True)
    unique, inverse = np.unique(np.concatenate([steps, new]), return_inverse=True)
    total = np.zeros(len(unique), dtype=np.int64)
    np.add.at(total, inverse, np.concatenate([counts, numbers]))
    return unique, total


@dataclass(frozen=True, slots=True, eq=False)
class ProfiledColumn:
    """What was seen of one metric: its finite values and their times."""

    times: Times
    rows: int = 0
    minimum: float = np.inf
    maximum: float = -np.inf
    whole: bool = True

    def profile(self) -> MetricProfile | None:
        """None if there was no finite value."""
        if self.rows == 0:
            return None
        seen = self.times
        median = _median(seen.steps, seen.counts)
        regular = seen.counts[np.abs(seen.steps - median) <= SAME_STEP * median].sum()
        return MetricProfile(
            rows=self.rows,
            distinct_times=seen.distinct,
            first_us=seen.first,
            last_us=seen.last,
            median_step_us=round(median),
            regular_share=float(regular / seen.counts.sum()) if len(seen.counts) else 0.0,
            occupied={str(unit): number for unit, (number, _) in seen.occupied.items()},
            minimum=self.minimum,
            maximum=self.maximum,
            all_integers=self.whole,
        )


def _median(steps: Ints, counts: Ints) -> float:
    """The median of ascending ``steps``, each taken ``counts`` times."""
    if len(steps) == 0:
        return 0.0
    total = int(counts.sum())
    low, high = steps[np.searchsorted(np.cumsum(counts), [(total - 1) // 2 + 1, total // 2 + 1])]
    return (float(low) + float(high)) / 2


class Profiler:
    """Gathers the profile of every metric. Metrics that have all their cells share the work on times."""

    def __init__(self, metrics: int, time_zone: str) -> None:
        start = Times(time_zone)
        self._columns = [ProfiledColumn(start) for _ in range(metrics)]

    def add(self, times: Ints, columns: list[Floats]) -> None:
        """Take in the next rows, in order of time."""
        known: dict[tuple[int, bytes], Times] = {}
        for index, values in enumerate(columns):
            self._columns[index] = _extended(self._columns[index], times, values, known)

    def profiles(self) -> list[MetricProfile | None]:
        """One per metric, None for one without any finite value."""
        return [column.profile() for column in self._columns]


def _extended(
    column: ProfiledColumn, times: Ints, values: Floats, known: dict[tuple[int, bytes], Times]
) -> ProfiledColumn:
    finite = np.isfinite(values)
    if not finite.any():
        return column
    complete = bool(finite.all())
    present = values if complete else values[finite]
    key = (id(column.times), b"" if complete else finite.tobytes())
    if key not in known:
        known[key] = column.times.plus(times if complete else times[finite])
    return ProfiledColumn(
        times=known[key],
        rows=column.rows + len(present),
        minimum=min(column.minimum, float(present.min())),
        maximum=max(column.maximum, float(present.max())),
        whole=column.whole and bool(np.all(present == np.floor(present))),
    )
