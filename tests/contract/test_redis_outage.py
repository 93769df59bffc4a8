"""A Redis that is lost, hangs, forgets or comes back: requests go on, and nothing stale is ever served."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import pytest

from adapters.redis.analysis_cache import RedisAnalysisCache
from adapters.redis.connection import RedisConnection
from adapters.redis.news import RedisNews
from adapters.redis.rate_limiter import RedisRateLimiter
from adapters.redis.turns import RedisTurns
from domain.dataset import Status
from domain.errors import ConfigurationError, RateLimitedError, UnavailableError
from domain.progress import Progress, Stage
from tests.support.builders import SALES, a_cache_entry
from tests.support.fakes import FixedClock
from tests.support.server_process import Server, free_port
from tests.support.servers import redis_url_of, start_redis

MINUTE = timedelta(minutes=1)


@pytest.fixture
def server() -> Iterator[Server]:
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
async def cache(server: Server) -> AsyncIterator[RedisAnalysisCache]:
    async with opened_cache(server) as cache:
        yield cache


@pytest.fixture
async def other(server: Server) -> AsyncIterator[RedisAnalysisCache]:
    """As another process has it."""
    async with opened_cache(server) as cache:
        yield cache


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await holds():  # noqa: ASYNC110 - another process changes it
            await asyncio.sleep(0.02)


async def is_missing(cache: RedisAnalysisCache) -> bool:
    return await cache.get(SALES, "revenue", "f") is None


async def is_put(cache: RedisAnalysisCache) -> bool:
    return await cache.put(SALES, "revenue", "f", a_cache_entry())


async def use(cache: RedisAnalysisCache) -> list[object]:
    """What a request does; it must come to an end without an error."""
    async with asyncio.timeout(20), cache.once(SALES, "revenue", "g"):
        missed = await cache.get(SALES, "revenue", "g")
        kept = await cache.put(SALES, "revenue", "g", a_cache_entry())
    await cache.invalidate(SALES, 1)
    return [missed, kept]


# --- two processes -------------------------------------------------------------------------------------


async def test_body_that_one_process_puts_is_found_by_the_other(
    cache: RedisAnalysisCache, other: RedisAnalysisCache
) -> None:
    await cache.put(SALES, "revenue", "f", a_cache_entry())
    assert await other.get(SALES, "revenue", "f") == a_cache_entry()


async def test_invalidation_is_seen_at_once_where_it_is_made_and_soon_everywhere(
    cache: RedisAnalysisCache, other: RedisAnalysisCache
) -> None:
    await cache.put(SALES, "revenue", "f", a_cache_entry())
    for _ in range(2):
        assert await cache.get(SALES, "revenue", "f") is not None
        assert await other.get(SALES, "revenue", "f") is not None
    await cache.invalidate(SALES, 1)
    assert await is_missing(cache)
    await until(lambda: is_missing(other))
    assert await is_missing(other)


async def test_replaced_body_is_seen_everywhere(cache: RedisAnalysisCache, other: RedisAnalysisCache) -> None:
    await cache.put(SALES, "revenue", "f", a_cache_entry(body=b"old"))
    assert await other.get(SALES, "revenue", "f") == a_cache_entry(body=b"old")
    await cache.put(SALES, "revenue", "f", a_cache_entry(body=b"new"))
    assert await cache.get(SALES, "revenue", "f") == a_cache_entry(body=b"new")

    async def renewed() -> bool:
        return await other.get(SALES, "revenue", "f") == a_cache_entry(body=b"new")

    await until(renewed)


async def test_second_hit_is_answered_from_the_copy_near_at_hand(cache: RedisAnalysisCache, server: Server) -> None:
    await cache.put(SALES, "revenue", "f", a_cache_entry())
    await cache.get(SALES, "revenue", "f")
    await cache._connection.call(lambda client: client.config_resetstat())
    for _ in range(10):
        assert await cache.get(SALES, "revenue", "f") == a_cache_entry()
    statistics = await cache._connection.call(lambda client: client.info("commandstats"))
    assert "cmdstat_hget" not in statistics


async def test_of_many_in_two_processes_who_miss_at_once_one_computes(
    cache: RedisAnalysisCache, other: RedisAnalysisCache
) -> None:
    computed = 0

    async def analyse(process: RedisAnalysisCache) -> bytes:
        nonlocal computed
        async with process.once(SALES, "revenue", "f"):
            entry = await process.get(SALES, "revenue", "f")
            if entry is None:
                computed += 1
                await asyncio.sleep(0.05)
                entry = a_cache_entry(body=b"result")
                assert await process.put(SALES, "revenue", "f", entry) is True
            return entry.body

    outcomes = await asyncio.gather(*(analyse(process) for process in (cache, other) * 10))
    assert set(outcomes) == {b"result"}
    assert computed == 1


async def test_body_computed_while_another_process_invalidated_is_refused(
    cache: RedisAnalysisCache, other: RedisAnalysisCache
) -> None:
    async with cache.once(SALES, "revenue", "f"):
        await other.invalidate(SALES, 1)
        assert await is_put(cache) is False
    assert await is_missing(cache)


async def test_turn_of_a_process_that_died_is_given_to_the_next_when_its_lease_ends(server: Server) -> None:
    async with connected(server) as dead, connected(server) as living:
        await dead.run("take_turn", ["turn", "guard"], ["token", 300, "nonce", 60])
        async with asyncio.timeout(20), RedisTurns(living).taken("turn", "guard") as nonce:
            assert nonce == "nonce"


async def test_turn_is_kept_for_as_long_as_the_computation_takes(server: Server) -> None:
    lease = timedelta(milliseconds=300)
    order: list[str] = []

    async def wait_for_turn() -> None:
        async with RedisTurns(second, lease=lease).taken("turn", "guard"):
            order.append("second")

    async with connected(server) as first, connected(server) as second:
        async with RedisTurns(first, lease=lease).taken("turn", "guard"):
            waiting = asyncio.create_task(wait_for_turn())
            await asyncio.sleep(4 * lease.total_seconds())
            order.append("first")
        await waiting
    assert order == ["first", "second"]


# --- lost, hanging, forgetful --------------------------------------------------------------------------


async def test_lost_server_is_a_miss_and_works_again_when_it_is_back(cache: RedisAnalysisCache, server: Server) -> None:
    await cache.put(SALES, "revenue", "f", a_cache_entry())
    server.kill9()
    for _ in range(3):
        assert await use(cache) == [None, False]
    server.start()
    await until(lambda: is_put(cache))
    assert await cache.get(SALES, "revenue", "f") == a_cache_entry()


async def test_hanging_server_is_a_miss_and_works_again_when_it_goes_on(
    cache: RedisAnalysisCache, server: Server
) -> None:
    server.pause()
    for _ in range(3):
        assert await use(cache) == [None, False]
    assert cache._connection._circuit.is_open
    server.resume()
    await until(lambda: is_put(cache))
    assert await cache.get(SALES, "revenue", "f") == a_cache_entry()


async def test_server_that_is_away_from_the_start_is_a_miss_and_is_found_when_it_comes(server: Server) -> None:
    server.kill9()
    async with connected(server) as connection:
        cache = RedisAnalysisCache(connection, FixedClock())
        await cache.open()
        assert await use(cache) == [None, False]
        server.start()
        await until(lambda: is_put(cache))
        assert await cache._changes.until_live(10)
        await cache.close()


async def test_copy_near_at_hand_is_not_used_by_a_process_that_cannot_hear(
    cache: RedisAnalysisCache, server: Server
) -> None:
    for lose in (server.pause, server.kill9):
        await until(lambda: is_put(cache))
        assert await cache._changes.until_live(10)
        assert not await is_missing(cache)
        assert not await is_missing(cache)
        lose()
        await until(lambda: is_missing(cache))
        server.resume() if lose == server.pause else server.start()


async def test_invalidation_during_an_outage_is_made_up_for_and_nothing_stale_is_served_meanwhile(
    cache: RedisAnalysisCache, other: RedisAnalysisCache, server: Server
) -> None:
    await cache.put(SALES, "revenue", "f", a_cache_entry())
    server.pause()
    await cache.invalidate(SALES, 2)
    assert await is_missing(cache)
    assert await is_put(cache) is False
    server.resume()
    assert await is_missing(cache)
    await until(lambda: is_missing(other))
    assert await other.put(SALES, "revenue", "f", a_cache_entry(version=1)) is False
    assert await other.put(SALES, "revenue", "f", a_cache_entry(version=2)) is True


async def test_invalidation_that_is_owed_is_tried_once_more_when_the_process_ends(
    other: RedisAnalysisCache, server: Server
) -> None:
    await other.put(SALES, "revenue", "f", a_cache_entry())
    async with opened_cache(server) as cache:
        server.pause()
        await cache.invalidate(SALES, 1)
        server.resume()
    await until(lambda: is_missing(other))


async def test_flushed_server_is_a_miss_and_takes_no_body_that_was_begun_before(
    cache: RedisAnalysisCache, other: RedisAnalysisCache, server: Server
) -> None:
    await cache.put(SALES, "revenue", "g", a_cache_entry(version=1))
    async with cache.once(SALES, "revenue", "f"):
        await other.invalidate(SALES, 2)
        await other._connection.call(lambda client: client.flushall())
        assert await cache.put(SALES, "revenue", "f", a_cache_entry(version=1)) is False
    assert await is_missing(cache)
    assert await use(cache) == [None, True]


async def test_content_of_another_release_is_a_miss(cache: RedisAnalysisCache) -> None:
    await cache._connection.call(lambda client: client.hset(f"analytics:{SALES}:revenue", "f", b"\xc1 other form"))
    assert await is_missing(cache)


async def test_attempts_are_counted_over_all_processes(server: Server) -> None:
    async with connected(server) as first, connected(server) as second:
        limiters = [RedisRateLimiter(first, FixedClock()), RedisRateLimiter(second, FixedClock())]
        for limiter in limiters:
            await limiter.hit("login:ann@example.com", 2, MINUTE)
        for limiter in limiters:
            with pytest.raises(RateLimitedError):
                await limiter.hit("login:ann@example.com", 2, MINUTE)
        names = await first.call(lambda client: client.keys("*"))
        assert len(names) == 1
        assert b"ann" not in names[0]


@pytest.mark.parametrize("lose", ["kill9", "pause"])
async def test_limit_holds_in_each_process_while_the_server_is_away(server: Server, lose: str) -> None:
    async with connected(server) as connection:
        limiter = RedisRateLimiter(connection, FixedClock())
        await limiter.hit("key", 2, MINUTE)
        getattr(server, lose)()
        for _ in range(2):
            await limiter.hit("key", 2, MINUTE)
        with pytest.raises(RateLimitedError):
            await limiter.hit("key", 2, MINUTE)


def report(fraction: float) -> Progress:
    return Progress(
        dataset_id=SALES,
        version=1,
        status=Status.PROCESSING,
        stage=Stage.READING,
        fraction=fraction,
        message="",
    )


async def test_news_go_from_process_to_process_and_on_after_an_outage(server: Server) -> None:
    async with AsyncExitStack() as stack:
        boards = [RedisNews(await stack.enter_async_context(connected(server))) for _ in range(2)]
        for board in boards:
            await board.open()
            stack.push_async_callback(board.close)
            assert await board._subscription.until_live(10)
        reports = await stack.enter_async_context(boards[1].listen(SALES))
        async with asyncio.timeout(20):
            await boards[0].publish(report(0.1))
            assert await anext(reports) == report(0.1)
            server.kill9()
            await boards[0].publish(report(0.2))
            server.start()
            heard = asyncio.create_task(anext(reports))
            while not heard.done():
                await boards[0].publish(report(0.3))
                await asyncio.sleep(0.02)
            assert await heard == report(0.3)


async def test_listener_without_a_server_waits_in_peace_and_ends_with_the_process(server: Server) -> None:
    server.kill9()
    async with connected(server) as connection:
        board = RedisNews(connection)
        await board.open()
        async with board.listen(SALES) as reports:
            await board.close()
            async with asyncio.timeout(20):
                assert [one async for one in reports] == []


async def test_unreachable_server_is_unavailable_to_the_readiness_check() -> None:
    connection = RedisConnection(f"redis://:s3cret@127.0.0.1:{free_port()}/0")
    with pytest.raises(UnavailableError):
        await connection.ping()
    await connection.open()
    for _ in range(5):
        with pytest.raises(UnavailableError) as failure:
            await connection.ping()
        assert "s3cret" not in failure.value.message
    await connection.close()
    await connection.close()


@pytest.mark.parametrize("url", ["", "localhost", "http://:s3cret@x/0", "redis://:s3cret@x:port/0"])
async def test_text_that_is_no_url_is_a_wrong_setting_and_is_not_repeated(url: str) -> None:
    with pytest.raises(ConfigurationError) as failure:
        await RedisConnection(url).open()
    assert "s3cret" not in failure.value.message
    assert failure.value.details["settings"] == ["REDIS_URL"]
