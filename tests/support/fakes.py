"""A fake of every store port, as plain as can be: the contract suites hold them to what the adapters do."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from typing_extensions import override

from domain.analysis.analysis import Analysis
from domain.datasets.dataset import Dataset, Revision, Status
from domain.datasets.dataset_query import DatasetQuery
from domain.datasets.storage_keys import check_key, check_prefix
from domain.datasets.superseded import as_older
from domain.datasets.waiting_line import WaitingUpload
from domain.errors import ConflictError, DatasetNotFoundError, IllegalMoveError, NotFoundError, StaleVersionError
from domain.feedback.verdict import Verdict
from domain.ports.analyses import Analyses, Verdicts
from domain.ports.datasets import EVERY, Blobs, DatasetPage, Datasets, KeptBlob, StoredBlob
from domain.ports.system import Clock, IdGenerator, WorkerPool

T = TypeVar("T")
NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


@dataclass
class FixedClock(Clock):
    """Stands still until it is told to go on."""

    time: datetime = NOON

    @override
    def now(self) -> datetime:
        return self.time

    def advance(self, by: timedelta) -> None:
        self.time += by


@dataclass
class SequentialIdentifiers(IdGenerator):
    """00000000-0000-4000-8000-000000000001 and so on: valid UUIDs that a test can foretell."""

    given: int = 0

    @override
    def new(self) -> str:
        self.given += 1
        return uuid_of(self.given)

    @override
    def secret(self) -> str:
        self.given += 1
        return hashlib.sha256(str(self.given).encode()).hexdigest()


class InlineOffload(WorkerPool):
    """Does the work at once, in the event loop's own thread."""

    @override
    async def run(self, work: Callable[[], T]) -> T:
        return work()

    @override
    async def run_reporting(
        self, work: Callable[[Callable[[float, str], None]], T], heard: Callable[[float, str], Awaitable[None]]
    ) -> T:
        said: list[tuple[float, str]] = []
        result = work(lambda fraction, message: said.append((fraction, message)))
        for fraction, message in said:
            await heard(fraction, message)
        return result


def uuid_of(number: int) -> str:
    """A valid UUID for a small number."""
    return f"00000000-0000-4000-8000-{number:012d}"


@dataclass
class InMemoryDatasets(Datasets):
    """Every version of every dataset: id -> version -> dataset. The name belongs to all versions."""

    stored: dict[str, dict[int, Dataset]] = field(default_factory=dict)

    @override
    async def add(self, dataset: Dataset) -> None:
        if dataset.id in self.stored:
            raise ConflictError("stored already")
        self.stored[dataset.id] = {dataset.version: dataset}

    @override
    async def get(self, user_id: str, dataset_id: str) -> Dataset:
        return self._newest(self._visible(user_id, dataset_id))

    @override
    async def get_version(self, user_id: str, dataset_id: str, version: int) -> Dataset:
        versions = self._visible(user_id, dataset_id)
        if version not in versions:
            raise DatasetNotFoundError("no such version")
        return versions[version] if version == max(versions) else as_older(versions[version])

    @override
    async def list(self, user_id: str, limit: int, offset: int, query: DatasetQuery = EVERY) -> DatasetPage:
        mine = [
            dataset
            for dataset in map(self._newest, self.stored.values())
            if dataset.user_id == user_id
            and dataset.status in (query.statuses or set(Status) - {Status.DELETING})
            and any(query.text.casefold() in text.casefold() for text in (dataset.dataset_name, dataset.file_name))
        ]
        keys: dict[str, Callable[[Dataset], Any]] = {
            "uploadedAt": lambda dataset: dataset.uploaded_at,
            "datasetName": lambda dataset: dataset.dataset_name.casefold(),
            "rowCount": lambda dataset: -1 if dataset.row_count is None else dataset.row_count,
            "anomalyCount": lambda dataset: -1 if dataset.anomaly_count is None else dataset.anomaly_count,
        }
        key = keys[query.order.field]
        mine.sort(key=lambda dataset: (key(dataset), dataset.id), reverse=query.order.is_descending)
        size_bytes = sum(dataset.size_bytes for dataset in mine)
        return DatasetPage(items=tuple(mine[offset : offset + limit]), total=len(mine), size_bytes=size_bytes)

    @override
    async def versions(self, user_id: str, dataset_id: str) -> tuple[Dataset, ...]:
        versions = self._visible(user_id, dataset_id)
        newest, *older = sorted(versions, reverse=True)
        return (versions[newest], *(as_older(versions[number]) for number in older))

    @override
    async def find(self, dataset_id: str) -> Dataset | None:
        return self._newest(self.stored[dataset_id]) if dataset_id in self.stored else None

    @override
    async def replace(self, dataset: Dataset, expected: Revision) -> None:
        if dataset.version not in {expected.version, expected.version + 1}:
            raise IllegalMoveError("versions come one after the other")
        current = await self.find(dataset.id)
        if current is None or current.revision != expected or current.user_id != dataset.user_id:
            raise StaleVersionError("stale")
        named = msgspec.structs.replace(dataset, dataset_name=current.dataset_name)
        self.stored[dataset.id][dataset.version] = named

    @override
    async def rename(self, user_id: str, dataset_id: str, name: str) -> Dataset:
        versions = self._visible(user_id, dataset_id)
        for number, dataset in versions.items():
            versions[number] = msgspec.structs.replace(dataset, dataset_name=name)
        return self._newest(versions)

    @override
    async def remove(self, dataset_id: str) -> None:
        self.stored.pop(dataset_id, None)

    @override
    async def unfinished(self) -> tuple[Dataset, ...]:
        wanted = {Status.UPLOADED, Status.PROCESSING, Status.DELETING}
        found = [dataset for dataset in map(self._newest, self.stored.values()) if dataset.status in wanted]
        return tuple(sorted(found, key=lambda dataset: (dataset.uploaded_at, dataset.id)))

    @override
    async def waiting(self) -> tuple[WaitingUpload, ...]:
        return tuple(
            WaitingUpload(dataset_id=one.id, version=one.version, user_id=one.user_id, uploaded_at=one.uploaded_at)
            for one in await self.unfinished()
            if one.status is Status.UPLOADED
        )

    @override
    async def miscounted(self, method: int) -> tuple[Dataset, ...]:
        found = [
            dataset
            for dataset in map(self._newest, self.stored.values())
            if dataset.is_ready and dataset.counted_by_method != method
        ]
        return tuple(sorted(found, key=lambda dataset: (dataset.uploaded_at, dataset.id)))

    @staticmethod
    def _newest(versions: dict[int, Dataset]) -> Dataset:
        return versions[max(versions)]

    def _visible(self, user_id: str, dataset_id: str) -> dict[int, Dataset]:
        versions = self.stored.get(dataset_id)
        if versions is None:
            raise DatasetNotFoundError("unknown")
        newest = self._newest(versions)
        if newest.user_id != user_id or newest.status is Status.DELETING:
            raise DatasetNotFoundError("not yours, or going")
        return versions


