"""Uploads: look at a file, store it, have it processed."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec.structs import replace

from domain.datasets.dataset import (
    MAX_NAME_CHARACTERS,
    Dataset,
    NewFile,
    Status,
    first_version,
    next_version,
    source_key,
)
from domain.datasets.dataset_query import DatasetQuery
from domain.datasets.ingest_result import Preview
from domain.datasets.parse_options import ParseOptions
from domain.datasets.progress import state_of
from domain.datasets.table_schema import UploadMode
from domain.errors import (
    DriftlineError,
    EmptyFileError,
    InvalidInputError,
    StaleVersionError,
    TooManyWaitingError,
    UnavailableError,
    UploadTooLargeError,
)
from domain.ports.analyses import AnalysisCache
from domain.ports.datasets import Blobs, Datasets, StoredBlob, TableReader
from domain.ports.system import Admission, Clock, IdGenerator, WorkerPool
from domain.ports.work import Job, Jobs, ProgressEvents
from domain.struct import Struct
from domain.use_cases.uploads.append_base import ResolveAppendBase
from domain.use_cases.uploads.named_columns import CheckNamedColumns

IN_WORK: Final = DatasetQuery(statuses=(Status.UPLOADED, Status.PROCESSING))
RETRY_SECONDS: Final = 10  # a few files are processed in that time, or one large one is a good way on
RACES_BEFORE_GIVING_UP: Final = 5  # each lost compare-and-set means that another upload got through


class UploadRequest(Struct, frozen=True):
    """What a user says of an upload, beside the bytes.

    ``appended_to`` is set where a version that was made by adding rows is brought back.
    """

    dataset_name: str | None
    file_name: str
    parse_options: ParseOptions
    mode: UploadMode = UploadMode.REPLACE
    appended_to: int | None = None


def too_large(limit: int) -> UploadTooLargeError:
    """Say what a file may be, and what to do with one that is larger."""
    return UploadTooLargeError(
        f"The file is larger than the limit of {limit:,} bytes. Compress it (.gz) or split it, or raise "
        "DRIFTLINE_MAX_UPLOAD_BYTES.",
        limitBytes=limit,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewFile:
    """What is in this file? Reads its head only."""

    reader: TableReader
    worker_pool: WorkerPool
    admission: Admission

    async def __call__(self, path: Path, parse_options: ParseOptions) -> Preview:
        """Raises UnusableFileError and its subclasses; OverloadedError."""
        async with self.admission.turn():
            return await self.worker_pool.run(lambda: self.reader.preview(path, parse_options))


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadDataset:
    """Store a file as version 1 of a new dataset, or as the next version of an old one, and have it processed."""

    datasets: Datasets
    blobs: Blobs
    cache: AnalysisCache
    jobs: Jobs
    progress_events: ProgressEvents
    id_generator: IdGenerator
    clock: Clock
    find_basis: ResolveAppendBase
    check_columns: CheckNamedColumns
    max_bytes: int
    max_waiting: int

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
            UnavailableError: it may be stored all the same, whole.
            ColumnNotFoundError: a column that the request names is not in the file; nothing is left.
            DatasetNotReadyError, ConflictError, UnusableFileError: rows cannot be added; nothing is left.
            StaleVersionError: other uploads came first.
            TooManyWaitingError: so many files of this user wait already.
        """
        await check_waiting(self.datasets, user_id, self.max_waiting)
        before = await self.datasets.get(user_id, dataset_id) if dataset_id else None
        identity = before.id if before else self.id_generator.new()
        version = before.version + 1 if before else 1
        key = source_key(user_id, identity, version, self.id_generator.new())
        stored = await self.blobs.write(key, self._bounded(chunks))
        try:
            request = checked_mode(checked(describe()), dataset_id)
            file = self._file(key, stored, request)
            if request.mode is UploadMode.APPEND:
                dataset = await self._append(user_id, identity, file)
            elif before:
                await self.check_columns(key, stored.size_bytes, request.parse_options)
                dataset = await self._add_version(user_id, identity, file)
            else:
                await self.check_columns(key, stored.size_bytes, request.parse_options)
                dataset = await self._add(user_id, identity, file, request)
        except DriftlineError as error:
            # A store that did not answer may have registered the version all the same: then this is its file. If not,
            # it is cleared as a file that no dataset has. The same goes for a request that is cancelled here.
            if not isinstance(error, UnavailableError):
                await self.blobs.delete(key)
            raise
        await self.cache.invalidate(dataset.id, dataset.version)
        await self.progress_events.publish(state_of(dataset))
        await self.jobs.submit(Job(dataset_id=dataset.id, version=dataset.version, user_id=dataset.user_id))
        return dataset

    async def _bounded(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        seen = 0
        async for chunk in chunks:
            seen += len(chunk)
            if seen > self.max_bytes:
                raise too_large(self.max_bytes)
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
            parse_options=request.parse_options,
            appended_to=request.appended_to,
        )

    async def _add(self, user_id: str, dataset_id: str, file: NewFile, request: UploadRequest) -> Dataset:
        dataset = first_version(user_id, dataset_id, request.dataset_name, file)
        await self.datasets.add(dataset)
        return dataset

    async def _append(self, user_id: str, dataset_id: str, file: NewFile) -> Dataset:
        basis = await self.find_basis(user_id, dataset_id, file.source_key, file.parse_options)
        appended = replace(file, parse_options=basis.parse_options, appended_to=basis.version)
        return await self._add_version(user_id, dataset_id, appended, only_after=basis.newest)

    async def _add_version(
        self, user_id: str, dataset_id: str, file: NewFile, only_after: int | None = None
    ) -> Dataset:
        for _ in range(RACES_BEFORE_GIVING_UP):
            current = await self.datasets.get(user_id, dataset_id)
            if only_after not in {None, current.version}:
                raise StaleVersionError(
                    f"Version {current.version} came first. Add the rows again when it is processed: else its own "
                    "would be lost."
                )
            successor = next_version(current, file)
            try:
                await self.datasets.replace(successor, current.revision)
            except StaleVersionError:
                continue
            return successor
        raise StaleVersionError("Other uploads to this dataset came first. Try again.")


async def check_waiting(datasets: Datasets, user_id: str, most: int) -> None:
    """Raise TooManyWaitingError if so many files of a user wait or are being processed."""
    waiting = (await datasets.list(user_id, 1, 0, IN_WORK)).total
    if waiting >= most:
        raise TooManyWaitingError(
            f"{waiting:,} of your files are waiting to be processed. Upload the next one when some are done.",
            waiting=waiting,
            retryAfterSeconds=RETRY_SECONDS,
        )


def checked(request: UploadRequest) -> UploadRequest:
    """Return the request if its words can be used. Raises InvalidInputError naming the field."""
    if request.dataset_name is not None:
        checked_name(request.dataset_name)
    checked_time_zone(request.parse_options.time_zone)
    return request


def checked_mode(request: UploadRequest, dataset_id: str | None) -> UploadRequest:
    """Return the request if its mode fits. Raises InvalidInputError."""
    if request.mode is UploadMode.APPEND and dataset_id is None:
        raise InvalidInputError("Rows can only be added to an existing dataset: send its datasetId.", field="datasetId")
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
