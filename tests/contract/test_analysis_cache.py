"""The contract of ``AnalysisCache``, on every store."""

import asyncio
from datetime import timedelta

from domain.analysis.cache_key import LIFETIME, MAX_FIELDS
from domain.ports.analyses import AnalysisCache
from tests.support.builders import BOB, SALES, VISITS, a_cache_entry
from tests.support.fakes import FixedClock

STRANGE_METRICS = ["a:b", "", "höhe ✓", "x" * 2_000, "*", "{tag}", "\n"]


async def test_unknown_entry_is_a_miss(analysis_cache: AnalysisCache) -> None:
    assert await analysis_cache.get(SALES, "revenue", "field") is None


async def test_entry_comes_back_as_it_was_put(analysis_cache: AnalysisCache) -> None:
    entry = a_cache_entry(version=3, body=bytes(range(256)) * 100, etag='"0f"', user_id=BOB)
    assert await analysis_cache.put(SALES, "revenue", "field", entry) is True
    assert await analysis_cache.get(SALES, "revenue", "field") == entry


async def test_entry_is_found_by_its_whole_address_only(analysis_cache: AnalysisCache) -> None:
    await analysis_cache.put(SALES, "revenue", "field", a_cache_entry())
    assert await analysis_cache.get(VISITS, "revenue", "field") is None
    assert await analysis_cache.get(SALES, "visits", "field") is None
    assert await analysis_cache.get(SALES, "revenue", "other") is None


async def test_later_entry_of_the_same_version_replaces_the_earlier(analysis_cache: AnalysisCache) -> None:
    await analysis_cache.put(SALES, "revenue", "field", a_cache_entry(body=b"first"))
    assert await analysis_cache.put(SALES, "revenue", "field", a_cache_entry(body=b"second")) is True
    assert await analysis_cache.get(SALES, "revenue", "field") == a_cache_entry(body=b"second")


async def test_metric_may_have_any_name(analysis_cache: AnalysisCache) -> None:
    for metric in STRANGE_METRICS:
        await analysis_cache.put(SALES, metric, "field", a_cache_entry(body=metric.encode()))
    for metric in STRANGE_METRICS:
        assert await analysis_cache.get(SALES, metric, "field") == a_cache_entry(body=metric.encode())
    await analysis_cache.invalidate(SALES, 1)
    for metric in STRANGE_METRICS:
        assert await analysis_cache.get(SALES, metric, "field") is None


async def test_newer_version_sweeps_the_older_ones_entries_away(analysis_cache: AnalysisCache) -> None:
    await analysis_cache.put(SALES, "revenue", "a", a_cache_entry(version=1))
    await analysis_cache.put(SALES, "revenue", "b", a_cache_entry(version=2))
    assert await analysis_cache.get(SALES, "revenue", "a") is None
    assert await analysis_cache.get(SALES, "revenue", "b") == a_cache_entry(version=2)


async def test_older_version_than_one_seen_is_refused(analysis_cache: AnalysisCache) -> None:
    newer = a_cache_entry(version=2)
    await analysis_cache.put(SALES, "revenue", "field", newer)
    assert await analysis_cache.put(SALES, "revenue", "field", a_cache_entry(version=1)) is False
    assert await analysis_cache.put(SALES, "revenue", "other", a_cache_entry(version=1)) is False
    assert await analysis_cache.get(SALES, "revenue", "field") == newer
    assert await analysis_cache.get(SALES, "revenue", "other") is None


async def test_invalidation_drops_every_entry_of_the_dataset_and_no_others(analysis_cache: AnalysisCache) -> None:
    for metric in ("revenue", "visits"):
        for field in ("a", "b"):
            await analysis_cache.put(SALES, metric, field, a_cache_entry())
    await analysis_cache.put(VISITS, "revenue", "a", a_cache_entry())
    await analysis_cache.invalidate(SALES, 1)
    for metric in ("revenue", "visits"):
        for field in ("a", "b"):
            assert await analysis_cache.get(SALES, metric, field) is None
    assert await analysis_cache.get(VISITS, "revenue", "a") == a_cache_entry()


async def test_stale_write_after_an_invalidation_is_refused(analysis_cache: AnalysisCache) -> None:
    await analysis_cache.invalidate(SALES, 2)
    assert await analysis_cache.put(SALES, "revenue", "field", a_cache_entry(version=1)) is False
    assert await analysis_cache.get(SALES, "revenue", "field") is None
    assert await analysis_cache.put(SALES, "revenue", "field", a_cache_entry(version=2)) is True
    assert await analysis_cache.get(SALES, "revenue", "field") == a_cache_entry(version=2)


async def test_later_invalidation_with_a_lower_version_does_not_lower_the_guard(analysis_cache: AnalysisCache) -> None:
    await analysis_cache.invalidate(SALES, 3)
    await analysis_cache.invalidate(SALES, 1)
    assert await analysis_cache.put(SALES, "revenue", "field", a_cache_entry(version=2)) is False


