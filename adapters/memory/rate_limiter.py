"""Attempts counted inside the process."""

import math
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from typing import Final

from typing_extensions import override

from domain.errors import RateLimitedError
from domain.ports import Clock, RateLimiter

MAX_KEYS: Final = 50_000  # callers in one window that one process can have; the least recently seen is forgotten


class MemoryRateLimiter(RateLimiter):
    """Sliding window: the times of the attempts that were let through. Refused attempts do not extend the wait."""

    def __init__(self, clock: Clock, max_keys: int = MAX_KEYS) -> None:
        self._clock = clock
        self._max_keys = max_keys
        self._attempts: OrderedDict[str, deque[datetime]] = OrderedDict()

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Forget everything."""
        self._attempts.clear()

    @override
    async def hit(self, key: str, limit: int, window: timedelta) -> None:
        now = self._clock.now()
        attempts = self._attempts.setdefault(key, deque())
        self._attempts.move_to_end(key)
        while attempts and attempts[0] <= now - window:
            attempts.popleft()
        if len(attempts) >= limit:
            wait = attempts[len(attempts) - limit] + window - now if limit else window
            seconds = max(1, math.ceil(wait.total_seconds()))
            raise RateLimitedError(f"Too many attempts. Try again in {seconds} seconds.", retryAfterSeconds=seconds)
        attempts.append(now)
        if len(self._attempts) > self._max_keys:
            self._attempts.popitem(last=False)
