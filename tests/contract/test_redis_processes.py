"""One Redis, several processes: what one does, the others see; what one computes, the others wait for."""

import asyncio
from datetime import timedelta

import pytest

from adapters.redis.analysis_cache import RedisAnalysisCache
from adapters.redis.locks import RedisLocks
from adapters.redis.rate_limiter import RedisRateLimiter
from domain.errors import RateLimitedError
from tests.support.builders import SALES, a_cache_entry
from tests.support.fakes import FixedClock
from tests.support.redis_processes import connected, is_missing, is_put
from tests.support.server_process import Server

MINUTE = timedelta(minutes=1)


async def test_body_that_one_process_puts_is_found_by_the_other(
    here: RedisAnalysisCache, there: RedisAnalysisCache
) -> None:
    await here.put(SALES, "revenue", "f", a_cache_entry())
    assert await there.get(SALES, "revenue", "f") == a_cache_entry()


async def test_no_process_has_the_old_body_once_an_invalidation_or_a_replacement_is_through(
    here: RedisAnalysisCache, there: RedisAnalysisCache
) -> None:
    for number in range(50):
        old, new = a_cache_entry(body=b"old %d" % number), a_cache_entry(body=b"new %d" % number)
        for cache in (here, there):
            await cache.put(SALES, "revenue", "f", old)
        for _ in range(2):  # the second is answered from the copy near at hand
            assert [await cache.get(SALES, "revenue", "f") for cache in (here, there)] == [old, old]
        await here.put(SALES, "revenue", "f", new)
        assert [await cache.get(SALES, "revenue", "f") for cache in (there, here)] == [new, new]
        await here.invalidate(SALES, 1)
        assert await is_missing(there)
        assert await is_missing(here)


async def test_change_waits_for_a_process_that_hangs_until_that_one_trusts_its_copy_no_more(
    here: RedisAnalysisCache, there: RedisAnalysisCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    await here.put(SALES, "revenue", "f", a_cache_entry())
    for _ in range(2):
        assert not await is_missing(there)

    def hear_nothing(*_: object) -> None:
        """As a process that was stopped: neither messages nor answers to pings get through."""

    monkeypatch.setattr(there._changes, "_take", hear_nothing)
    assert there._changes.is_live
    await here.invalidate(SALES, 1)
    assert not there._changes.is_live
    assert await is_missing(there)


async def test_second_hit_is_answered_from_the_copy_near_at_hand(here: RedisAnalysisCache, valkey: Server) -> None:
    await here.put(SALES, "revenue", "f", a_cache_entry())
    await here.get(SALES, "revenue", "f")
    await here._connection.call(lambda client: client.config_resetstat())
    for _ in range(10):
        assert await here.get(SALES, "revenue", "f") == a_cache_entry()
    statistics = await here._connection.call(lambda client: client.info("commandstats"))
    assert "cmdstat_hget" not in statistics


async def test_of_many_in_two_processes_who_miss_at_once_one_computes(
    here: RedisAnalysisCache, there: RedisAnalysisCache
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

    outcomes = await asyncio.gather(*(analyse(process) for process in (here, there) * 10))
    assert set(outcomes) == {b"result"}
    assert computed == 1


async def test_body_computed_while_another_process_invalidated_is_refused(
    here: RedisAnalysisCache, there: RedisAnalysisCache
) -> None:
    async with here.once(SALES, "revenue", "f"):
        await there.invalidate(SALES, 1)
        assert await is_put(here) is False
    assert await is_missing(here)


async def test_turn_of_a_process_that_died_is_given_to_the_next_when_its_lease_ends(valkey: Server) -> None:
    async with connected(valkey) as dead, connected(valkey) as living:
        await dead.run("take_lock", ["lock", "fence"], ["token", 300, "generation", 60])
        async with asyncio.timeout(20), RedisLocks(living).taken("lock", "fence") as generation:
            assert generation == "generation"


async def test_turn_is_kept_for_as_long_as_the_computation_takes(valkey: Server) -> None:
    lease = timedelta(milliseconds=300)
    order: list[str] = []

    async def wait_for_turn() -> None:
        async with RedisLocks(second, lease=lease).taken("lock", "fence"):
            order.append("second")

    async with connected(valkey) as first, connected(valkey) as second:
        async with RedisLocks(first, lease=lease).taken("lock", "fence"):
            waiting = asyncio.create_task(wait_for_turn())
            await asyncio.sleep(4 * lease.total_seconds())
            order.append("first")
        await waiting
    assert order == ["first", "second"]


async def test_attempts_are_counted_over_all_processes(valkey: Server) -> None:
    async with connected(valkey) as first, connected(valkey) as second:
        limiters = [RedisRateLimiter(first, FixedClock()), RedisRateLimiter(second, FixedClock())]
        for limiter in limiters:
            await limiter.hit("login:ann@example.com", 2, MINUTE)
        for limiter in limiters:
            with pytest.raises(RateLimitedError):
                await limiter.hit("login:ann@example.com", 2, MINUTE)
        names = await first.call(lambda client: client.keys("*"))
        assert len(names) == 1
        assert b"ann" not in names[0]
