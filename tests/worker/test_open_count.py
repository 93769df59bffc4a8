"""The sum of open anomalies that lists show follows verdicts and updates, also over a crash."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from domain.datasets.dataset import Dataset
from domain.errors import UnavailableError
from domain.feedback.verdict import VerdictKind
from domain.use_cases.processing.count_open import count_job
from entrypoints.bootstrap.application import Application
from tests.support.builders import ANN
from tests.support.running import analysis_of, running, settled, uploaded
from tests.support.served import until_async
from tests.support.workshop import sales_csv

ALL = 6  # open anomalies of both metrics before any verdict


async def confirm(app: Application, dataset: Dataset, date: str = "2024-01-03") -> None:
    await app.use_cases.give_verdict(ANN, dataset.id, "revenue", date, VerdictKind.FALSE_ALARM, None)


async def counts(app: Application, dataset: Dataset, number: int) -> bool:
    async def is_so() -> bool:
        return (await app.use_cases.get_dataset(ANN, dataset.id)).anomaly_count == number

    return await until_async(is_so)


async def test_a_verdict_computes_no_analysis_and_a_job_counts_what_is_open(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        assert dataset.anomaly_count == ALL
        await confirm(app, dataset)
        assert await counts(app, dataset, ALL - 1)
        _, was_cached = await analysis_of(app, dataset, "revenue")
        assert was_cached, "what was made for the count is shown without being made again"


async def test_a_count_that_a_crash_took_with_it_is_made_after_the_restart(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
    async with running(tmp_path, work=False) as app:
        await confirm(app, dataset)
    async with running(tmp_path) as app:
        assert await app.use_cases.resume_unfinished() == 1
        assert await counts(app, dataset, ALL - 1)
        assert await app.use_cases.resume_unfinished() == 0


async def test_what_an_earlier_method_counted_is_counted_again_at_the_start(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        old = replace(dataset, anomaly_count=99, counted_by_method=0)
        await app.ports.datasets.replace(old, dataset.revision)
        assert await app.use_cases.resume_unfinished() == 1
        assert await counts(app, dataset, ALL)


async def test_a_verdict_given_while_it_is_counted_is_in_the_sum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, work=False) as app:
        dataset = await uploaded(app, sales_csv())
        await app.use_cases.process_dataset(count_job(dataset))
        await confirm(app, dataset)
        store = type(app.ports.datasets)
        original = store.replace
        given: list[str] = []

        async def verdict_first(self: Any, changed: Dataset, expected: Any) -> None:
            if changed.counted_by_method is not None and not given:
                given.append("2024-01-15")
                await asyncio.create_task(confirm(app, dataset, "2024-01-15"))
            await original(self, changed, expected)

        monkeypatch.setattr(store, "replace", verdict_first)
        await app.use_cases.run_job(count_job(dataset))
        assert given
        assert (await app.use_cases.get_dataset(ANN, dataset.id)).anomaly_count == ALL - 2


async def test_a_verdict_is_kept_while_the_queue_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))

        async def away(*_: object) -> None:
            raise UnavailableError("The queue does not answer.", dependency="jobs")

        monkeypatch.setattr(type(app.ports.jobs), "submit", away)
        await confirm(app, dataset)
        assert [one.date for one in await app.use_cases.list_verdicts(ANN, dataset.id, "revenue")] == ["2024-01-03"]
        monkeypatch.undo()
        assert await app.use_cases.resume_unfinished() == 1
        assert await counts(app, dataset, ALL - 1)


async def test_a_count_of_a_dataset_that_is_gone_or_superseded_does_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        later = await settled(app, await uploaded(app, sales_csv(), dataset.id))
        await app.use_cases.run_job(count_job(dataset))
        assert (await app.use_cases.get_dataset(ANN, dataset.id)) == later
        await app.use_cases.delete_dataset(ANN, dataset.id)
        await app.use_cases.run_job(count_job(later))
