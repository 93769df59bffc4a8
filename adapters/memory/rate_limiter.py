"""Attempts counted inside the process."""

from datetime import timedelta
from typing import Final

from typing_extensions import override

from domain.accounts.rate_limit import SlidingWindow
from domain.ports.accounts import RateLimiter
from domain.ports.system import Clock

MAX_KEYS: Final = 50_000  # callers in one window that one process can have; the least recently seen is forgotten


class MemoryRateLimiter(RateLimiter):
    """A sliding window per key."""

    def __init__(self, clock: Clock, max_keys: int = MAX_KEYS) -> None:
        self._clock = clock
        self._attempts = SlidingWindow(max_keys)

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Forget everything."""
        self._attempts.clear()

    @override
    async def hit(self, key: str, limit: int, window: timedelta) -> None:
        self._attempts.hit(key, limit, window, self._clock.now())
