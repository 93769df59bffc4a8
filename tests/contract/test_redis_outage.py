"""A Redis that is lost, hangs, forgets or comes back: requests go on, and nothing stale is ever served."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from adapters.redis.analysis_cache import RedisAnalysisCache
from adapters.redis.connection import RedisConnection
from adapters.redis.progress_events import RedisProgressEvents
from adapters.redis.rate_limiter import RedisRateLimiter
from domain.datasets.dataset import Status
from domain.datasets.progress import Progress, Stage
from domain.errors import ConfigurationError, RateLimitedError, UnavailableError
from tests.support.builders import SALES, a_cache_entry
from tests.support.fakes import FixedClock
from tests.support.redis_processes import connected, is_missing, is_put, opened_cache, until
from tests.support.server_process import Server, free_port

MINUTE = timedelta(minutes=1)


async def use(cache: RedisAnalysisCache) -> list[object]:
    """What a request does; it must come to an end without an error."""
    async with asyncio.timeout(20), cache.once(SALES, "revenue", "g"):
        missed = await cache.get(SALES, "revenue", "g")
        kept = await cache.put(SALES, "revenue", "g", a_cache_entry())
    await cache.invalidate(SALES, 1)
    return [missed, kept]


async def test_lost_server_is_a_miss_and_works_again_when_it_is_back(here: RedisAnalysisCache, valkey: Server) -> None:
    await here.put(SALES, "revenue", "f", a_cache_entry())
    valkey.kill9()
    for _ in range(3):
        assert await use(here) == [None, False]
    valkey.start()
    await until(lambda: is_put(here))
    assert await here.get(SALES, "revenue", "f") == a_cache_entry()


async def test_hanging_server_is_a_miss_and_works_again_when_it_goes_on(
    here: RedisAnalysisCache, valkey: Server
) -> None:
    valkey.pause()
    for _ in range(3):
        assert await use(here) == [None, False]
    assert here._connection._circuit.is_open
    valkey.resume()
    await until(lambda: is_put(here))
    assert await here.get(SALES, "revenue", "f") == a_cache_entry()


async def test_server_that_is_away_from_the_start_is_a_miss_and_is_found_when_it_comes(valkey: Server) -> None:
    valkey.kill9()
    async with connected(valkey) as connection:
        cache = RedisAnalysisCache(connection, FixedClock())
        await cache.open()
        assert await use(cache) == [None, False]
        valkey.start()
        await until(lambda: is_put(cache))
        assert await cache._changes.until_live(10)
        await cache.close()


async def test_copy_near_at_hand_is_not_used_by_a_process_that_cannot_hear(
    here: RedisAnalysisCache, valkey: Server
) -> None:
    for lose in (valkey.pause, valkey.kill9):
        await until(lambda: is_put(here))
        assert await here._changes.until_live(10)
        assert not await is_missing(here)
        assert not await is_missing(here)
        lose()
        await until(lambda: is_missing(here))
        valkey.resume() if lose == valkey.pause else valkey.start()


async def test_invalidation_during_an_outage_is_made_up_for_and_nothing_stale_is_served_meanwhile(
    here: RedisAnalysisCache, there: RedisAnalysisCache, valkey: Server
) -> None:
    await here.put(SALES, "revenue", "f", a_cache_entry())
    valkey.pause()
    await here.invalidate(SALES, 2)
    assert await is_missing(here)
    assert await is_put(here) is False
    valkey.resume()
    assert await is_missing(here)
    await until(lambda: is_missing(there))
    assert await there.put(SALES, "revenue", "f", a_cache_entry(version=1)) is False
    assert await there.put(SALES, "revenue", "f", a_cache_entry(version=2)) is True


async def test_invalidation_that_is_owed_is_tried_once_more_when_the_process_ends(
    there: RedisAnalysisCache, valkey: Server
) -> None:
    await there.put(SALES, "revenue", "f", a_cache_entry())
    async with opened_cache(valkey) as here:
        valkey.pause()
        await here.invalidate(SALES, 1)
        valkey.resume()
    await until(lambda: is_missing(there))


async def test_flushed_server_is_a_miss_and_takes_no_body_that_was_begun_before(
    here: RedisAnalysisCache, there: RedisAnalysisCache, valkey: Server
) -> None:
    await here.put(SALES, "revenue", "g", a_cache_entry(version=1))
    async with here.once(SALES, "revenue", "f"):
        await there.invalidate(SALES, 2)
        await there._connection.call(lambda client: client.flushall())
        assert await here.put(SALES, "revenue", "f", a_cache_entry(version=1)) is False
    assert await is_missing(here)
    assert await use(here) == [None, True]


async def test_content_of_another_release_is_a_miss(here: RedisAnalysisCache) -> None:
    await here._connection.call(lambda client: client.hset(f"analytics:{SALES}:revenue", "f", b"\xc1 another form"))
    assert await is_missing(here)


@pytest.mark.parametrize("lose", ["kill9", "pause"])
async def test_limit_holds_in_each_process_while_the_server_is_away(valkey: Server, lose: str) -> None:
    async with connected(valkey) as connection:
        limiter = RedisRateLimiter(connection, FixedClock())
        await limiter.hit("key", 2, MINUTE)
        getattr(valkey, lose)()
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


async def test_news_go_from_process_to_process_and_on_after_an_outage(valkey: Server) -> None:
    async with AsyncExitStack() as stack:
        boards = [RedisProgressEvents(await stack.enter_async_context(connected(valkey))) for _ in range(2)]
        for board in boards:
            await board.open()
            stack.push_async_callback(board.close)
            assert await board._subscription.until_live(10)
        reports = await stack.enter_async_context(boards[1].listen(SALES))
        async with asyncio.timeout(20):
            await boards[0].publish(report(0.1))
            assert await anext(reports) == report(0.1)
            valkey.kill9()
            await boards[0].publish(report(0.2))
            valkey.start()
            heard = asyncio.create_task(anext(reports))
            while not heard.done():
                await boards[0].publish(report(0.3))
                await asyncio.sleep(0.02)
            assert await heard == report(0.3)


async def test_listener_without_a_server_waits_in_peace_and_ends_with_the_process(valkey: Server) -> None:
    valkey.kill9()
    async with connected(valkey) as connection:
        board = RedisProgressEvents(connection)
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
