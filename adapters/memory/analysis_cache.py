"""Finished bodies in memory: least recently used go first when the bytes run out."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from typing_extensions import override

from domain.analysis.cache_key import LIFETIME, MAX_FIELDS, CacheEntry
from domain.ports.analyses import AnalysisCache
from domain.ports.system import Clock

STANDARD_BYTES: Final = 64 << 20  # 3,500 bodies of 18 kB (docs/decisions/0011): more than one person looks at in a week
PATIENCE: Final = timedelta(seconds=60)  # the slowest computation is refused after less (domain.analysis)
MAX_FENCES: Final = 10_000  # datasets whose last invalidation is remembered; a late worker is minutes late at most
ENTRY_OVERHEAD: Final = 1024  # bytes of objects around a body, rounded up

Bucket = tuple[str, str]  # dataset, metric
Place = tuple[str, str, str]  # dataset, metric, field
Computation = tuple[str, asyncio.Task[Any] | None]  # dataset, and who computes a body of it


@dataclass(slots=True)
class _CachedEntry:
    entry: CacheEntry
    until: datetime

    @property
    def weight(self) -> int:
        return len(self.entry.body) + ENTRY_OVERHEAD


@dataclass(slots=True)
class _Fence:
    """Bounds below which writes of a dataset are refused. ``changes`` counts its invalidations."""

    min_version: int = 0
    changes: int = 0


@dataclass(slots=True)
class _SharedComputation:
    """The tasks that want the result of one computation."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    interested: int = 0


class MemoryAnalysisCache(AnalysisCache):
    """A dictionary with a fence per dataset: no older version ever replaces a newer one.

    Beyond the port: a body whose computation (``once``) began before its dataset was invalidated is refused too,
    unless the same task did both. A verdict given during a computation is not lost that way.
    """

    def __init__(self, clock: Clock, max_bytes: int = STANDARD_BYTES, patience: timedelta = PATIENCE) -> None:
        self._clock = clock
        self._max_bytes = max_bytes
        self._patience = patience
        self._bytes = 0
        self._entries: OrderedDict[Place, _CachedEntry] = OrderedDict()
        self._buckets: dict[str, dict[str, OrderedDict[str, None]]] = {}  # dataset -> metric -> fields, oldest first
        self._fences: OrderedDict[str, _Fence] = OrderedDict()
        self._locks: dict[Place, _SharedComputation] = {}
        self._begun: dict[Computation, int] = {}

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self._buckets.clear()
        self._bytes = 0

    @override
    async def get(self, dataset_id: str, metric: str, field: str) -> CacheEntry | None:
        place = (dataset_id, metric, field)
        stored = self._entries.get(place)
        if stored is None:
            return None
        if stored.until <= self._clock.now():
            self._drop(place)
            return None
        self._entries.move_to_end(place)
        return stored.entry

    @override
    async def put(self, dataset_id: str, metric: str, field: str, entry: CacheEntry) -> bool:
        place = (dataset_id, metric, field)
        fence = self._fences.get(dataset_id, _Fence())
        begun = self._begun.get((dataset_id, asyncio.current_task()))
        if entry.version < fence.min_version or (begun is not None and begun != fence.changes):
            return False
        fields = self._buckets.get(dataset_id, {}).get(metric, OrderedDict())
        versions = {self._entries[dataset_id, metric, name].entry.version for name in fields}
        if any(version > entry.version for version in versions):
            return False
        if any(version < entry.version for version in versions):
            self._drop_bucket(dataset_id, metric)
        self._drop(place)
        self._keep(place, _CachedEntry(entry, self._clock.now() + LIFETIME))
        return True

    @override
    async def invalidate(self, dataset_id: str, min_version: int) -> None:
        fence = self._fences.setdefault(dataset_id, _Fence())
        self._fences.move_to_end(dataset_id)
        fence.min_version = max(fence.min_version, min_version)
        fence.changes += 1
        own = (dataset_id, asyncio.current_task())
        if own in self._begun:
            self._begun[own] = fence.changes
        for metric in list(self._buckets.get(dataset_id, {})):
            self._drop_bucket(dataset_id, metric)
        if len(self._fences) > MAX_FENCES:
            self._fences.popitem(last=False)

    @override
    async def stored_ids(self) -> frozenset[str]:
        return frozenset(self._buckets)

    @override
    @asynccontextmanager
    async def once(self, dataset_id: str, metric: str, field: str) -> AsyncIterator[None]:
        place = (dataset_id, metric, field)
        queue = self._locks.setdefault(place, _SharedComputation())
        queue.interested += 1
        mine = False
        try:
            mine = await _acquired(queue.lock, self._patience)
            with self._computing(dataset_id):
                yield
        finally:
            if mine:
                queue.lock.release()
            queue.interested -= 1
            if not queue.interested:
                del self._locks[place]

    @contextmanager
    def _computing(self, dataset_id: str) -> Iterator[None]:
        """Remember the fence as it was when the computation began; a nested one began with the outer one."""
        own = (dataset_id, asyncio.current_task())
        if own in self._begun:
            yield
            return
        self._begun[own] = self._fences.get(dataset_id, _Fence()).changes
        try:
            yield
        finally:
            del self._begun[own]

    def _keep(self, place: Place, stored: _CachedEntry) -> None:
        dataset_id, metric, name = place
        self._entries[place] = stored
        self._bytes += stored.weight
        fields = self._buckets.setdefault(dataset_id, {}).setdefault(metric, OrderedDict())
        fields[name] = None
        if len(fields) > MAX_FIELDS:
            self._drop((dataset_id, metric, next(iter(fields))))
        while self._bytes > self._max_bytes:
            self._drop(next(iter(self._entries)))

    def _drop(self, place: Place) -> None:
        stored = self._entries.pop(place, None)
        if stored is None:
            return
        self._bytes -= stored.weight
        dataset_id, metric, name = place
        metrics = self._buckets[dataset_id]
        del metrics[metric][name]
        if not metrics[metric]:
            del metrics[metric]
        if not metrics:
            del self._buckets[dataset_id]

    def _drop_bucket(self, dataset_id: str, metric: str) -> None:
        for name in list(self._buckets[dataset_id][metric]):
            self._drop((dataset_id, metric, name))


async def _acquired(lock: asyncio.Lock, patience: timedelta) -> bool:
    """Wait for a lock; False if it took too long: then two computations are better than none."""
    try:
        await asyncio.wait_for(lock.acquire(), patience.total_seconds())
    except TimeoutError:
        return False
    return True
