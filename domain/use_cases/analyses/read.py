"""Analyses: compute one, get one (from the cache if it is there), zoom into one."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.analysis.analysis import MAX_WINDOW_POINTS, Analysis, SeriesView
from domain.analysis.cache_key import CacheEntry, analysis_of, cache_field
from domain.analysis.point_table import PointTable, chunks, window
from domain.analysis.settings import AnalysisSettings
from domain.datasets.dataset import Dataset, Status, move
from domain.errors import DatasetNotReadyError, InvalidInputError, NotFoundError, StaleVersionError
from domain.ports.analyses import AnalysisCache, Downsampler
from domain.ports.datasets import Datasets
from domain.ports.system import WorkerPool
from domain.use_cases.analyses.compute import FIRST_METRIC, ComputeAnalysis, column_of
from domain.use_cases.analyses.repair import ReadAgainIfDamaged


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeAnalysis:
    """The finished body of an analysis, as it is sent: from the cache, else from the store, else computed.

    One computation at a time.
    """

    datasets: Datasets
    cache: AnalysisCache
    keep: ComputeAnalysis
    repair: ReadAgainIfDamaged

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
            user_id: the caller; an entry of another user counts as none.
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
        verdicts = await self.keep.verdicts_on(dataset, metric, settings.where)
        stored = await self.keep.find(dataset, metric, settings, verdicts)
        if stored is not None:
            return await self.keep.publish(dataset, stored, settings, newest=newest)
        async with self.repair(dataset, newest=newest):
            return await self.keep(dataset, metric, settings, verdicts, newest=newest)


@dataclass(frozen=True, slots=True, kw_only=True)
class GetAnalysis:
    """The analysis of a metric as a value, for comparisons and reports."""

    serve: ServeAnalysis
    worker_pool: WorkerPool

    async def __call__(
        self, user_id: str, dataset_id: str, metric: str | None, settings: AnalysisSettings, version: int | None = None
    ) -> Analysis:
        """Arguments and errors are those of ``ServeAnalysis``."""
        entry, _ = await self.serve(user_id, dataset_id, metric, settings, version)
        return await self.worker_pool.run(lambda: analysis_of(entry))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAnalysis:
    """Compute an analysis again, whatever is stored, and renew the cache."""

    datasets: Datasets
    cache: AnalysisCache
    keep: ComputeAnalysis
    repair: ReadAgainIfDamaged

    async def __call__(
        self, user_id: str, dataset_id: str, metric: str | None, settings: AnalysisSettings
    ) -> CacheEntry:
        """Return the fresh body. Raises as ServeAnalysis does."""
        dataset = checked_ready(await self.datasets.get(user_id, dataset_id))
        name = metric if metric is not None else dataset.metric_columns[0]
        column_of(dataset, name)
        async with self.cache.once(dataset.id, name, cache_field(settings)):
            await self.cache.invalidate(dataset.id, dataset.version)
            async with self.repair(dataset, newest=True):
                verdicts = await self.keep.verdicts_on(dataset, name, settings.where)
                entry = await self.keep(dataset, name, settings, verdicts)
        await mark_cached(self.datasets, dataset)
        return entry


async def mark_cached(datasets: Datasets, dataset: Dataset) -> None:
    """Note that the cache holds this dataset; a newer change is left as it is."""
    if dataset.status is not Status.PROCESSED:
        return
    try:
        await datasets.replace(move(dataset, Status.CACHED), dataset.revision)
    except StaleVersionError:
        return


@dataclass(frozen=True, slots=True, kw_only=True)
class GetSeries:
    """Denser points for a stretch of the chart."""

    datasets: Datasets
    cache: AnalysisCache
    keep: ComputeAnalysis
    repair: ReadAgainIfDamaged
    downsampler: Downsampler
    worker_pool: WorkerPool

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
            As ServeAnalysis: the rest.
        """
        if not 10 <= points <= MAX_WINDOW_POINTS:  # noqa: PLR2004 fewer than ten points draw nothing
            raise InvalidInputError(f"points is {points}; it goes from 10 to {MAX_WINDOW_POINTS:,}.", field="points")
        table = await self.points(user_id, dataset_id, metric, settings, version)
        return await self.worker_pool.run(lambda: window(table, start, end, points, self.downsampler.choose))

    async def points(
        self, user_id: str, dataset_id: str, metric: str | None, settings: AnalysisSettings, version: int | None
    ) -> PointTable:
        """Return all points of an analysis. Raises as ServeAnalysis does."""
        newest = await self.datasets.get(user_id, dataset_id)
        dataset = newest if version is None else await self.datasets.get_version(user_id, dataset_id, version)
        checked_ready(dataset)
        name = metric if metric is not None else dataset.metric_columns[0]
        column_of(dataset, name)
        return await self._table(dataset, name, settings, newest=dataset.version == newest.version)

    async def _table(self, dataset: Dataset, metric: str, settings: AnalysisSettings, *, newest: bool) -> PointTable:
        verdicts = await self.keep.verdicts_on(dataset, metric, settings.where)
        try:
            return await self.keep.points(dataset, metric, settings, verdicts)
        except NotFoundError:
            once = self.cache.once(dataset.id, metric, cache_field(settings))
            async with once, self.repair(dataset, newest=newest):
                await self.keep(dataset, metric, settings, verdicts, newest=newest)
        return await self.keep.points(dataset, metric, settings, verdicts)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSeries:
    """Every point of a series with its expected range, for use outside of the product."""

    series: GetSeries

    async def __call__(
        self,
        user_id: str,
        dataset_id: str,
        metric: str | None,
        settings: AnalysisSettings,
        version: int | None,
        start: str | None,
        end: str | None,
    ) -> Iterator[SeriesView]:
        """Return the points between two local times (inclusive; None: from or to the end), a part at a time.

        Raises:
            InvalidInputError: a time that is none.
            As ServeAnalysis: the rest.
        """
        table = await self.series.points(user_id, dataset_id, metric, settings, version)
        return chunks(table, start, end, MAX_WINDOW_POINTS)


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
