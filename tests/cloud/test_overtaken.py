"""A run that is overtaken clears what it wrote, in both profiles: by a deletion, a newer version, another reading."""

import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from domain.analysis.settings import AnalysisSettings
from domain.datasets.dataset import Dataset, Status, dataset_prefix
from domain.datasets.derived_keys import points_prefix
from domain.datasets.superseded import SUPERSEDED
from domain.errors import (
    CorruptedError,
    DatasetNotFoundError,
    DatasetNotReadyError,
    SourceChangedError,
    StaleVersionError,
    TooManyWaitingError,
)
from domain.ports.work import Job
from entrypoints.bootstrap.application import Application
from entrypoints.bootstrap.cloud import cloud
from entrypoints.bootstrap.embedded import embedded
from entrypoints.bootstrap.settings import Settings
from tests.support.builders import ANN, BOB
from tests.support.cloud import cloud_settings
from tests.support.running import uploaded
from tests.support.workshop import a_request, chunks_of, sales_csv

DEFAULTS = AnalysisSettings()
SENSITIVE = AnalysisSettings(sensitivity=0.9)
OTHER = b"date,revenue\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\n"


@asynccontextmanager
async def _cloud(folder: Path) -> AsyncIterator[Application]:
    async with cloud_settings(folder) as settings, cloud(Settings(**settings)) as app:
        yield app


@asynccontextmanager
async def _embedded(folder: Path) -> AsyncIterator[Application]:
    async with embedded(Settings(data_dir=folder, bcrypt_cost=4)) as app:
        yield app


@pytest.fixture(params=[_embedded, _cloud], ids=["embedded", "cloud"])
async def app(request: pytest.FixtureRequest, tmp_path: Path, aws_keys: None) -> AsyncIterator[Application]:
    """A profile without a worker: the tests do its work, at moments of their choice."""
    async with request.param(tmp_path) as opened:
        yield opened


async def process(app: Application, dataset: Dataset) -> None:
    await app.use_cases.process_dataset(Job(dataset_id=dataset.id, version=dataset.version))


def before(patch: pytest.MonkeyPatch, port: object, method: str, act: Callable[[], Awaitable[object]]) -> None:
    """Let something happen once, just before a method of a port is next called."""
    original = getattr(port, method)

    async def acted_first(*arguments: Any, **named: Any) -> Any:
        patch.setattr(port, method, original)
        await act()
        return await original(*arguments, **named)

    patch.setattr(port, method, acted_first)


async def left_of(app: Application, dataset: Dataset) -> list[object]:
    """All that any store holds of a dataset."""
    ports = app.ports
    stores = (ports.records, ports.analyses)
    rows = [one for store in stores for one in await store.stored_ids() if one[0] == dataset.id]
    return [
        *rows,
        *await ports.blobs.keys(dataset_prefix(ANN, dataset.id)),
        *filter(None, [await ports.datasets.find(dataset.id)]),
    ]


MOMENTS = [
    ("blobs", "local"),
    ("records", "store"),
    ("blobs", "write_file"),
    ("analyses", "save"),
    ("datasets", "replace"),
]


@pytest.mark.parametrize(("port", "method"), MOMENTS[1:])
async def test_a_deletion_during_processing_leaves_nothing_behind(
    app: Application, monkeypatch: pytest.MonkeyPatch, port: str, method: str
) -> None:
    dataset = await uploaded(app, sales_csv())
    before(monkeypatch, getattr(app.ports, port), method, lambda: app.use_cases.delete_dataset(ANN, dataset.id))
    await process(app, dataset)
    assert await left_of(app, dataset) == []


async def test_a_worker_that_died_over_a_deleted_dataset_leaves_nothing_once_its_job_comes_again(
    app: Application,
) -> None:
    dataset = await uploaded(app, sales_csv())
    await process(app, dataset)
    await app.ports.datasets.remove(dataset.id)  # as if everything were cleared, and the worker wrote after that
    await process(app, dataset)
    ids = {one[0] for store in (app.ports.records, app.ports.analyses) for one in await store.stored_ids()}
    assert dataset.id not in ids


