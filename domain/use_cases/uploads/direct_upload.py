"""Uploads straight to the store: announce one, and register the file once the store tells of it."""

import contextlib
from dataclasses import dataclass

from msgspec.structs import replace

from domain.datasets.dataset import Dataset, NewFile, first_version, next_version, source_key
from domain.datasets.pending_upload import FORM_LIFETIME, MAX_FORM_BYTES, PendingUpload, PresignedUpload
from domain.datasets.progress import state_of
from domain.datasets.table_schema import UploadMode
from domain.errors import (
    ConflictError,
    DatasetNotFoundError,
    DatasetNotReadyError,
    EmptyFileError,
    InvalidInputError,
    StaleVersionError,
    UnsupportedError,
)
from domain.ports.analyses import AnalysisCache
from domain.ports.datasets import Blobs, Datasets, PendingUploads, PresignedUploads
from domain.ports.system import Clock, IdGenerator
from domain.ports.work import Job, ProgressEvents
from domain.struct import Struct
from domain.use_cases.uploads.append_base import ResolveAppendBase
from domain.use_cases.uploads.upload import (
    RACES_BEFORE_GIVING_UP,
    UploadRequest,
    check_waiting,
    checked,
    checked_mode,
    too_large,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareDirectUpload:
    """Hand out a form by which one file of a known size can be sent straight to the store, for an hour."""

    datasets: Datasets
    pending_uploads: PendingUploads | None
    forms: PresignedUploads | None
    id_generator: IdGenerator
    clock: Clock
    find_basis: ResolveAppendBase
    max_bytes: int
    max_waiting: int

    @property
    def is_offered(self) -> bool:
        """Whether there is a store that takes files from browsers."""
        return self.forms is not None and self.pending_uploads is not None

    async def __call__(
        self, user_id: str, dataset_id: str | None, request: UploadRequest, size_bytes: int
    ) -> tuple[PendingUpload, PresignedUpload]:
        """Return what was announced, and the form.

        Raises:
            UnsupportedError: files are sent through the API here.
            EmptyFileError, InvalidInputError, DatasetNotFoundError: as for any upload.
            DatasetNotReadyError, ConflictError: there are no rows now that others could join.
            TooManyWaitingError: so many files of this user wait already.
        """
        if self.forms is None or self.pending_uploads is None:
            raise UnsupportedError(
                "This server takes files itself. Send the file to POST /api/datasets/upload instead."
            )
        self._check_size(size_bytes)
        checked_mode(checked(request), dataset_id)
        await check_waiting(self.datasets, user_id, self.max_waiting)
        before = await self.datasets.get(user_id, dataset_id) if dataset_id else None
        identity = before.id if before else self.id_generator.new()
        version = before.version + 1 if before else 1
        joins = request.mode is UploadMode.APPEND
        basis = await self.find_basis.unseen(user_id, identity, request.parse_options) if joins else None
        now = self.clock.now()
        announced = PendingUpload(
            key=source_key(user_id, identity, version, self.id_generator.new()),
            user_id=user_id,
            dataset_id=identity,
            dataset_name=before.dataset_name if before else request.dataset_name,
            version=version,
            file_name=request.file_name,
            size_bytes=size_bytes,
            parse_options=basis.parse_options if basis else request.parse_options,
            announced_at=now,
            expires_at=now + FORM_LIFETIME,
            appended_to=basis.version if basis else None,
        )
        form = await self.forms.form(announced.key, size_bytes, FORM_LIFETIME)
        await self.pending_uploads.add(announced)
        return announced, form

    def _check_size(self, size_bytes: int) -> None:
        limit = min(self.max_bytes, MAX_FORM_BYTES)
        if size_bytes < 0:
            raise InvalidInputError(f"sizeBytes is {size_bytes}; a file has 1 byte or more.", field="sizeBytes")
        if size_bytes == 0:
            raise EmptyFileError("The file is empty (0 bytes). Choose a file with a header and rows.")
        if size_bytes > limit:
            raise too_large(limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterArrival:
    """A file lies in the store: which job is that? An announced one becomes a version now.

    Safe to do twice and by two at once: a file becomes one version.
    """

    datasets: Datasets
    blobs: Blobs
    cache: AnalysisCache
    pending_uploads: PendingUploads | None
    progress_events: ProgressEvents
    clock: Clock
    find_basis: ResolveAppendBase

    async def __call__(self, user_id: str, dataset_id: str, key: str) -> Job | None:
        """Return the job; None if no version has this file and it was not announced (yet).

        Raises:
            DatasetNotReadyError: its rows join those of a version that is still in work; ask again later.
        """
        for _ in range(RACES_BEFORE_GIVING_UP):
            known = await self._version_of(user_id, dataset_id, key)
            if known is not None:
                await self._forget(dataset_id, key)
                return known
            announced = await self.pending_uploads.find(dataset_id, key) if self.pending_uploads else None
            if announced is None or announced.user_id != user_id:
                return None
            try:
                registered = await self._register(announced)
            except DatasetNotFoundError:  # deleted meanwhile: the file has nowhere to go
                await self.blobs.delete(key)
                await self._forget(dataset_id, key)
                return None
            except DatasetNotReadyError:
                raise
            except ConflictError:  # another upload came first, perhaps of this very file
                continue
            if registered is None:
                return None
            await self._forget(dataset_id, key)
            await self.cache.invalidate(registered.id, registered.version)
            await self.progress_events.publish(state_of(registered))
            return Job(dataset_id=registered.id, version=registered.version)
        return None

    async def is_stored(self, key: str) -> bool:
        """Whether the file is there: deleted with its dataset, it is no upload that is still to be registered."""
        return await self.blobs.size(key) is not None

    async def _version_of(self, user_id: str, dataset_id: str, key: str) -> Job | None:
        try:
            versions = await self.datasets.versions(user_id, dataset_id)
        except DatasetNotFoundError:
            return None
        matching = (one for one in versions if one.source_key == key)
        return next((Job(dataset_id=one.id, version=one.version) for one in matching), None)

    async def _register(self, announced: PendingUpload) -> Dataset | None:
        size = await self.blobs.size(announced.key)
        if size is None:
            return None
        file = NewFile(
            file_name=announced.file_name,
            source_key=announced.key,
            size_bytes=size,
            sha256="",  # not read yet: processing does
            uploaded_at=self.clock.now(),
            parse_options=announced.parse_options,
        )
        if announced.version == 1:
            dataset = first_version(announced.user_id, announced.dataset_id, announced.dataset_name, file)
            await self.datasets.add(dataset)
            return dataset
        current = await self.datasets.get(announced.user_id, announced.dataset_id)
        if announced.appended_to is not None:
            file = await self._joining(announced, file, current)
        dataset = next_version(current, file)
        await self.datasets.replace(dataset, current.revision)
        return dataset

    async def _joining(self, announced: PendingUpload, file: NewFile, current: Dataset) -> NewFile:
        """The file as rows to add. The worker reports what is wrong with them; they are not read here."""
        try:
            basis = await self.find_basis.unseen(announced.user_id, announced.dataset_id, announced.parse_options)
        except DatasetNotReadyError:
            raise
        except ConflictError:  # what could be read when it was announced could not be read again: it says why
            return replace(file, appended_to=announced.appended_to)
        if basis.newest != current.version:
            raise StaleVersionError(f"Version {basis.newest} came in between.")
        return replace(file, parse_options=basis.parse_options, appended_to=basis.version)

    async def _forget(self, dataset_id: str, key: str) -> None:
        if self.pending_uploads is not None:
            await self.pending_uploads.forget(dataset_id, key)


class Withdrawal(Struct, frozen=True):
    """Whether the file was there before it was withdrawn; then it is this version."""

    arrived: bool
    dataset_id: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawUpload:
    """Expect an announced file no more, unless it is there already: for a client without the store's answer.

    After "it is not there" it will never be taken, even if its last bytes are still on their way: so it may be sent
    by another way, and becomes one version. Safe to do twice.
    """

    blobs: Blobs
    pending_uploads: PendingUploads | None
    arrive: RegisterArrival

    async def __call__(self, user_id: str, dataset_id: str, version: int, upload_id: str) -> Withdrawal:
        """Return whether the file has arrived. Raises UnsupportedError."""
        if self.pending_uploads is None:
            raise UnsupportedError("This server hands out no forms, so there is nothing to withdraw.")
        key = source_key(user_id, dataset_id, version, upload_id)
        announced = await self.pending_uploads.find(dataset_id, key)
        job = await self._arrived(announced) if announced else await self.arrive(user_id, dataset_id, key)
        return Withdrawal(arrived=job is not None, dataset_id=dataset_id, version=job.version if job else version)

    async def _arrived(self, announced: PendingUpload) -> Job | None:
        pending_uploads, key = self.pending_uploads, announced.key
        if pending_uploads is None:
            return None
        # Forgotten first, looked for second: a file that comes in between is seen here, a later one is ignored.
        await pending_uploads.forget(announced.dataset_id, key)
        if await self.blobs.size(key) is None:
            return None
        with contextlib.suppress(ConflictError):  # withdrawn twice at once
            await pending_uploads.add(announced)
        try:
            return await self.arrive(announced.user_id, announced.dataset_id, key)
        except DatasetNotReadyError:  # the worker that hears of the file waits for that
            return Job(dataset_id=announced.dataset_id, version=announced.version)
