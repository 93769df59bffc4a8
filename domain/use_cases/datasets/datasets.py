"""Datasets: list, look up, follow, rename and delete."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from domain.datasets.dataset import Dataset, Status, dataset_prefix, move
from domain.datasets.dataset_query import DatasetQuery
from domain.datasets.derived_keys import rejects_key
from domain.datasets.progress import Progress, Stage, expected, state_of, waiting_at
from domain.datasets.waiting_line import place_of
from domain.errors import DatasetNotFoundError, InvalidInputError, NotFoundError, StaleVersionError, UnavailableError
from domain.ports.analyses import Analyses, AnalysisCache, Verdicts
from domain.ports.datasets import EVERY, Blobs, DatasetPage, Datasets, PendingUploads, Records
from domain.ports.system import Clock
from domain.ports.work import ProgressEvents
from domain.use_cases.uploads.upload import RACES_BEFORE_GIVING_UP, checked_name

MAX_PAGE: Final = 200  # datasets a list call returns at most


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDatasets:
    """The newest version of each of a user's datasets."""

    datasets: Datasets

    async def __call__(self, user_id: str, limit: int, offset: int, query: DatasetQuery = EVERY) -> DatasetPage:
        """Raises InvalidInputError for a limit outside 1..200 or a negative offset."""
        if not 1 <= limit <= MAX_PAGE:
            raise InvalidInputError(f"limit is {limit}; it goes from 1 to {MAX_PAGE}.", field="limit")
        if offset < 0:
            raise InvalidInputError(f"offset is {offset}; it must not be negative.", field="offset")
        return await self.datasets.list(user_id, limit, offset, query)


@dataclass(frozen=True, slots=True, kw_only=True)
class GetDataset:
    """One dataset: its newest version, or the one asked for."""

    datasets: Datasets

    async def __call__(self, user_id: str, dataset_id: str, version: int | None = None) -> Dataset:
        """Raises DatasetNotFoundError."""
        if version is None:
            return await self.datasets.get(user_id, dataset_id)
        return await self.datasets.get_version(user_id, dataset_id, version)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListVersions:
    """Every version of a dataset, the newest first."""

    datasets: Datasets

    async def __call__(self, user_id: str, dataset_id: str) -> tuple[Dataset, ...]:
        """Raises DatasetNotFoundError."""
        return await self.datasets.versions(user_id, dataset_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRejects:
    """The rows that could not be used, as CSV: line, column, value, reason."""

    datasets: Datasets
    blobs: Blobs

    async def __call__(self, user_id: str, dataset_id: str, version: int | None = None) -> AsyncIterator[bytes]:
        """Raises DatasetNotFoundError; NotFoundError while nothing was read yet."""
        dataset = await GetDataset(datasets=self.datasets)(user_id, dataset_id, version)
        key = rejects_key(user_id, dataset.id, dataset.version)
        if await self.blobs.size(key) is None:
            raise NotFoundError("There is no list of rejected rows: this version has not been read (yet).")
        return self.blobs.read(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchDataset:
    """Follow the processing of a dataset until it is done or failed."""

    datasets: Datasets
    progress_events: ProgressEvents
    pending_uploads: PendingUploads | None
    clock: Clock

    def __call__(
        self, user_id: str, dataset_id: str, version: int | None = None
    ) -> AbstractAsyncContextManager[AsyncIterator[Progress]]:
        """The state as it is comes first, so that no listener waits for an event that has passed."""
        return self._watch(user_id, dataset_id, version)

    async def state(self, user_id: str, dataset_id: str, version: int | None = None) -> Progress:
        """How far it is: the newest version, or the one asked for, which may still have to arrive.

        Raises:
            DatasetNotFoundError: there is none, and no file that was announced as it is on its way.
        """
        try:
            dataset = await self.datasets.get(user_id, dataset_id)
        except DatasetNotFoundError:
            if version is None or not await self._is_awaited(user_id, dataset_id, version):
                raise
            return expected(dataset_id, version)
        if version is None or dataset.version >= version:
            return state_of(dataset)
        if await self._is_awaited(user_id, dataset_id, version):
            return expected(dataset_id, version)
        raise DatasetNotFoundError(f"There is no version {version} of this dataset.", datasetId=dataset_id)

    async def place(self, dataset_id: str) -> Progress | None:
        """The state of an upload that waits for its turn, with its place; None once it is begun or gone."""
        try:
            dataset = await self.datasets.find(dataset_id)
            if dataset is None or dataset.status is not Status.UPLOADED:
                return None
            place = place_of(dataset_id, await self.datasets.waiting())
        except UnavailableError:
            return None
        return None if place is None else waiting_at(state_of(dataset), place)

    async def ended(self, user_id: str, dataset_id: str, version: int | None = None) -> Progress | None:
        """The last report if there will be no other, by the dataset itself: events without a listener are lost.

        Raises:
            DatasetNotFoundError: it was deleted meanwhile.
        """
        try:
            state = await self.state(user_id, dataset_id, version)
        except UnavailableError:
            return None
        return state if state.stage is Stage.DONE else None

    async def _is_awaited(self, user_id: str, dataset_id: str, version: int) -> bool:
        if self.pending_uploads is None:
            return False
        announced = await self.pending_uploads.of_version(user_id, dataset_id, version)
        return announced is not None and announced.is_awaited(self.clock.now())

    @asynccontextmanager
    async def _watch(
        self, user_id: str, dataset_id: str, version: int | None
    ) -> AsyncIterator[AsyncIterator[Progress]]:
        await self.state(user_id, dataset_id, version)  # whose is it?
        async with self.progress_events.listen(dataset_id) as reports:
            yield self._until_done(user_id, dataset_id, version, reports)

    async def _until_done(
        self, user_id: str, dataset_id: str, version: int | None, reports: AsyncIterator[Progress]
    ) -> AsyncIterator[Progress]:
        # Asked after listening began: a change in between is then news, not lost.
        state = await self.state(user_id, dataset_id, version)
        waiting = None if state.stage is Stage.DONE else await self.place(dataset_id)
        yield waiting or state
        if state.stage is Stage.DONE:
            return
        async for report in reports:
            if report.version < state.version:
                continue
            yield report
            if report.stage is Stage.DONE:
                return


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteDataset:
    """Delete a dataset with all that came of it.

    The stores share no transaction, so a tombstone comes first (the dataset is invisible from then on) and every
    step after it may be repeated: ``finish`` is what a restart calls for tombstones it finds.
    """

    datasets: Datasets
    blobs: Blobs
    records: Records
    analyses: Analyses
    verdicts: Verdicts
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
        raise StaleVersionError("The dataset is being changed and could not be deleted. Try again.")

    async def finish(self, dataset: Dataset) -> None:
        """Delete what is left of a dataset under deletion."""
        if dataset.status is not Status.DELETING:
            raise DatasetNotFoundError("Only a dataset that is being deleted can be finished off.")
        await self.clear(dataset)
        await self.datasets.remove(dataset.id)

    async def clear(self, dataset: Dataset) -> None:
        """Delete what other stores hold of a dataset that is gone or going."""
        await self.cache.invalidate(dataset.id, dataset.version + 1)
        await self.records.delete(dataset.id)
        await self.analyses.delete(dataset.id)
        await self.verdicts.delete(dataset.id)
        await self.blobs.delete(dataset_prefix(dataset.user_id, dataset.id))
