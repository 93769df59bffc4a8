"""Analyses: compute one, get one (from the cache if it is there), zoom into one."""

from dataclasses import dataclass
from typing import Final

from domain.analysis import (
    MAX_WINDOW_POINTS,
    AnalysisSettings,
    SeriesView,
)
from domain.caching import CacheEntry, cache_field
from domain.dataset import Dataset, Status, move
from domain.errors import (
    DatasetNotReadyError,
    InvalidInputError,
    NotFoundError,
    StaleVersionError,
)
from domain.points import PointTable, window
from domain.ports import Analyses, AnalysisCache, Blobs, Datasets, Offload, Thinner
from domain.use_cases.analysing import FIRST_METRIC, KeepAnalysis, column_of

VERDICTS_BEFORE_GIVING_UP: Final = 3  # given while points are made for zooming: each makes them anew


@dataclass(frozen=True, slots=True)
class GetAnalysis:
    """The analysis of a metric: from the cache, else from the store, else computed; one computation at a time."""

    datasets: Datasets
    analyses: Analyses
    cache: AnalysisCache
    keep: KeepAnalysis

    async def __call__(
        self,
        user_id: str,
        dataset_id: str,
        metric: str | None,
        settings: AnalysisSettings,
        version: int | None = None,
    ) -> tuple[CacheEntry, bool]:
        """Return the finished body, and whether it was at hand.

        Args:
            user_id: the caller; an entry of somebody else's is as good as none.
            dataset_id: which dataset.
            metric: which column; None for the first metric.
            settings: as asked for.
            version: None for the newest.

        Raises:
            DatasetNotFoundError, DatasetNotReadyError, MetricNotFoundError, TooManyPointsError.
        """
        field = cache_field(settings)
        if version is None:
            entry = await self.cache.get(dataset_id, FIRST_METRIC if metric is None else metric, field)
            if entry is not None and entry.user_id == user_id:
                return entry, True
        newest = await self.datasets.get(user_id, dataset_id)
        dataset = newest
        if version is not None and version != newest.version:
            dataset = await self.datasets.get_version(user_id, dataset_id, version)
        checked_ready(dataset)
        name = metric if metric is not None else dataset.metric_columns[0]
        column_of(dataset, name)
        if dataset.version != newest.version:
            return await self._from_store(dataset, name, settings, newest=False), False
        async with self.cache.once(dataset_id, name, field):
            entry = await self.cache.get(dataset_id, name, field)
            if entry is not None and entry.user_id == user_id and entry.version == dataset.version:
                return entry, True
            return await self._from_store(dataset, name, settings, newest=True), False

    async def _from_store(
        self, dataset: Dataset, metric: str, settings: AnalysisSettings, *, newest: bool
    ) -> CacheEntry:
        kept = await self.keep.find(dataset, metric, settings)
        if kept is not None:
            return await self.keep.publish(dataset, kept, settings, newest=newest)
        return await self.keep(dataset, metric, settings, newest=newest)


@dataclass(frozen=True, slots=True)
class RunAnalysis:
    """Compute an analysis anew, whatever is kept, and renew the cache."""

    datasets: Datasets
    analyses: Analyses
    cache: AnalysisCache
    keep: KeepAnalysis

    async def __call__(
        self, user_id: str, dataset_id: str, metric: str | None, settings: AnalysisSettings
    ) -> CacheEntry:
        """Return the fresh body. Raises as GetAnalysis does."""
        dataset = checked_ready(await self.datasets.get(user_id, dataset_id))
        name = metric if metric is not None else dataset.metric_columns[0]
        column_of(dataset, name)
        async with self.cache.once(dataset.id, name, cache_field(settings)):
            await self.cache.invalidate(dataset.id, dataset.version)
            entry = await self.keep(dataset, name, settings)
        await mark_cached(self.datasets, dataset)
        return entry


async def mark_cached(datasets: Datasets, dataset: Dataset) -> None:
    """Note that the cache holds this dataset; somebody's newer change is left as it is."""
    if dataset.status is not Status.PROCESSED:
        return
    try:
        await datasets.replace(move(dataset, Status.CACHED), dataset.revision)
    except StaleVersionError:
        return


@dataclass(frozen=True, slots=True)
class GetSeries:
    """Denser points for a stretch of the chart."""

    datasets: Datasets
    blobs: Blobs
    cache: AnalysisCache
    get: GetAnalysis
    keep: KeepAnalysis
    thinner: Thinner
    offload: Offload

    async def __call__(
        self,
        user_id: str,
        dataset_id: str,
        metric: str | None,
        settings: AnalysisSettings,
        version: int | None,
        start: str | None,
        end: str | None,
        points: int,
    ) -> SeriesView:
        """Return at most about ``points`` points between two local times (inclusive; None: from or to the end).

        Raises:
            InvalidInputError: ``points`` outside 10..10,000, or a time that is none.
            As GetAnalysis: the rest.
        """
        if not 10 <= points <= MAX_WINDOW_POINTS:  # noqa: PLR2004 fewer than ten points draw nothing
            raise InvalidInputError(f"points is {points}; it goes from 10 to {MAX_WINDOW_POINTS:,}.", field="points")
        newest = await self.datasets.get(user_id, dataset_id)
        dataset = newest if version is None else await self.datasets.get_version(user_id, dataset_id, version)
        checked_ready(dataset)
        name = metric if metric is not None else dataset.metric_columns[0]
        column_of(dataset, name)
        table = await self._table(dataset, name, settings, newest=dataset.version == newest.version)
        return await self.offload.run(lambda: window(table, start, end, points, self.thinner))

    async def _table(self, dataset: Dataset, metric: str, settings: AnalysisSettings, *, newest: bool) -> PointTable:
        for _ in range(VERDICTS_BEFORE_GIVING_UP):
            try:
                return await self.keep.points(dataset, metric, settings)
            except NotFoundError:
                async with self.cache.once(dataset.id, metric, cache_field(settings)):
                    await self.keep(dataset, metric, settings, newest=newest)
        return await self.keep.points(dataset, metric, settings)


def checked_ready(dataset: Dataset) -> Dataset:
    """Return a dataset that can be asked. Raises DatasetNotReadyError with what it waits for."""
    if dataset.is_ready:
        return dataset
    if dataset.failure is not None and dataset.status is Status.FAILED:
        raise DatasetNotReadyError(
            f"Version {dataset.version} could not be processed: {dataset.failure.message}",
            status=str(dataset.status),
            failure=dataset.failure.code,
        )
    raise DatasetNotReadyError(
        f"Version {dataset.version} is still being processed. Try again in a moment.", status=str(dataset.status)
    )
