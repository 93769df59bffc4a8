"""What the in-process stores promise beyond their ports: bounded memory, and an end when they are closed."""

import asyncio
from datetime import timedelta

import pytest

from adapters.memory import analysis_cache, rate_limiter
from adapters.memory.analysis_cache import ENTRY_OVERHEAD, MemoryAnalysisCache
from adapters.memory.progress_events import MAX_REMEMBERED, MAX_UNHEARD, MemoryProgressEvents
from adapters.memory.rate_limiter import MemoryRateLimiter
from domain.datasets.dataset import Status
from domain.datasets.progress import Progress, Stage
from domain.errors import RateLimitedError
from tests.support.builders import SALES, a_cache_entry
from tests.support.fakes import FixedClock, uuid_of


def report(fraction: float, dataset_id: str = SALES) -> Progress:
    return Progress(
        dataset_id=dataset_id,
        version=1,
        status=Status.PROCESSING,
        stage=Stage.READING,
        fraction=fraction,
        message="",
    )


async def test_cache_drops_the_least_recently_used_entry_when_its_bytes_run_out() -> None:
    room_for_three = 3 * (1_000 + ENTRY_OVERHEAD)
    cache = MemoryAnalysisCache(FixedClock(), max_bytes=room_for_three)
    for name in ("a", "b", "c"):
        await cache.put(SALES, "revenue", name, a_cache_entry(body=b"x" * 1_000))
    assert await cache.get(SALES, "revenue", "a") is not None
    await cache.put(SALES, "visits", "d", a_cache_entry(body=b"x" * 1_000))
    found = [name for name in "abc" if await cache.get(SALES, "revenue", name)]
    assert found == ["a", "c"]


async def test_cache_counts_replaced_and_dropped_bodies_no_longer() -> None:
    cache = MemoryAnalysisCache(FixedClock(), max_bytes=2 * (1_000 + ENTRY_OVERHEAD))
    await cache.put(SALES, "revenue", "a", a_cache_entry(body=b"x" * 1_000))
    for _ in range(10):
        await cache.put(SALES, "revenue", "b", a_cache_entry(body=b"x" * 1_000))
    await cache.invalidate(uuid_of(1), 1)
    assert await cache.get(SALES, "revenue", "a") is not None
    await cache.invalidate(SALES, 1)
    for name in ("a", "b"):
        await cache.put(SALES, "revenue", name, a_cache_entry(body=b"x" * 1_000))
    assert await cache.get(SALES, "revenue", "a") is not None


async def test_body_larger_than_the_whole_cache_is_not_kept_and_harms_nothing() -> None:
    cache = MemoryAnalysisCache(FixedClock(), max_bytes=5_000)
    await cache.put(SALES, "revenue", "big", a_cache_entry(body=b"x" * 6_000))
    assert await cache.get(SALES, "revenue", "big") is None
    await cache.put(SALES, "revenue", "small", a_cache_entry())
    assert await cache.get(SALES, "revenue", "small") == a_cache_entry()


async def test_cache_remembers_a_bounded_number_of_invalidations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis_cache, "MAX_FENCES", 3)
    cache = MemoryAnalysisCache(FixedClock())
    for number in range(4):
        await cache.invalidate(uuid_of(number), 2)
    accepted = [await cache.put(uuid_of(number), "revenue", "f", a_cache_entry(version=1)) for number in range(4)]
    assert accepted == [True, False, False, False]


async def test_waiting_for_a_computation_that_hangs_comes_to_an_end() -> None:
    cache = MemoryAnalysisCache(FixedClock(), patience=timedelta(milliseconds=20))
    async with cache.once(SALES, "revenue", "f"), asyncio.timeout(10):
        second = asyncio.create_task(_compute(cache))
        assert await second is True


async def _compute(cache: MemoryAnalysisCache) -> bool:
    async with cache.once(SALES, "revenue", "f"):
        return await cache.put(SALES, "revenue", "f", a_cache_entry())


async def test_closed_cache_is_empty_and_usable() -> None:
    cache = MemoryAnalysisCache(FixedClock())
    await cache.open()
    await cache.put(SALES, "revenue", "f", a_cache_entry())
    await cache.close()
    assert await cache.get(SALES, "revenue", "f") is None
    assert await cache.put(SALES, "revenue", "f", a_cache_entry()) is True


async def test_closing_the_news_ends_every_listener() -> None:
    board = MemoryProgressEvents()
    async with board.listen(SALES) as waiting, board.listen(SALES) as full:
        for number in range(MAX_UNHEARD * 2):
            await board.publish(report(number / 200))
        await board.close()
        async with asyncio.timeout(10):
            assert len([one async for one in waiting]) < MAX_UNHEARD
            assert [one async for one in full][-1].fraction == (MAX_UNHEARD * 2 - 1) / 200
    async with board.listen(SALES) as late, asyncio.timeout(10):
        assert [one.fraction async for one in late] == [(MAX_UNHEARD * 2 - 1) / 200]


async def test_news_remember_the_last_reports_of_a_bounded_number_of_datasets() -> None:
    board = MemoryProgressEvents()
    for number in range(MAX_REMEMBERED + 1):
        await board.publish(report(0.5, uuid_of(number)))
    await board.close()
    remembered = []
    for number in (0, 1, MAX_REMEMBERED):
        async with board.listen(uuid_of(number)) as reports:
            remembered.append(len([one async for one in reports]))
    assert remembered == [0, 1, 1]
    assert len(board._last) == MAX_REMEMBERED


async def test_limiter_remembers_a_bounded_number_of_callers() -> None:
    limiter = MemoryRateLimiter(FixedClock(), max_keys=2)
    minute = timedelta(minutes=1)
    for key in ("a", "b", "a", "c"):
        await limiter.hit(key, 2, minute)
    with pytest.raises(RateLimitedError):
        await limiter.hit("a", 2, minute)
    await limiter.hit("b", 1, minute)  # the least recently seen was forgotten
    assert rate_limiter.MAX_KEYS > 2
