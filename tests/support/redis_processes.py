"""A Valkey of its own, and the cache as two processes have it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import pytest

from adapters.redis.analysis_cache import RedisAnalysisCache
from adapters.redis.connection import RedisConnection
from tests.support.builders import SALES, a_cache_entry
from tests.support.fakes import FixedClock
from tests.support.server_process import Server
from tests.support.servers import redis_url_of, start_redis

__all__ = ["here", "there", "valkey"]


@pytest.fixture
def valkey() -> Iterator[Server]:
    with start_redis() as running:
        yield running


@asynccontextmanager
async def connected(server: Server) -> AsyncIterator[RedisConnection]:
    connection = RedisConnection(redis_url_of(server))
    await connection.open()
    yield connection
    await connection.close()


@asynccontextmanager
async def opened_cache(server: Server) -> AsyncIterator[RedisAnalysisCache]:
    """As one process has it."""
    async with connected(server) as connection:
        cache = RedisAnalysisCache(connection, FixedClock())
        await cache.open()
        assert await cache._changes.until_live(10)
        yield cache
        await cache.close()


@pytest.fixture
async def here(valkey: Server) -> AsyncIterator[RedisAnalysisCache]:
    async with opened_cache(valkey) as cache:
        yield cache


@pytest.fixture
async def there(valkey: Server) -> AsyncIterator[RedisAnalysisCache]:
    """As another process has it."""
    async with opened_cache(valkey) as cache:
        yield cache


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await holds():  # noqa: ASYNC110 - another process changes it
            await asyncio.sleep(0.02)


async def is_missing(cache: RedisAnalysisCache) -> bool:
    return await cache.get(SALES, "revenue", "f") is None


async def is_put(cache: RedisAnalysisCache) -> bool:
    return await cache.put(SALES, "revenue", "f", a_cache_entry())
