"""A worker that is late can never put an old version's result in the place of a newer one's."""

import gzip
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from domain.analysis.analysis import Analysis
from domain.analysis.cache_key import CacheEntry
from domain.datasets.dataset import Dataset, Revision, Status
from domain.datasets.ingest_result import IngestResult
from domain.ports.work import Job
from domain.use_cases.processing.process import DEFAULTS
from entrypoints.bootstrap.cloud import CloudWorker, cloud_worker
from entrypoints.bootstrap.settings import Settings
from tests.support.builders import ANN
from tests.support.cloud import cloud_settings
from tests.support.served import DAILY
from tests.support.workshop import a_request, chunks_of

OLD = DAILY
NEW = DAILY.replace(b",10", b",90")


async def uploaded(worker: CloudWorker, content: bytes, dataset_id: str | None = None) -> Dataset:
    return await worker.application.use_cases.upload_dataset(ANN, dataset_id, chunks_of(content), a_request())


@pytest.mark.parametrize("overtaken", ["while it stores its rows", "just before it publishes"])
async def test_stale_worker_cannot_overwrite_newer_version(tmp_path: Path, aws_keys: None, overtaken: str) -> None:
    async with cloud_settings(tmp_path) as made, cloud_worker(Settings(**made)) as worker:
        cases, ports = worker.application.use_cases, worker.application.ports
        first = await uploaded(worker, OLD)

        async def newer_version_comes_and_is_done() -> None:
            second = await uploaded(worker, NEW, first.id)
            await cases.run_job(Job(dataset_id=second.id, version=2))

        late = _late(worker, overtaken, newer_version_comes_and_is_done)
        await late(Job(dataset_id=first.id, version=1))

        newest = await ports.datasets.find(first.id)
        assert newest is not None
        assert (newest.version, newest.status) == (2, Status.CACHED)
        entry, at_hand = await cases.serve_analysis(ANN, first.id, "visits", DEFAULTS)
        assert (entry.version, at_hand) == (2, True)
        fresh = await cases.run_analysis(ANN, first.id, "visits", DEFAULTS)
        assert decoded(entry).summary == decoded(fresh).summary


def decoded(entry: CacheEntry) -> Analysis:
    return msgspec.json.decode(gzip.decompress(entry.body), type=Analysis)


def _late(worker: CloudWorker, overtaken: str, meanwhile):  # noqa: ANN001, ANN202 - a use case with one part replaced
    process = worker.application.use_cases.process_dataset
    if overtaken == "while it stores its rows":
        records = _Overtaken(process.records, meanwhile)
        return replace(process, records=records)
    return replace(process, datasets=_OvertakenDatasets(process.datasets, meanwhile))


class _Overtaken:
    def __init__(self, records, meanwhile) -> None:  # noqa: ANN001 - a stand-in
        self._records, self._meanwhile = records, meanwhile

    async def store(self, dataset: Dataset, report: IngestResult) -> None:
        await self._meanwhile()
        await self._records.store(dataset, report)


class _OvertakenDatasets:
    def __init__(self, datasets, meanwhile) -> None:  # noqa: ANN001 - a stand-in
        self._datasets, self._meanwhile = datasets, meanwhile

    def __getattr__(self, name: str) -> Any:
        return getattr(self._datasets, name)

    async def replace(self, dataset: Dataset, expected: Revision) -> None:
        if dataset.status is Status.PROCESSED:
            await self._meanwhile()
        await self._datasets.replace(dataset, expected)