async def test_body_whose_computation_began_before_an_invalidation_is_refused(analysis_cache: AnalysisCache) -> None:
    begun, annotated = asyncio.Event(), asyncio.Event()

    async def compute() -> list[bool]:
        async with analysis_cache.once(SALES, "revenue", "field"):
            begun.set()
            await annotated.wait()
            # Under the metric's own name, and under the one that stands for "the first".
            return [await analysis_cache.put(SALES, metric, "field", a_cache_entry()) for metric in ("revenue", "")]

    computation = asyncio.create_task(compute())
    await begun.wait()
    await analysis_cache.invalidate(SALES, 1)
    annotated.set()
    assert await computation == [False, False]
    for metric in ("revenue", ""):
        assert await analysis_cache.get(SALES, metric, "field") is None


async def test_computation_inside_another_is_as_old_as_the_outer_one(analysis_cache: AnalysisCache) -> None:
    async with analysis_cache.once(SALES, "revenue", "a"):
        await asyncio.create_task(analysis_cache.invalidate(SALES, 1))
        async with analysis_cache.once(SALES, "revenue", "b"):
            assert await analysis_cache.put(SALES, "revenue", "b", a_cache_entry()) is False
        assert await analysis_cache.put(SALES, "revenue", "a", a_cache_entry()) is False
    assert await analysis_cache.put(SALES, "revenue", "a", a_cache_entry()) is True


async def test_computation_that_invalidates_may_put_its_own_result(analysis_cache: AnalysisCache) -> None:
    async with analysis_cache.once(SALES, "revenue", "field"):
        await analysis_cache.invalidate(SALES, 1)
        assert await analysis_cache.put(SALES, "revenue", "field", a_cache_entry()) is True
    assert await analysis_cache.get(SALES, "revenue", "field") == a_cache_entry()


async def test_entry_lives_for_its_lifetime(analysis_cache: AnalysisCache, clock: FixedClock) -> None:
    await analysis_cache.put(SALES, "revenue", "field", a_cache_entry())
    clock.advance(LIFETIME - timedelta(seconds=1))
    assert await analysis_cache.get(SALES, "revenue", "field") == a_cache_entry()
    clock.advance(timedelta(seconds=1))
    assert await analysis_cache.get(SALES, "revenue", "field") is None


async def test_settings_kept_per_metric_are_bounded_and_the_newest_stays(analysis_cache: AnalysisCache) -> None:
    for number in range(MAX_FIELDS + 10):
        await analysis_cache.put(SALES, "revenue", f"field{number}", a_cache_entry())
    kept = [await analysis_cache.get(SALES, "revenue", f"field{number}") for number in range(MAX_FIELDS + 10)]
    assert sum(entry is not None for entry in kept) == MAX_FIELDS
    assert kept[-1] is not None


async def test_of_many_who_miss_at_once_one_computes_and_the_others_find_its_result(
    analysis_cache: AnalysisCache,
) -> None:
    computed = 0

    async def analyse() -> bytes:
        nonlocal computed
        async with analysis_cache.once(SALES, "revenue", "field"):
            entry = await analysis_cache.get(SALES, "revenue", "field")
            if entry is None:
                computed += 1
                await asyncio.sleep(0.01)
                entry = a_cache_entry(body=b"result")
                await analysis_cache.put(SALES, "revenue", "field", entry)
            return entry.body

    assert set(await asyncio.gather(*(analyse() for _ in range(20)))) == {b"result"}
    assert computed == 1


async def test_computations_of_different_entries_run_side_by_side(analysis_cache: AnalysisCache) -> None:
    both = asyncio.Barrier(3)

    async def compute(dataset_id: str, metric: str, field: str) -> None:
        async with analysis_cache.once(dataset_id, metric, field):
            await both.wait()

    await asyncio.gather(
        compute(SALES, "revenue", "a"), compute(SALES, "revenue", "b"), compute(VISITS, "revenue", "a")
    )
    assert both.n_waiting == 0


async def test_computation_that_fails_or_is_cancelled_lets_the_next_one_in(analysis_cache: AnalysisCache) -> None:
    async def fail() -> None:
        async with analysis_cache.once(SALES, "revenue", "field"):
            raise ArithmeticError

    async def hang() -> None:
        async with analysis_cache.once(SALES, "revenue", "field"):
            begun.set()
            await asyncio.Event().wait()

    outcomes = await asyncio.gather(fail(), fail(), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ArithmeticError, ArithmeticError]
    begun = asyncio.Event()
    hanging = asyncio.create_task(hang())
    await begun.wait()
    hanging.cancel()
    await asyncio.wait([hanging])
    async with analysis_cache.once(SALES, "revenue", "field"):
        assert await analysis_cache.put(SALES, "revenue", "field", a_cache_entry()) is True


async def test_what_is_held_is_named_by_dataset_whatever_its_metrics_are_called(analysis_cache: AnalysisCache) -> None:
    assert await analysis_cache.stored_ids() == frozenset()
    for metric in STRANGE_METRICS:
        await analysis_cache.put(SALES, metric, "field", a_cache_entry())
    await analysis_cache.put(VISITS, "visits", "field", a_cache_entry())
    assert await analysis_cache.stored_ids() == {SALES, VISITS}
    await analysis_cache.invalidate(SALES, 1)
    assert await analysis_cache.stored_ids() == {VISITS}