async def test_an_analysis_computed_while_its_dataset_is_deleted_leaves_nothing_behind(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = await uploaded(app, sales_csv())
    await process(app, dataset)
    before(monkeypatch, app.ports.analyses, "save", lambda: app.use_cases.delete_dataset(ANN, dataset.id))
    with pytest.raises(DatasetNotFoundError):
        await app.use_cases.serve_analysis(ANN, dataset.id, "revenue", SENSITIVE)
    assert await left_of(app, dataset) == []


@pytest.mark.parametrize(("port", "method"), [("records", "store"), ("analyses", "save")])
async def test_a_version_overtaken_in_processing_is_superseded_keeps_only_its_file_and_can_be_restored(
    app: Application, monkeypatch: pytest.MonkeyPatch, port: str, method: str
) -> None:
    first = await uploaded(app, sales_csv())
    before(monkeypatch, getattr(app.ports, port), method, lambda: uploaded(app, OTHER, dataset_id=first.id))
    await process(app, first)
    older = await app.use_cases.get_dataset(ANN, first.id, 1)
    assert (older.status, older.failure and older.failure.code) == (Status.FAILED, SUPERSEDED)
    assert (first.id, 1) not in await app.ports.records.stored_ids() | await app.ports.analyses.stored_ids()
    assert await app.ports.blobs.keys(points_prefix(ANN, first.id, 1)) == ()
    with pytest.raises(DatasetNotReadyError, match="Restore this version"):
        await app.use_cases.serve_analysis(ANN, first.id, None, DEFAULTS, 1)
    restored = await app.use_cases.restore_version(ANN, first.id, 1)
    await process(app, restored)
    assert (await app.use_cases.get_dataset(ANN, first.id)).row_count == 7


async def test_settings_looked_at_before_are_computed_again_after_a_second_reading(app: Application) -> None:
    dataset = await uploaded(app, sales_csv())
    await process(app, dataset)
    first, _ = await app.use_cases.serve_analysis(ANN, dataset.id, "revenue", SENSITIVE)
    begun = await app.use_cases.reprocess_dataset(ANN, dataset.id)
    await process(app, begun)
    second, hit = await app.use_cases.serve_analysis(ANN, dataset.id, "revenue", SENSITIVE)
    assert not hit
    assert second.etag != first.etag


async def test_an_analysis_of_the_earlier_reading_is_not_kept_over_the_second_one(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = await uploaded(app, sales_csv())
    await process(app, dataset)

    async def read_again() -> None:
        await process(app, await app.use_cases.reprocess_dataset(ANN, dataset.id))

    before(monkeypatch, app.ports.analyses, "save", read_again)
    with pytest.raises(StaleVersionError, match="re-imported during the analysis"):
        await app.use_cases.run_analysis(ANN, dataset.id, "revenue", SENSITIVE)


async def test_a_source_that_changed_in_the_store_fails_with_both_sums(app: Application) -> None:
    dataset = await uploaded(app, sales_csv())
    await process(app, dataset)
    await app.ports.blobs.write(dataset.source_key, chunks_of(OTHER))
    await process(app, await app.use_cases.reprocess_dataset(ANN, dataset.id))
    failed = await app.use_cases.get_dataset(ANN, dataset.id)
    assert failed.failure is not None
    assert failed.failure.code == "source_changed"
    assert dataset.sha256 in failed.failure.message
    with pytest.raises(SourceChangedError) as caught:
        await app.use_cases.restore_version(ANN, dataset.id, 1)
    assert caught.value.details["expected"] == dataset.sha256
    assert len(await app.use_cases.list_versions(ANN, dataset.id)) == 1


async def test_so_many_files_of_a_user_wait_and_no_more_and_others_are_not_held_up(app: Application) -> None:
    upload = dataclasses.replace(app.use_cases.upload_dataset, max_waiting=2)
    waiting = [await upload(ANN, None, chunks_of(OTHER), a_request()) for _ in range(2)]
    with pytest.raises(TooManyWaitingError, match="2 of your files are waiting") as caught:
        await upload(ANN, None, chunks_of(OTHER), a_request())
    assert caught.value.details["retryAfterSeconds"]
    await upload(BOB, None, chunks_of(OTHER), a_request())
    await process(app, waiting[0])
    await upload(ANN, None, chunks_of(OTHER), a_request())


async def test_damaged_rows_are_read_again_from_the_file_and_an_older_version_says_what_to_do(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = await uploaded(app, sales_csv())
    await process(app, dataset)

    async def damaged(*_: object) -> None:
        raise CorruptedError("The stored records cannot be read.")

    with monkeypatch.context() as patch:
        patch.setattr(app.ports.records, "profile", damaged)
        for asked in (app.use_cases.serve_analysis, app.use_cases.run_analysis):
            with pytest.raises(DatasetNotReadyError):
                await asked(ANN, dataset.id, "revenue", SENSITIVE)
    begun = await app.use_cases.get_dataset(ANN, dataset.id)
    assert begun.status is Status.PROCESSING
    await process(app, begun)
    second = await uploaded(app, OTHER, dataset_id=dataset.id)
    await process(app, second)
    assert (await app.use_cases.serve_analysis(ANN, dataset.id, "revenue", SENSITIVE, 1))[0].version == 1
    monkeypatch.setattr(app.ports.records, "profile", damaged)
    with pytest.raises(DatasetNotReadyError, match="Restore this version"):
        await app.use_cases.serve_analysis(ANN, dataset.id, "orders", SENSITIVE, 1)


async def test_a_parquet_file_that_lost_its_end_heals_itself(tmp_path: Path) -> None:
    async with _embedded(tmp_path) as app:
        dataset = await uploaded(app, sales_csv())
        await process(app, dataset)
        table = next((tmp_path / "records").rglob("*.parquet"))
        table.write_bytes(table.read_bytes()[:-100])
        with pytest.raises(DatasetNotReadyError, match="being read again"):
            await app.use_cases.serve_analysis(ANN, dataset.id, "revenue", SENSITIVE)
        await process(app, await app.use_cases.get_dataset(ANN, dataset.id))
        assert (await app.use_cases.serve_analysis(ANN, dataset.id, "revenue", SENSITIVE))[0].version == 1


async def test_rows_that_are_missing_are_read_again_from_the_file(app: Application) -> None:
    dataset = await uploaded(app, sales_csv())
    await process(app, dataset)
    await app.ports.records.delete(dataset.id)
    with pytest.raises(DatasetNotReadyError, match="being read again"):
        await app.use_cases.serve_analysis(ANN, dataset.id, "revenue", SENSITIVE)
    await process(app, await app.use_cases.get_dataset(ANN, dataset.id))
    assert (await app.use_cases.serve_analysis(ANN, dataset.id, "revenue", SENSITIVE))[0].version == 1
