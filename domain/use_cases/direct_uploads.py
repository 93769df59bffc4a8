"""Uploads straight to the store: announce one, and register the file once the store tells of it."""

from dataclasses import dataclass

from domain.announcements import FORM_LIFETIME, MAX_FORM_BYTES, AnnouncedUpload, UploadForm
from domain.dataset import Dataset, NewFile, first_version, next_version, source_key
from domain.errors import (
    ConflictError,
    DatasetNotFoundError,
    EmptyFileError,
    InvalidInputError,
    UnsupportedError,
    UploadTooLargeError,
)
from domain.ports import AnalysisCache, Announcements, Blobs, Clock, Datasets, Identifiers, Job, News, UploadForms
from domain.progress import state_of
from domain.use_cases.uploads import RACES_BEFORE_GIVING_UP, UploadRequest, checked


@dataclass(frozen=True, slots=True)
class AnnounceUpload:
    """Hand out a form by which one file of a known size can be sent straight to the store, for an hour."""

    datasets: Datasets
    announcements: Announcements | None
    forms: UploadForms | None
    identifiers: Identifiers
    clock: Clock
    max_bytes: int

    @property
    def is_offered(self) -> bool:
        """Whether there is a store that takes files from browsers."""
        return self.forms is not None and self.announcements is not None

    async def __call__(
        self, user_id: str, dataset_id: str | None, request: UploadRequest, size_bytes: int
    ) -> tuple[AnnouncedUpload, UploadForm]:
        """Return what was announced, and the form.

        Raises:
            UnsupportedError: files are sent through the API here.
            EmptyFileError, UploadTooLargeError, InvalidInputError, DatasetNotFoundError: as for any upload.
        """
        if self.forms is None or self.announcements is None:
            raise UnsupportedError(
                "This server takes files itself. Send the file to POST /api/datasets/upload instead."
            )
        self._check_size(size_bytes)
        checked(request)
        before = await self.datasets.get(user_id, dataset_id) if dataset_id else None
        identity = before.id if before else self.identifiers.new()
        version = before.version + 1 if before else 1
        now = self.clock.now()
        announced = AnnouncedUpload(
            key=source_key(user_id, identity, version, self.identifiers.new()),
            user_id=user_id,
            dataset_id=identity,
            dataset_name=before.dataset_name if before else request.dataset_name,
            version=version,
            file_name=request.file_name,
            size_bytes=size_bytes,
            roles=request.roles,
            announced_at=now,
            expires_at=now + FORM_LIFETIME,
        )
        form = await self.forms.form(announced.key, size_bytes, FORM_LIFETIME)
        await self.announcements.add(announced)
        return announced, form

    def _check_size(self, size_bytes: int) -> None:
        limit = min(self.max_bytes, MAX_FORM_BYTES)
        if size_bytes < 0:
            raise InvalidInputError(f"sizeBytes is {size_bytes}; a file has 1 byte or more.", field="sizeBytes")
        if size_bytes == 0:
            raise EmptyFileError("The file is empty (0 bytes). Choose a file with a header and rows.")
        if size_bytes > limit:
            raise UploadTooLargeError(
                f"The file has {size_bytes:,} bytes; the limit is {limit:,}. Compress it (.gz) or split it.",
                limitBytes=limit,
            )


@dataclass(frozen=True, slots=True)
class RegisterArrival:
    """A file lies in the store: which job is that? An announced one becomes a version now.

    Safe to do twice and by two at once: a file becomes one version, whoever comes first.
    """

    datasets: Datasets
    blobs: Blobs
    cache: AnalysisCache
    announcements: Announcements | None
    news: News
    clock: Clock

    async def __call__(self, user_id: str, dataset_id: str, key: str) -> Job | None:
        """Return the job; None if no version has this file and nobody announced it (yet)."""
        for _ in range(RACES_BEFORE_GIVING_UP):
            known = await self._version_of(user_id, dataset_id, key)
            if known is not None:
                await self._forget(dataset_id, key)
                return known
            announced = await self.announcements.find(dataset_id, key) if self.announcements else None
            if announced is None or announced.user_id != user_id:
                return None
            try:
                registered = await self._register(announced)
            except DatasetNotFoundError:  # deleted meanwhile: the file has nowhere to go
                await self.blobs.delete(key)
                await self._forget(dataset_id, key)
                return None
            except ConflictError:  # somebody else came first, perhaps with this very file
                continue
            if registered is None:
                return None
            await self._forget(dataset_id, key)
            await self.cache.invalidate(registered.id, registered.version)
            await self.news.publish(state_of(registered))
            return Job(dataset_id=registered.id, version=registered.version)
        return None

    async def _version_of(self, user_id: str, dataset_id: str, key: str) -> Job | None:
        try:
            versions = await self.datasets.versions(user_id, dataset_id)
        except DatasetNotFoundError:
            return None
        found = (one for one in versions if one.source_key == key)
        return next((Job(dataset_id=one.id, version=one.version) for one in found), None)

    async def _register(self, announced: AnnouncedUpload) -> Dataset | None:
        size = await self.blobs.size(announced.key)
        if size is None:
            return None
        file = NewFile(
            file_name=announced.file_name,
            source_key=announced.key,
            size_bytes=size,
            sha256="",  # nobody has read it yet: processing does
            uploaded_at=self.clock.now(),
            roles=announced.roles,
        )
        if announced.version == 1:
            dataset = first_version(announced.user_id, announced.dataset_id, announced.dataset_name, file)
            await self.datasets.add(dataset)
            return dataset
        current = await self.datasets.get(announced.user_id, announced.dataset_id)
        dataset = next_version(current, file)
        await self.datasets.replace(dataset, current.revision)
        return dataset

    async def _forget(self, dataset_id: str, key: str) -> None:
        if self.announcements is not None:
            await self.announcements.forget(dataset_id, key)
