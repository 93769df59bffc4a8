"""Rows added to a version: read again after a crash, brought back, raced for, refused; over the embedded adapters."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from domain.datasets.dataset import Appended, Dataset, Status, move, source_key, version_prefix
from domain.datasets.derived_keys import earlier_key
from domain.datasets.progress import Progress, Stage
from domain.datasets.table_schema import UploadMode
from domain.errors import ColumnsDifferError, ConflictError, DatasetNotReadyError, StaleVersionError, UnavailableError
from domain.ports.work import Job
from domain.use_cases.uploads.upload import UploadRequest
from entrypoints.bootstrap.application import Application
from tests.support.builders import ANN
from tests.support.running import analysis_of, running, settled, uploaded
from tests.support.workshop import a_request, chunks_of, sales_csv

MORE = b"date,revenue,orders\n2024-01-27,9000,40\n2024-01-28,24100,121\n"


async def append(app: Application, dataset: Dataset, content: bytes = MORE, **roles: Any) -> Dataset:
    asked = a_request(**roles)()
    request = UploadRequest(
        dataset_name=None, file_name=asked.file_name, parse_options=asked.parse_options, mode=UploadMode.APPEND
    )
    return await app.use_cases.upload_dataset(ANN, dataset.id, chunks_of(content), lambda: request)


async def values_of(app: Application, dataset: Dataset, **more: Any) -> list[float]:
    analysis, _ = await analysis_of(app, dataset, "revenue", **more)
    return list(analysis["series"]["value"])


async def test_added_rows_join_the_earlier_ones_and_the_report_says_how(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        first = await settled(app, await uploaded(app, sales_csv()))
        second = await settled(app, await append(app, first))
        old, new = await values_of(app, second, version=1), await values_of(app, second)
    assert (second.status, second.version, second.appended_to, second.row_count) == (Status.CACHED, 2, 1, 8)
    assert second.quality is not None
    assert second.quality.appended == Appended(added_rows=2, kept_rows=6, replaced_rows=1, replaced_times=1)
    assert second.quality.notes[0] == "2 rows added to version 1; 1 earlier row for the same times replaced, 6 kept."
    assert second.sha256 != first.sha256
    assert [value for value in new if value is not None] == [*[v for v in old if v is not None][:-1], 9000, 24100]


async def test_rows_can_be_added_again_and_again(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        for day in range(28, 32):
            dataset = await settled(
                app, await append(app, dataset, b"date,revenue,orders\n2024-01-%d,%d,1\n" % (day, day))
            )
            assert dataset.status is Status.CACHED, dataset.failure
        found = await values_of(app, dataset)
    assert (dataset.version, dataset.appended_to, dataset.row_count) == (5, 4, 11)
    assert found[-4:] == [28, 29, 30, 31]


async def test_a_version_with_added_rows_needs_no_other_once_it_was_read(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        first = await settled(app, await uploaded(app, sales_csv()))
        second = await settled(app, await append(app, first))
        before = await values_of(app, second)
        await app.ports.blobs.delete(version_prefix(ANN, first.id, 1))
        await app.ports.records.delete(first.id, 1)
        again = await settled(app, await app.use_cases.reprocess_dataset(ANN, first.id))
        after = await values_of(app, again)
    assert (again.status, again.quality) == (Status.CACHED, second.quality)
    assert before == after


async def test_a_process_that_dies_while_it_adds_rows_is_taken_up_again(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        first = await settled(app, await uploaded(app, sales_csv()))
    async with running(tmp_path, work=False) as app:
        second = await append(app, first)
        await app.ports.datasets.replace(move(second, Status.PROCESSING), second.revision)
    async with running(tmp_path) as app:
        assert await app.use_cases.resume_unfinished() == 1
        assert (await settled(app, second)).row_count == 8


async def test_a_job_delivered_twice_adds_rows_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, work=False) as app:
        first = await uploaded(app, sales_csv())
        await app.use_cases.process_dataset(Job(dataset_id=first.id, version=1))
        await append(app, first)
        job = Job(dataset_id=first.id, version=2)

        async def power_cut(*_: object) -> None:
            raise UnavailableError("power cut")

        monkeypatch.setattr(type(app.ports.records), "store", power_cut)  # after the earlier rows were put aside
        with pytest.raises(UnavailableError):
            await app.use_cases.process_dataset(job)
        monkeypatch.undo()
        await asyncio.gather(*(app.use_cases.process_dataset(job) for _ in range(3)))
        done = await app.use_cases.get_dataset(ANN, first.id)
    assert (done.status, done.row_count) == (Status.CACHED, 8)


async def test_a_version_with_added_rows_is_brought_back_whole(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        first = await settled(app, await uploaded(app, sales_csv()))
        second = await settled(app, await append(app, first))
        await settled(app, await uploaded(app, b"date,other\n2024-01-01,1\n2024-01-02,2\n", dataset_id=first.id))
        fourth = await settled(app, await app.use_cases.restore_version(ANN, first.id, 2))
        same = await values_of(app, fourth) == await values_of(app, fourth, version=2)
    assert (fourth.version, fourth.appended_to, fourth.row_count, fourth.sha256) == (4, 1, 8, second.sha256)
    assert same


async def test_of_two_that_add_rows_at_once_one_is_told_to_do_it_again(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        first = await settled(app, await uploaded(app, sales_csv()))
        other = b"date,revenue,orders\n2024-01-29,1,1\n"
        results = await asyncio.gather(append(app, first), append(app, first, other), return_exceptions=True)
        added = [result for result in results if isinstance(result, Dataset)]
        assert len(added) == 1
        assert any(isinstance(result, StaleVersionError | DatasetNotReadyError) for result in results)
        done = await settled(app, added[0])
        assert (done.version, done.appended_to) == (2, 1)
        kept = await app.ports.blobs.keys(version_prefix(ANN, first.id, 2))
    assert [key for key in kept if key.endswith("/source")] == [done.source_key]


async def test_rows_are_added_to_the_last_version_that_could_be_read(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        first = await settled(app, await uploaded(app, sales_csv()))
        failed = await settled(app, await uploaded(app, b"date,revenue\n", dataset_id=first.id))
        assert failed.status is Status.FAILED
        third = await settled(app, await append(app, first))
    assert (third.version, third.appended_to, third.row_count) == (3, 1, 8)


async def test_nothing_can_be_added_before_a_version_is_read(tmp_path: Path) -> None:
    async with running(tmp_path, work=False) as app:
        first = await uploaded(app, sales_csv())
        with pytest.raises(DatasetNotReadyError, match="Version 1 is still being processed"):
            await append(app, first)
        await app.use_cases.process_dataset(Job(dataset_id=first.id, version=1))
        bad = await uploaded(app, b"date,revenue\n")
        await app.use_cases.process_dataset(Job(dataset_id=bad.id, version=1))
        with pytest.raises(ConflictError, match="nothing to add rows to"):
            await append(app, bad)


async def test_a_file_of_other_columns_changes_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        first = await settled(app, await uploaded(app, sales_csv()))
        with pytest.raises(ColumnsDifferError, match="missing column “orders”"):
            await append(app, first, b"date,revenue\n2024-01-28,1\n")
        assert await app.use_cases.get_dataset(ANN, first.id) == first
        assert await app.ports.blobs.keys(version_prefix(ANN, first.id, 2)) == ()


async def test_added_rows_are_read_in_the_datasets_time_zone(tmp_path: Path) -> None:
    hours = b"when,x\n" + b"".join(b"2024-07-01 %02d:00,%d\n" % (h, h) for h in range(12))
    async with running(tmp_path) as app:
        first = await settled(app, await uploaded(app, hours, time_zone="Asia/Tokyo"))
        second = await settled(app, await append(app, first, b"when,x\n2024-07-01 11:00,50\n2024-07-01 12:00,60\n"))
    assert (second.time_zone, second.row_count) == ("Asia/Tokyo", 13)
    assert second.last_time is not None
    assert second.last_time.hour == 3


async def test_the_last_unit_that_was_incomplete_is_completed(tmp_path: Path) -> None:
    minutes = [b"2024-07-%02d %02d:00,1\n" % (day, hour) for day in range(1, 11) for hour in range(24)]
    async with running(tmp_path) as app:
        first = await settled(app, await uploaded(app, b"when,sales\n" + b"".join(minutes[:-12])))
        second = await settled(app, await append(app, first, b"when,sales\n" + b"".join(minutes[-12:])))
        whole = await settled(app, await uploaded(app, b"when,sales\n" + b"".join(minutes)))
        one, _ = await analysis_of(app, second, "sales")
        other, _ = await analysis_of(app, whole, "sales")
    assert one["series"] == other["series"]
    assert one["summary"] == other["summary"]


async def test_progress_tells_what_is_read_and_added(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        first = await settled(app, await uploaded(app, sales_csv()))
        heard: list[Progress] = []
        async with asyncio.timeout(60), app.ports.progress_events.listen(first.id) as progress_events:
            second = await append(app, first)
            async for report in progress_events:
                if report.version == second.version:
                    heard.append(report)
                    if report.stage is Stage.DONE:
                        break
    assert "Adding 2 rows to version 1" in [one.message for one in heard]
    fractions = [one.fraction for one in heard]
    assert fractions == sorted(fractions)


def test_the_earlier_rows_lie_beside_the_versions_own_file() -> None:
    key = source_key(ANN, "d", 3, "u")
    dataset = Dataset(
        id="d", user_id=ANN, dataset_name="n", version=3, status=Status.UPLOADED, file_name="f", source_key=key,
        size_bytes=1, sha256="", uploaded_at=None, created_at=None,  # type: ignore[arg-type] # times do not matter here
    )  # fmt: skip
    assert earlier_key(dataset) == f"users/{ANN}/datasets/d/v3/u/earlier"
