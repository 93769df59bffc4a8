"""Instants and wall clocks: whole arrays at once, by the rules of ``zoneinfo``.

An instant is a count of microseconds since 1970-01-01T00:00Z, a wall-clock time the count that a clock without
any zone would show. Adapters use the same offsets as the oracle, so that both agree on every day of 23 or 25 hours.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from domain.errors import InvalidInputError
from domain.timeseries.aggregation import Ints

SECOND_US: Final = 1_000_000
DAY_US: Final = 86_400 * SECOND_US
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# What a datetime holds, less two days so that no offset leads out of it.
FIRST_US: Final = -62_135_596_800 * SECOND_US + 2 * DAY_US  # 0001-01-03T00:00Z
_BLOCK_US: Final = 366 * DAY_US
LAST_US: Final = 253_402_300_800 * SECOND_US - 2 * DAY_US  # 9999-12-30T00:00Z


@dataclass(frozen=True, slots=True, eq=False)
class Offsets:
    """A zone's offset from UTC over a stretch of time.

    Attributes:
        start: instants at which an offset begins to hold, ascending; the first holds before it too.
        offset: local minus UTC, in microseconds.
    """

    start: Ints
    offset: Ints

    def at(self, instants: Ints) -> Ints:
        """Return the offset at each instant."""
        if len(self.start) == 1:
            return np.full(len(instants), self.offset[0], dtype=np.int64)
        return self.offset[np.maximum(np.searchsorted(self.start, instants, side="right") - 1, 0)]

    @property
    def is_utc(self) -> bool:
        """Whether the wall clock shows UTC all along."""
        return not self.offset.any()


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name.

    Raises:
        InvalidInputError: there is none of this name.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise InvalidInputError(
            f"There is no time zone “{name}”. Use an IANA name such as Europe/Berlin or UTC.", field="timeZone"
        ) from error


def offsets(time_zone: str, first: int, last: int) -> Offsets:
    """Find every offset that holds between two instants (microseconds, inclusive).

    The zone is asked at each UTC midnight; a day that begins and ends differently is halved until the second of
    the change is known. Two changes within one day that undo each other would be missed: tzdata has none.
    """
    if time_zone == "UTC":
        return Offsets(np.zeros(1, np.int64), np.zeros(1, np.int64))
    zone(time_zone)
    low, high = max(first, FIRST_US), min(last, LAST_US)
    starts, values = [low], [_offset(zone(time_zone), low)]
    for block in range(low // _BLOCK_US, high // _BLOCK_US + 1):
        for at, value in _changes(time_zone, block):
            if low < at <= high:
                starts.append(at)
                values.append(value)
    return Offsets(np.array(starts, np.int64), np.array(values, np.int64))


@lru_cache(maxsize=16_384)  # some 40 zones with all the years that data have; a block is asked for again and again
def _changes(time_zone: str, block: int) -> tuple[tuple[int, int], ...]:
    """Return each change of offset within a block of days, and the offset from then on."""
    where, changes = zone(time_zone), []
    first = max(block * _BLOCK_US, FIRST_US - DAY_US)
    before = _offset(where, first)
    for start in range(first, min((block + 1) * _BLOCK_US, LAST_US + DAY_US), DAY_US):
        after = _offset(where, start + DAY_US)
        if after != before:
            changes.append((_change(where, start, start + DAY_US), after))
            before = after
    return tuple(changes)


def _offset(where: ZoneInfo, instant: int) -> int:
    offset = datetime.fromtimestamp(instant // SECOND_US, where).utcoffset() or timedelta()
    return (offset.days * 86_400 + offset.seconds) * SECOND_US + offset.microseconds


def _change(where: ZoneInfo, low: int, high: int) -> int:
    before = _offset(where, low)
    low, high = low // SECOND_US, high // SECOND_US
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(where, middle * SECOND_US) == before else (low, middle)
    return high * SECOND_US


def to_local(instants: Ints, time_zone: str) -> Ints:
    """Return the wall-clock time of each instant."""
    if len(instants) == 0:
        return instants.copy()
    return instants + offsets(time_zone, int(instants.min()), int(instants.max())).at(instants)


def to_instants(local: Ints, time_zone: str) -> Ints:
    """Return the instant of each wall-clock time.

    A time that the clock shows twice is its first occurrence; one that it skips is taken by the offset before the
    change, so that it lies as far behind the change as it claims (PEP 495, fold 0).
    """
    if len(local) == 0:
        return local.copy()
    table = offsets(time_zone, int(local.min()) - DAY_US, int(local.max()) + DAY_US)
    # A wall-clock time belongs to an offset from the moment at which the clock of both sides has passed the change.
    begins = table.start[1:] + np.maximum(table.offset[1:], table.offset[:-1])
    return local - table.offset[np.searchsorted(begins, local, side="right")]
