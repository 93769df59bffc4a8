"""The stores on the tests' Valkey, emptied for each test."""

from collections.abc import AsyncIterator

import pytest

from adapters.redis.analysis_cache import RedisAnalysisCache
from adapters.redis.connection import RedisConnection
from adapters.redis.progress_events import RedisProgressEvents
from adapters.redis.rate_limiter import RedisRateLimiter
from tests.support.fakes import FixedClock
from tests.support.servers import redis_url

__all__ = [
    "distant_analysis_cache",
    "redis_analysis_cache",
    "redis_connection",
    "redis_progress_events",
    "redis_rate_limiter",
]


@pytest.fixture
async def redis_connection() -> AsyncIterator[RedisConnection]:
    # A busy test machine may keep the server waiting; what is promised of time-outs has tests of its own.
    connection = RedisConnection(redis_url(), answer_seconds=10)
    await connection.open()
    await connection.call(lambda client: client.flushdb())
    yield connection
    await connection.close()


@pytest.fixture
async def redis_analysis_cache(
    redis_connection: RedisConnection, clock: FixedClock
) -> AsyncIterator[RedisAnalysisCache]:
    cache = RedisAnalysisCache(redis_connection, clock)
    await cache.open()
    assert await cache._changes.until_live(10)
    yield cache
    await cache.close()


@pytest.fixture
def distant_analysis_cache(redis_connection: RedisConnection, clock: FixedClock) -> RedisAnalysisCache:
    """Never opened, so never subscribed: every answer comes from the server."""
    return RedisAnalysisCache(redis_connection, clock)


@pytest.fixture
def redis_rate_limiter(redis_connection: RedisConnection, clock: FixedClock) -> RedisRateLimiter:
    return RedisRateLimiter(redis_connection, clock)


@pytest.fixture
async def redis_progress_events(redis_connection: RedisConnection) -> AsyncIterator[RedisProgressEvents]:
    progress_events = RedisProgressEvents(redis_connection)
    await progress_events.open()
    assert await progress_events._subscription.until_live(10)
    yield progress_events
    await progress_events.close()