@dataclass
class InMemoryBlobs(Blobs):
    """Blobs in a dictionary."""

    stored: dict[str, bytes] = field(default_factory=dict)
    written: dict[str, datetime] = field(default_factory=dict)

    @override
    async def write(self, key: str, chunks: AsyncIterator[bytes]) -> StoredBlob:
        check_key(key)
        content = b"".join([bytes(chunk) async for chunk in chunks])
        self.stored[key] = content
        self.written[key] = datetime.now(UTC)
        return StoredBlob(size_bytes=len(content), sha256=hashlib.sha256(content).hexdigest())

    @override
    async def write_file(self, key: str, path: Path) -> StoredBlob:
        async def chunks() -> AsyncIterator[bytes]:
            yield await asyncio.to_thread(path.read_bytes)

        return await self.write(key, chunks())

    @override
    async def read(self, key: str) -> AsyncIterator[bytes]:
        yield self._content(key)

    @override
    async def size(self, key: str) -> int | None:
        check_key(key)
        return len(self.stored[key]) if key in self.stored else None

    @override
    @asynccontextmanager
    async def local(self, key: str) -> AsyncIterator[Path]:
        with tempfile.NamedTemporaryFile() as file:
            file.write(self._content(key))
            file.flush()
            yield Path(file.name)

    @override
    async def delete(self, prefix: str) -> int:
        doomed = await self.keys(prefix)
        for key in doomed:
            del self.stored[key]
        return len(doomed)

    @override
    async def kept(self, prefix: str) -> tuple[KeptBlob, ...]:
        return tuple(
            KeptBlob(key=key, size_bytes=len(self.stored[key]), written_at=self.written[key])
            for key in await self.keys(prefix)
        )

    @override
    async def unfinished(self, before: datetime) -> int:
        return 0  # what is written in one step is never half written

    @override
    async def drop_unfinished(self, before: datetime) -> None:
        """Nothing to drop."""

    @override
    async def keys(self, prefix: str) -> tuple[str, ...]:
        check_prefix(prefix)
        return tuple(sorted(key for key in self.stored if key.startswith(prefix)))

    def _content(self, key: str) -> bytes:
        if check_key(key) not in self.stored:
            raise NotFoundError("no such blob")
        return self.stored[key]


@dataclass
class InMemoryAnalyses(Analyses):
    """Analyses in a dictionary."""

    stored: dict[tuple[str, int, str, str], Analysis] = field(default_factory=dict)

    @override
    async def save(self, field: str, analysis: Analysis) -> None:
        self.stored[analysis.dataset_id, analysis.version, analysis.metric, field] = analysis

    @override
    async def get(self, dataset_id: str, version: int, metric: str, field: str) -> Analysis | None:
        return self.stored.get((dataset_id, version, metric, field))

    @override
    async def stored_ids(self) -> frozenset[tuple[str, int]]:
        return frozenset(key[:2] for key in self.stored)

    @override
    async def delete(self, dataset_id: str, version: int | None = None, metric: str | None = None) -> None:
        self.stored = {
            key: analysis
            for key, analysis in self.stored.items()
            if key[0] != dataset_id or version not in {None, key[1]} or metric not in {None, key[2]}
        }


@dataclass
class InMemoryVerdicts(Verdicts):
    """Verdicts in a dictionary."""

    stored: dict[tuple[str, str, datetime], Verdict] = field(default_factory=dict)

    @override
    async def put(self, annotation: Verdict) -> None:
        self.stored[annotation.dataset_id, annotation.subject, annotation.at] = annotation

    @override
    async def remove(self, dataset_id: str, subject: str, at: datetime) -> None:
        self.stored.pop((dataset_id, subject, at), None)

    @override
    async def stored_ids(self) -> frozenset[str]:
        return frozenset(key[0] for key in self.stored)

    @override
    async def of_subject(self, dataset_id: str, subject: str) -> tuple[Verdict, ...]:
        return tuple(self.stored[key] for key in sorted(self.stored) if key[:2] == (dataset_id, subject))

    @override
    async def delete(self, dataset_id: str) -> None:
        self.stored = {key: annotation for key, annotation in self.stored.items() if key[0] != dataset_id}
