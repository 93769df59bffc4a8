"""Uploads: look at a file, store it, have it processed."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec.structs import replace

from domain.appending import UploadMode
from domain.dataset import MAX_NAME_CHARACTERS, Dataset, NewFile, Roles, first_version, next_version, source_key
from domain.errors import EmptyFileError, InvalidInputError, StaleVersionError, UploadTooLargeError
from domain.ingestion import Preview
from domain.ports import (
    AnalysisCache,
    Blobs,
    Clock,
    Datasets,
    Identifiers,
    Job,
    Jobs,
    News,
    Offload,
    StoredBlob,
    TableReader,
)
from domain.progress import state_of
from domain.use_cases.appending import FindBasis
from domain.value import Value

RACES_BEFORE_GIVING_UP: Final = 5  # each lost compare-and-set means that somebody else got through


class UploadRequest(Value, frozen=True):
    """What a user says of an upload, beside the bytes.

    ``appended_to`` is set where a version that was made by adding rows is brought back.
    """

    dataset_name: str | None
    file_name: str
    roles: Roles
    mode: UploadMode = UploadMode.REPLACE
    appended_to: int | None = None


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
    find_basis: FindBasis
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
            DatasetNotReadyError, ConflictError, UnusableFileError and its kin: rows cannot be added; nothing is left.
            StaleVersionError: other uploads came first.
        """
        before = await self.datasets.get(user_id, dataset_id) if dataset_id else None
        identity = before.id if before else self.identifiers.new()
        version = before.version + 1 if before else 1
        key = source_key(user_id, identity, version, self.identifiers.new())
        stored = await self.blobs.write(key, self._bounded(chunks))
        try:
            request = checked_mode(checked(describe()), dataset_id)
            file = self._file(key, stored, request)
            if request.mode is UploadMode.APPEND:
                dataset = await self._append(user_id, identity, file)
            elif before:
                dataset = await self._add_version(user_id, identity, file)
            else:
                dataset = await self._add(user_id, identity, file, request)
        except BaseException:
            await self.blobs.delete(key)
            raise
        await self.cache.invalidate(dataset.id, dataset.version)
        await self.news.publish(state_of(dataset))
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
            appended_to=request.appended_to,
        )

    async def _add(self, user_id: str, dataset_id: str, file: NewFile, request: UploadRequest) -> Dataset:
        dataset = first_version(user_id, dataset_id, request.dataset_name, file)
        await self.datasets.add(dataset)
        return dataset

    async def _append(self, user_id: str, dataset_id: str, file: NewFile) -> Dataset:
        basis = await self.find_basis(user_id, dataset_id, file.source_key, file.roles)
        appended = replace(file, roles=basis.roles, appended_to=basis.version)
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
        raise StaleVersionError("The dataset is changing too fast: other uploads came first. Try again.")


def checked(request: UploadRequest) -> UploadRequest:
    """Return the request if its words can be used. Raises InvalidInputError naming the field."""
    if request.dataset_name is not None:
        checked_name(request.dataset_name)
    checked_time_zone(request.roles.time_zone)
    return request


def checked_mode(request: UploadRequest, dataset_id: str | None) -> UploadRequest:
    """Return the request if its mode fits. Raises InvalidInputError."""
    if request.mode is UploadMode.APPEND and dataset_id is None:
        raise InvalidInputError("Rows can be added to a dataset that is there: send its datasetId.", field="datasetId")
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
