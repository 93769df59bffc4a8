"""Processing and deletion that were cut short are finished, or given up with a reason."""

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest

from domain.datasets.dataset import Dataset, Status, dataset_prefix, move
from domain.errors import DatasetNotFoundError, UnavailableError
from domain.ports.work import Job
from tests.support.builders import ANN
from tests.support.running import running, settled, uploaded
from tests.support.workshop import sales_csv


async def test_a_process_that_dies_before_or_during_processing_is_taken_up_again(tmp_path: Path) -> None:
    async with running(tmp_path, work=False) as app:
        waiting = await uploaded(app, sales_csv())
        half = await uploaded(app, sales_csv())
        await app.ports.datasets.replace(move(half, Status.PROCESSING), half.revision)
    async with running(tmp_path) as app:
        assert await app.use_cases.resume_unfinished() == 2
        for dataset in (waiting, half):
            assert (await settled(app, dataset)).row_count == 7
        assert await app.use_cases.resume_unfinished() == 0


async def test_a_file_over_which_the_process_died_three_times_is_failed_at_the_fourth_start(tmp_path: Path) -> None:
    async with running(tmp_path, work=False) as app:
        dataset = await uploaded(app, sales_csv())
        for runs in (1, 2, 3):  # each run notes that it begins; a dead process takes no note back
            begun = await app.use_cases.process_dataset._begin(await found(app, dataset))
            assert (begun.status, begun.interrupted_runs) == (Status.PROCESSING, runs)
    async with running(tmp_path) as app:
        assert await app.use_cases.resume_unfinished() == 1
        failed = await settled(app, dataset)
        assert failed.failure is not None
        assert failed.failure.code == "crashed_too_often"
        assert "3 times" in failed.failure.message
        assert await app.use_cases.resume_unfinished() == 0
        await app.use_cases.reprocess_dataset(ANN, dataset.id)
        again = await settled(app, dataset)
    assert (again.status, again.row_count, again.interrupted_runs) == (Status.CACHED, 7, 0)


@pytest.mark.parametrize("error", [UnavailableError("the store restarts"), asyncio.CancelledError()])
async def test_a_run_that_ends_while_the_process_lives_counts_as_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    async with running(tmp_path, work=False) as app:
        dataset = await uploaded(app, sales_csv())
        job = Job(dataset_id=dataset.id, version=1)

        async def broken(*_: object) -> None:
            raise error

        monkeypatch.setattr(type(app.ports.records), "store", broken)
        for _ in range(4):
            with pytest.raises(type(error)):
                await app.use_cases.process_dataset(job)
            assert (await found(app, dataset)).interrupted_runs == 0
        monkeypatch.undo()
        await app.use_cases.process_dataset(job)
        assert (await found(app, dataset)).status is Status.CACHED


async def found(app: Any, dataset: Dataset) -> Dataset:
    current = await app.ports.datasets.find(dataset.id)
    assert current is not None
    return cast("Dataset", current)


async def test_a_deletion_that_was_cut_short_is_finished_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))

        async def power_cut(*_: object) -> None:
            raise UnavailableError("power cut")

        monkeypatch.setattr(type(app.ports.analyses), "delete", power_cut)
        with pytest.raises(UnavailableError):
            await app.use_cases.delete_dataset(ANN, dataset.id)
        with pytest.raises(DatasetNotFoundError):
            await app.use_cases.get_dataset(ANN, dataset.id)
        monkeypatch.undo()
    async with running(tmp_path) as app:
        assert await app.use_cases.resume_unfinished() == 1
        async with asyncio.timeout(10):
            while await app.ports.datasets.find(dataset.id):  # noqa: ASYNC110 the stores send no word when they are done
                await asyncio.sleep(0.01)
        assert await app.ports.blobs.keys(dataset_prefix(ANN, dataset.id)) == ()
        assert not [path for path in (tmp_path / "records").rglob("*") if path.is_file()]
