"""The contract of ``News``, on every store."""

import asyncio
from collections.abc import AsyncIterator

import msgspec

from domain.dataset import Status
from domain.ports import News
from domain.progress import Progress, Stage
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


async def test_listener_hears_what_is_published_in_order(news: News) -> None:
    said = [report(0.1), report(0.2, code="x"), report(1.0, stage=Stage.DONE, status=Status.CACHED)]
    async with news.listen(SALES) as reports:
        for one in said:
            await news.publish(one)
        assert await heard(reports, 3) == said


async def test_every_listener_hears_everything(news: News) -> None:
    async with news.listen(SALES) as first, news.listen(SALES) as second:
        await news.publish(report(0.3))
        assert await heard(first, 1) == [report(0.3)]
        assert await heard(second, 1) == [report(0.3)]


async def test_late_listener_hears_the_last_report_first(news: News) -> None:
    await news.publish(report(0.1))
    await news.publish(report(0.7))
    async with news.listen(SALES) as reports:
        await news.publish(report(0.9))
        assert await heard(reports, 2) == [report(0.7), report(0.9)]


async def test_late_report_of_an_old_version_does_not_become_the_last_known(news: News) -> None:
    await news.publish(report(0.2, version=2))
    await news.publish(report(0.9, version=1))
    async with news.listen(SALES) as reports:
        assert await heard(reports, 1) == [report(0.2, version=2)]


async def test_listener_hears_of_its_own_dataset_only(news: News) -> None:
    await news.publish(report(dataset_id=VISITS))
    async with news.listen(SALES) as reports:
        await news.publish(report(dataset_id=VISITS))
        await news.publish(report(0.4))
        assert await heard(reports, 1) == [report(0.4)]


async def test_publishing_without_a_listener_is_no_error(news: News) -> None:
    await news.publish(report(0.6))
    async with news.listen(SALES) as reports:
        assert await heard(reports, 1) == [report(0.6)]


async def test_slow_listener_stops_nobody_and_still_hears_the_newest(news: News) -> None:
    async with news.listen(SALES) as slow, news.listen(SALES) as quick:
        for number in range(1_000):
            await news.publish(report(number / 1_000))
            assert (await heard(quick, 1))[0].fraction == number / 1_000
        await news.publish(report(1.0))
        fractions = []
        while not fractions or fractions[-1] < 1.0:
            fractions.append((await heard(slow, 1))[0].fraction)
    assert fractions == sorted(fractions)


async def test_listener_that_leaves_is_forgotten_and_others_go_on(news: News) -> None:
    async with news.listen(SALES) as staying:
        async with news.listen(SALES) as leaving:
            await news.publish(report(0.1))
            await heard(leaving, 1)
        await news.publish(report(0.2))
        assert await heard(staying, 2) == [report(0.1), report(0.2)]
