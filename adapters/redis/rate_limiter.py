"""Attempts counted by all processes together."""

import hashlib
import uuid
from datetime import UTC, datetime, timedelta
from typing import Final

from typing_extensions import override

from adapters.redis.connection import RedisConnection
from domain.accounts.rate_limit import SlidingWindow, too_many
from domain.errors import UnavailableError
from domain.ports.accounts import RateLimiter
from domain.ports.system import Clock

MAX_KEYS: Final = 50_000  # callers in one window that one process can have while it counts alone
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_MILLISECOND: Final = timedelta(milliseconds=1)


class RedisRateLimiter(RateLimiter):
    """A sliding window per key, as a sorted set. While Redis is away each process counts for itself.

    Keys hold addresses of people; only their digests are stored.
    """

    def __init__(self, connection: RedisConnection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self._alone = SlidingWindow(MAX_KEYS)

    async def open(self) -> None:
        """Nothing to open beside the connection."""

    async def close(self) -> None:
        """Nothing to close beside the connection."""

    @override
    async def hit(self, key: str, limit: int, window: timedelta) -> None:
        now = self._clock.now()
        at = (now - _EPOCH) // _MICROSECOND
        width = window // _MICROSECOND
        name = f"attempts:{hashlib.sha256(key.encode(errors='surrogatepass')).hexdigest()}"
        try:
            first = await self._connection.run(
                "hit", [name], [at, at - width, limit, max(1, window // _MILLISECOND), uuid.uuid4().hex]
            )
        except UnavailableError:
            self._alone.hit(key, limit, window, now)
            return
        if first is not None:
            raise too_many((int(float(first)) - at + width) * _MICROSECOND)
