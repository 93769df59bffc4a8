"""Datasets: look at a file, upload it, follow it, list, rename and delete."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.dataset import (
    MAX_NAME_CHARACTERS,
    Dataset,
    NewFile,
    Roles,
    Status,
    dataset_prefix,
    move,
    next_version,
    rejects_key,
    source_key,
)
from domain.errors import (
    DatasetNotFoundError,
    EmptyFileError,
    InvalidInputError,
    NotFoundError,
    StaleVersionError,
    UploadTooLargeError,
)
from domain.ingestion import Preview
from domain.ports import (
    Analyses,
    AnalysisCache,
    Blobs,
    Clock,
    DatasetPage,
    Datasets,
    Identifiers,
    Job,
    Jobs,
    News,
    Offload,
    Records,
    StoredBlob,
    TableReader,
)
from domain.progress import Progress, Stage
from domain.value import Value

MAX_PAGE: Final = 200  # datasets a list call returns at most
RACES_BEFORE_GIVING_UP: Final = 5  # each lost compare-and-set means that somebody else got through


class UploadRequest(Value, frozen=True):
    """What a user says of an upload, beside the bytes."""

    dataset_name: str | None
    file_name: str
    roles: Roles


@dataclass(frozen=True, slots=True)
class PreviewFile:
    """What is in this file? Reads its head only."""

    reader: TableReader
    offload: Offload

    async def __call__(self, path: Path, roles: Roles) -> Preview:
        """Raises UnusableFileError and its kin."""
        return await self.offload.run(lambda: self.reader.preview(path, roles))


@dataclass(frozen=True, slots=True)
class UploadDataset:
    """Store a file as version 1 of a new dataset, or as the next version of an old one, and have it processed."""

    datasets: Datasets
    blobs: Blobs
    cache: AnalysisCache
    jobs: Jobs
    news: News
    identifiers: Identifiers
    clock: Clock
    max_bytes: int

    async def __call__(
        self,
        user_id: str,
        dataset_id: str | None,
        chunks: AsyncIterator[bytes],
        describe: Callable[[], UploadRequest],
    ) -> Dataset:
        """Return the dataset as it stands after storing, before processing.

        Args:
            user_id: the owner.
            dataset_id: an existing dataset, to add a version to it.
            chunks: the file; read once, never held whole.
            describe: called when ``chunks`` is through (the fields of a form may follow its file).

        Raises:
            UploadTooLargeError, EmptyFileError, InvalidInputError, DatasetNotFoundError: nothing is left behind.
        """
        before = await self.datasets.get(user_id, dataset_id) if dataset_id else None
        identity = before.id if before else self.identifiers.new()
        version = before.version + 1 if before else 1
        key = source_key(user_id, identity, version, self.identifiers.new())
        stored = await self.blobs.write(key, self._bounded(chunks))
        try:
            request = checked(describe())
            if stored.size_bytes == 0:
                raise EmptyFileError("The file is empty (0 bytes). Choose a file with a header and rows.")
            file = self._file(key, stored, request)
            dataset = await (
                self._add_version(user_id, identity, file) if before else self._add(user_id, identity, file, request)
            )
        except BaseException:
            await self.blobs.delete(key)
            raise
        await self.cache.invalidate(dataset.id, dataset.version)
        await self.news.publish(_uploaded(dataset))
        await self.jobs.submit(Job(dataset_id=dataset.id, version=dataset.version))
        return dataset

    async def _bounded(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        seen = 0
        async for chunk in chunks:
            seen += len(chunk)
            if seen > self.max_bytes:
                raise UploadTooLargeError(
                    f"The file is larger than the limit of {self.max_bytes:,} bytes. "
                    "Compress it (.gz) or split it, or raise DRIFTLINE_MAX_UPLOAD_BYTES.",
                    limitBytes=self.max_bytes,
                )
            yield chunk

    def _file(self, key: str, stored: StoredBlob, request: UploadRequest) -> NewFile:
        if stored.size_bytes == 0:
            raise EmptyFileError("The file is empty (0 bytes). Choose a file with a header and rows.")
        return NewFile(
            file_name=request.file_name,
            source_key=key,
            size_bytes=stored.size_bytes,
            sha256=stored.sha256,
            uploaded_at=self.clock.now(),
            roles=request.roles,
        )

    async def _add(self, user_id: str, dataset_id: str, file: NewFile, request: UploadRequest) -> Dataset:
        dataset = Dataset(
            id=dataset_id,
            user_id=user_id,
            dataset_name=(request.dataset_name or file.file_name).strip(),
            version=1,
            status=Status.UPLOADED,
            file_name=file.file_name,
            source_key=file.source_key,
            size_bytes=file.size_bytes,
            sha256=file.sha256,
            uploaded_at=file.uploaded_at,
            created_at=file.uploaded_at,
            roles=file.roles,
            time_zone=file.roles.time_zone,
        )
        await self.datasets.add(dataset)
        return dataset

    async def _add_version(self, user_id: str, dataset_id: str, file: NewFile) -> Dataset:
        for _ in range(RACES_BEFORE_GIVING_UP):
            current = await self.datasets.get(user_id, dataset_id)
            successor = next_version(current, file)
            try:
                await self.datasets.replace(successor, current.revision)
            except StaleVersionError:
                continue
            return successor
        raise StaleVersionError("The dataset is changing too fast: other uploads came first. Try again.")


def checked(request: UploadRequest) -> UploadRequest:
    """Return the request if its words can be used. Raises InvalidInputError naming the field."""
    if request.dataset_name is not None:
        checked_name(request.dataset_name)
    checked_time_zone(request.roles.time_zone)
    return request


def checked_name(name: str) -> str:
    """Return a dataset's name without surrounding blanks. Raises InvalidInputError."""
    trimmed = name.strip()
    if not trimmed or len(trimmed) > MAX_NAME_CHARACTERS:
        raise InvalidInputError(
            f"A dataset's name has 1 to {MAX_NAME_CHARACTERS} characters; this one has {len(trimmed)}.",
            field="datasetName",
        )
    return trimmed


