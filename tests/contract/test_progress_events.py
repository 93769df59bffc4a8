"""The contract of ``ProgressEvents``, on every store."""

import asyncio
from collections.abc import AsyncIterator

import msgspec

from domain.datasets.dataset import Status
from domain.datasets.progress import Progress, Stage
from domain.ports.work import ProgressEvents
from tests.support.builders import SALES, VISITS


def report(fraction: float = 0.5, **changes: object) -> Progress:
    progress = Progress(
        dataset_id=SALES,
        version=1,
        status=Status.PROCESSING,
        stage=Stage.READING,
        fraction=fraction,
        message="Liest 1.000 Zeilen ✓",
    )
    return msgspec.structs.replace(progress, **changes)


async def heard(reports: AsyncIterator[Progress], count: int) -> list[Progress]:
    async with asyncio.timeout(10):
        return [await anext(reports) for _ in range(count)]


async def test_listener_hears_what_is_published_in_order(progress_events: ProgressEvents) -> None:
    said = [report(0.1), report(0.2, code="x"), report(1.0, stage=Stage.DONE, status=Status.CACHED)]
    async with progress_events.listen(SALES) as reports:
        for one in said:
            await progress_events.publish(one)
        assert await heard(reports, 3) == said


async def test_every_listener_hears_everything(progress_events: ProgressEvents) -> None:
    async with progress_events.listen(SALES) as first, progress_events.listen(SALES) as second:
        await progress_events.publish(report(0.3))
        assert await heard(first, 1) == [report(0.3)]
        assert await heard(second, 1) == [report(0.3)]


async def test_late_listener_hears_the_last_report_first(progress_events: ProgressEvents) -> None:
    await progress_events.publish(report(0.1))
    await progress_events.publish(report(0.7))
    async with progress_events.listen(SALES) as reports:
        await progress_events.publish(report(0.9))
        assert await heard(reports, 2) == [report(0.7), report(0.9)]


async def test_late_report_of_an_old_version_does_not_become_the_last_known(progress_events: ProgressEvents) -> None:
    await progress_events.publish(report(0.2, version=2))
    await progress_events.publish(report(0.9, version=1))
    async with progress_events.listen(SALES) as reports:
        assert await heard(reports, 1) == [report(0.2, version=2)]


async def test_listener_hears_of_its_own_dataset_only(progress_events: ProgressEvents) -> None:
    await progress_events.publish(report(dataset_id=VISITS))
    async with progress_events.listen(SALES) as reports:
        await progress_events.publish(report(dataset_id=VISITS))
        await progress_events.publish(report(0.4))
        assert await heard(reports, 1) == [report(0.4)]


async def test_publishing_without_a_listener_is_no_error(progress_events: ProgressEvents) -> None:
    await progress_events.publish(report(0.6))
    async with progress_events.listen(SALES) as reports:
        assert await heard(reports, 1) == [report(0.6)]


async def test_slow_listener_stops_nobody_and_still_hears_the_newest(progress_events: ProgressEvents) -> None:
    async with progress_events.listen(SALES) as slow, progress_events.listen(SALES) as quick:
        for number in range(1_000):
            await progress_events.publish(report(number / 1_000))
            assert (await heard(quick, 1))[0].fraction == number / 1_000
        await progress_events.publish(report(1.0))
        fractions = []
        while not fractions or fractions[-1] < 1.0:
            fractions.append((await heard(slow, 1))[0].fraction)
    assert fractions == sorted(fractions)


async def test_listener_that_leaves_is_forgotten_and_others_go_on(progress_events: ProgressEvents) -> None:
    async with progress_events.listen(SALES) as staying:
        async with progress_events.listen(SALES) as leaving:
            await progress_events.publish(report(0.1))
            await heard(leaving, 1)
        await progress_events.publish(report(0.2))
        assert await heard(staying, 2) == [report(0.1), report(0.2)]
