"""One computation at a time, over all processes."""

import asyncio
import contextlib
import random
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from adapters.redis.connection import Argument, RedisConnection
from domain.analysis.cache_key import LIFETIME
from domain.errors import UnavailableError

PATIENCE: Final = timedelta(seconds=60)  # the slowest computation is refused after less (domain.analysis)
LEASE: Final = timedelta(seconds=10)  # a process that dies holds the others up no longer than this
FIRST_PAUSE: Final = 0.01  # seconds between looks at a lock that another holds; it doubles up to the longest
LONGEST_PAUSE: Final = 0.1


@dataclass(slots=True)
class _Queue:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    interested: int = 0


class RedisLocks:
    """A lock per name: first among this process's tasks, then, for the first of them, among the processes.

    The lock in Redis is a lease that its holder renews. Without Redis the locks are those of this process alone.
    """

    def __init__(self, connection: RedisConnection, patience: timedelta = PATIENCE, lease: timedelta = LEASE) -> None:
        self._connection = connection
        self._patience = patience.total_seconds()
        self._lease = lease
        self._queues: dict[str, _Queue] = {}

    @asynccontextmanager
    async def taken(self, name: str, fence: str) -> AsyncIterator[str | None]:
        """Wait for the lock and hold it; yield the generation of the fence as it was when the lock was taken.

        None if Redis did not answer. A task that has waited too long goes on without the lock: two computations are
        better than none.
        """
        queue = self._queues.setdefault(name, _Queue())
        queue.interested += 1
        mine = False
        try:
            end = asyncio.get_running_loop().time() + self._patience
            with contextlib.suppress(TimeoutError):
                mine = await asyncio.wait_for(queue.lock.acquire(), self._patience)
            async with self._leased(name, fence, end) as generation:
                yield generation
        finally:
            if mine:
                queue.lock.release()
            queue.interested -= 1
            if not queue.interested:
                del self._queues[name]

    @asynccontextmanager
    async def _leased(self, name: str, fence: str, end: float) -> AsyncIterator[str | None]:
        token = uuid.uuid4().hex
        generation = await self._take(name, fence, token, end)
        renewal = asyncio.create_task(self._renew(name, token))
        try:
            yield generation
        finally:
            renewal.cancel()
            with contextlib.suppress(UnavailableError):  # then the lease runs out by itself
                await asyncio.shield(self._connection.run("release_lock", [name], [token]))

    async def _take(self, name: str, fence: str, token: str, end: float) -> str | None:
        milliseconds = int(self._lease.total_seconds() * 1000)
        arguments: list[Argument] = [token, milliseconds, uuid.uuid4().hex, int(LIFETIME.total_seconds())]
        pause = FIRST_PAUSE
        while True:
            try:
                generation = await self._connection.run("take_lock", [name, fence], arguments)
            except UnavailableError:
                return None
            if generation is not None:
                return str(generation, "ascii")
            if asyncio.get_running_loop().time() > end:
                return None
            # Not all at once: those who wait look at different moments.
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - no secret
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _renew(self, name: str, token: str) -> None:
        milliseconds = int(self._lease.total_seconds() * 1000)
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            with contextlib.suppress(UnavailableError):
                await self._connection.run("renew_lock", [name], [token, milliseconds])