def checked_time_zone(name: str) -> str:
    """Return the name of a time zone. Raises InvalidInputError."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInputError(
            f"{name!r} is no time zone. Use a name like UTC, Europe/Berlin or Asia/Kolkata.", field="timeZone"
        ) from error
    return name


@dataclass(frozen=True, slots=True)
class ListDatasets:
    """The newest version of each of a user's datasets."""

    datasets: Datasets

    async def __call__(self, user_id: str, limit: int, offset: int) -> DatasetPage:
        """Raises InvalidInputError for a limit outside 1..200 or a negative offset."""
        if not 1 <= limit <= MAX_PAGE:
            raise InvalidInputError(f"limit is {limit}; it goes from 1 to {MAX_PAGE}.", field="limit")
        if offset < 0:
            raise InvalidInputError(f"offset is {offset}; it must not be negative.", field="offset")
        return await self.datasets.list(user_id, limit, offset)


@dataclass(frozen=True, slots=True)
class GetDataset:
    """One dataset: its newest version, or the one asked for."""

    datasets: Datasets

    async def __call__(self, user_id: str, dataset_id: str, version: int | None = None) -> Dataset:
        """Raises DatasetNotFoundError."""
        if version is None:
            return await self.datasets.get(user_id, dataset_id)
        return await self.datasets.get_version(user_id, dataset_id, version)


@dataclass(frozen=True, slots=True)
class ListVersions:
    """Every version of a dataset, the newest first."""

    datasets: Datasets

    async def __call__(self, user_id: str, dataset_id: str) -> tuple[Dataset, ...]:
        """Raises DatasetNotFoundError."""
        return await self.datasets.versions(user_id, dataset_id)


@dataclass(frozen=True, slots=True)
class ReadRejects:
    """The rows that could not be used, as CSV: line, column, value, reason."""

    datasets: Datasets
    blobs: Blobs

    async def __call__(self, user_id: str, dataset_id: str, version: int | None = None) -> AsyncIterator[bytes]:
        """Raises DatasetNotFoundError; NotFoundError while nothing was read yet."""
        dataset = await GetDataset(self.datasets)(user_id, dataset_id, version)
        key = rejects_key(user_id, dataset.id, dataset.version)
        if await self.blobs.size(key) is None:
            raise NotFoundError("There is no list of rejected rows: this version has not been read (yet).")
        return self.blobs.read(key)


