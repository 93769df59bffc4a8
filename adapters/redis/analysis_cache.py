"""Finished bodies in Redis, shared by all processes, with a copy near at hand."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from functools import partial
from typing import Any, Final

from redis.asyncio import Redis
from typing_extensions import override

from adapters.redis.acknowledgements import RedisAcknowledgements
from adapters.redis.cached_body import CachedBody, packed, unpacked
from adapters.redis.connection import RedisConnection
from adapters.redis.local_cache import STANDARD_BYTES, LocalCache, Place
from adapters.redis.locks import PATIENCE, RedisLocks
from adapters.redis.subscription import RedisSubscription
from domain.analysis.cache_key import LIFETIME, MAX_FIELDS, CacheEntry, cache_key
from domain.errors import UnavailableError
from domain.ports.analyses import AnalysisCache
from domain.ports.system import Clock

Computation = tuple[str, asyncio.Task[Any] | None]  # dataset, and who computes a body of it

CHANNEL: Final = "analytics-changes"  # message: the dataset's id, and the name under which to acknowledge it
KEYS_PER_SCAN: Final = 500  # a millisecond of the server's time each
RETRY_SECONDS: Final = 0.5  # between attempts to tell Redis of an invalidation that it has not taken yet


class RedisAnalysisCache(AnalysisCache):
    """One hash per (dataset, metric), fenced by version and generation; every change is one script.

    - An invalidation that Redis does not take is owed: this process treats the dataset as not cached, and tells
      Redis as soon as it answers.
    - A body whose computation (``once``) began before its dataset was invalidated, or before Redis lost its
      memory, is refused, unless the same task did both.
    - Bodies are also kept near, in this process, while its subscription to changes stands. A change is through only
      when every process that listens has said that it dropped its copy, or can no longer trust it: so no read that
      begins after it gets what was there before, in whichever process.
    - Keys of one dataset are built inside scripts: one node or primary, not Redis Cluster.
    """

    def __init__(
        self,
        connection: RedisConnection,
        clock: Clock,
        near_bytes: int = STANDARD_BYTES,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._near = LocalCache(near_bytes)
        self._changes = RedisSubscription(connection, CHANNEL, self._hear, lost=self._near.forget_all)
        self._heard = RedisAcknowledgements(connection)
        self._locks = RedisLocks(connection, patience)
        self._begun: dict[Computation, str] = {}
        self._owed: dict[str, int] = {}
        self._settling: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to listen for changes; a server that is away is no error."""
        await self._changes.open()

    async def close(self) -> None:
        """Stop listening. What is still owed is tried once more."""
        if self._settling is not None:
            self._settling.cancel()
            await asyncio.wait([self._settling])
            self._settling = None
            with contextlib.suppress(UnavailableError):
                await self._settle_once()
        await self._changes.close()
        await self._heard.close()
        self._near.forget_all()

    @override
    async def get(self, dataset_id: str, metric: str, field: str) -> CacheEntry | None:
        if dataset_id in self._owed:
            return None
        place = (dataset_id, metric, field)
        stored = self._near.get(place) if self._changes.is_live else None
        if stored is None:
            stored = await self._fetched(place)
        if stored is None or stored.until <= self._clock.now():
            return None
        return stored.entry

    @override
    async def put(self, dataset_id: str, metric: str, field: str, entry: CacheEntry) -> bool:
        generation = self._begun.get((dataset_id, asyncio.current_task()))
        if dataset_id in self._owed or generation == "":
            return False
        body = packed(CachedBody(entry=entry, until=self._clock.now() + LIFETIME))
        lifetime = int(LIFETIME.total_seconds())
        message, name = _message(dataset_id)
        self._near.forget(dataset_id)
        try:
            reply = await self._connection.run(
                "put",
                [cache_key(dataset_id, metric), _fence(dataset_id), _metrics(dataset_id)],
                [field, entry.version, body, lifetime, MAX_FIELDS, generation or "", metric, CHANNEL, message],
            )
        except UnavailableError:
            return False
        finally:
            self._near.forget(dataset_id)
        await self._heard.gathered(name, reply)
        return bool(reply >= 0)

    @override
    async def invalidate(self, dataset_id: str, min_version: int) -> None:
        self._near.forget(dataset_id)
        self._owed[dataset_id] = max(min_version, self._owed.get(dataset_id, 0))
        try:
            generation = await self._settle(dataset_id)
        except UnavailableError:
            generation = ""
            if self._settling is None:
                self._settling = asyncio.create_task(self._settle_all())
        own = (dataset_id, asyncio.current_task())
        if own in self._begun:
            self._begun[own] = generation

    @override
    async def stored_ids(self) -> frozenset[str]:
        identifiers, cursor = set[str](), 0
        while True:
            cursor, keys = await self._connection.call(partial(_page, cursor=cursor))
            identifiers |= {key.decode().split(":")[1] for key in keys}
            if not cursor:
                return frozenset(identifiers)

    @override
    @asynccontextmanager
    async def once(self, dataset_id: str, metric: str, field: str) -> AsyncIterator[None]:
        lock = f"lock:{cache_key(dataset_id, metric)}:{field}"
        async with self._locks.taken(lock, _fence(dataset_id)) as generation:
            with self._computing(dataset_id, generation or ""):
                yield

    @contextmanager
    def _computing(self, dataset_id: str, generation: str) -> Iterator[None]:
        """Remember the generation when the computation began; a nested one began with the outer one."""
        own = (dataset_id, asyncio.current_task())
        if own in self._begun:
            yield
            return
        self._begun[own] = generation
        try:
            yield
        finally:
            del self._begun[own]

    async def _fetched(self, place: Place) -> CachedBody | None:
        dataset_id, metric, field = place
        mark = self._near.mark()
        try:
            content = await self._connection.read("HGET", cache_key(dataset_id, metric), field)
        except UnavailableError:
            return None
        stored = None if content is None else unpacked(content)
        if stored is not None and self._changes.is_live and dataset_id not in self._owed:
            self._near.keep(place, stored, mark)
        return stored

    async def _settle(self, dataset_id: str) -> str:
        """Tell Redis of one invalidation; return the new generation. Raises UnavailableError."""
        generation = uuid.uuid4().hex
        message, name = _message(dataset_id)
        version = self._owed[dataset_id]
        reply = await self._connection.insist(
            "invalidate",
            [_fence(dataset_id), _metrics(dataset_id)],
            [version, generation, int(LIFETIME.total_seconds()), cache_key(dataset_id, ""), CHANNEL, message],
        )
        if self._owed.get(dataset_id) == version:
            del self._owed[dataset_id]
        self._near.forget(dataset_id)
        await self._heard.gathered(name, reply)
        return generation

    async def _settle_once(self) -> None:
        for dataset_id in list(self._owed):
            if dataset_id in self._owed:
                await self._settle(dataset_id)

    async def _settle_all(self) -> None:
        while self._owed:
            await asyncio.sleep(RETRY_SECONDS)
            with contextlib.suppress(UnavailableError):
                await self._settle_once()
        self._settling = None

    def _hear(self, _channel: str, message: bytes) -> None:
        dataset_id, _, name = message.decode().partition(" ")
        self._near.forget(dataset_id)
        self._heard.give(name)


async def _page(client: Redis, cursor: int) -> Any:
    return await client.scan(cursor, match=cache_key("*", "*"), count=KEYS_PER_SCAN)


def _message(dataset_id: str) -> tuple[str, str]:
    """The message about a change, and the name under which it is acknowledged."""
    name = uuid.uuid4().hex
    return f"{dataset_id} {name}", name


def _fence(dataset_id: str) -> str:
    return f"analytics-fence:{dataset_id}"


def _metrics(dataset_id: str) -> str:
    return f"analytics-metrics:{dataset_id}"