@dataclass(frozen=True, slots=True)
class WatchDataset:
    """Follow the processing of a dataset until it is done or failed."""

    datasets: Datasets
    news: News

    def __call__(self, user_id: str, dataset_id: str) -> AbstractAsyncContextManager[AsyncIterator[Progress]]:
        """The state as it is comes first, so that nobody waits for news that has passed."""
        return self._watch(user_id, dataset_id)

    @asynccontextmanager
    async def _watch(self, user_id: str, dataset_id: str) -> AsyncIterator[AsyncIterator[Progress]]:
        await self.datasets.get(user_id, dataset_id)  # whose is it?
        async with self.news.listen(dataset_id) as reports:
            yield self._until_done(user_id, dataset_id, reports)

    async def _until_done(
        self, user_id: str, dataset_id: str, reports: AsyncIterator[Progress]
    ) -> AsyncIterator[Progress]:
        # Asked after listening began: a change in between is then news, not lost.
        state = state_of(await self.datasets.get(user_id, dataset_id))
        yield state
        if state.stage is Stage.DONE:
            return
        async for report in reports:
            if report.version < state.version:
                continue
            yield report
            if report.stage is Stage.DONE:
                return


def state_of(dataset: Dataset) -> Progress:
    """The progress that a dataset's own state amounts to."""
    if dataset.status is Status.UPLOADED:
        return _uploaded(dataset)
    if dataset.status is Status.PROCESSING:
        return _progress(dataset, Stage.READING, 0.05, "Reading the file")
    if dataset.failure and dataset.status is Status.FAILED:
        return _progress(dataset, Stage.DONE, 1.0, dataset.failure.message, dataset.failure.code)
    return _progress(dataset, Stage.DONE, 1.0, f"Ready: {dataset.row_count or 0:,} rows")


def _uploaded(dataset: Dataset) -> Progress:
    return _progress(dataset, Stage.STORING, 0.02, f"Stored {dataset.size_bytes:,} bytes")


def _progress(dataset: Dataset, stage: Stage, fraction: float, message: str, code: str | None = None) -> Progress:
    return Progress(
        dataset_id=dataset.id,
        version=dataset.version,
        status=dataset.status,
        stage=stage,
        fraction=fraction,
        message=message,
        code=code,
    )


@dataclass(frozen=True, slots=True)
class RenameDataset:
    """Give a dataset another name."""

    datasets: Datasets
    analyses: Analyses
    cache: AnalysisCache

    async def __call__(self, user_id: str, dataset_id: str, name: str) -> Dataset:
        """Raises DatasetNotFoundError, InvalidInputError."""
        dataset = await self.datasets.rename(user_id, dataset_id, checked_name(name))
        await self.analyses.delete(dataset_id)  # the finished bodies carry the name
        await self.cache.invalidate(dataset_id, dataset.version)
        return dataset


@dataclass(frozen=True, slots=True)
class DeleteDataset:
    """Delete a dataset with all that came of it.

    The stores share no transaction, so a tombstone comes first (nobody sees the dataset from then on) and every
    step after it may be repeated: ``finish`` is what a restart calls for tombstones it finds.
    """

    datasets: Datasets
    blobs: Blobs
    records: Records
    analyses: Analyses
    cache: AnalysisCache

    async def __call__(self, user_id: str, dataset_id: str) -> None:
        """Raises DatasetNotFoundError."""
        for _ in range(RACES_BEFORE_GIVING_UP):
            dataset = await self.datasets.get(user_id, dataset_id)
            tombstone = move(dataset, Status.DELETING)
            try:
                await self.datasets.replace(tombstone, dataset.revision)
            except StaleVersionError:
                continue
            return await self.finish(tombstone)
        raise StaleVersionError("The dataset is changing too fast to be deleted. Try again.")

    async def finish(self, dataset: Dataset) -> None:
        """Delete what is left of a dataset under deletion."""
        if dataset.status is not Status.DELETING:
            raise DatasetNotFoundError("Only a dataset that is being deleted can be finished off.")
        await self.cache.invalidate(dataset.id, dataset.version + 1)
        await self.records.delete(dataset.id)
        await self.analyses.delete(dataset.id)
        await self.blobs.delete(dataset_prefix(dataset.user_id, dataset.id))
        await self.datasets.remove(dataset.id)
