"""Analyses: compute one, get one (from the cache if it is there), zoom into one."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from msgspec.structs import replace

from domain.analysis import (
    MAX_SERIES_POINTS,
    MAX_WINDOW_POINTS,
    Analysis,
    AnalysisSettings,
    ResolvedSettings,
    SeriesView,
)
from domain.anomaly.classify import detect
from domain.anomaly.findings import DetectionSettings
from domain.assembly import assemble
from domain.caching import CacheEntry, cache_field, entry_of
from domain.dataset import Column, Dataset, Status, move, points_key
from domain.errors import (
    DatasetNotReadyError,
    InvalidInputError,
    MetricNotFoundError,
    NotFoundError,
    StaleVersionError,
    TooManyPointsError,
)
from domain.points import PointTable, window
from domain.ports import Analyses, AnalysisCache, Blobs, Clock, Datasets, Offload, Records, Thinner
from domain.series import regularise, resolve_aggregate, resolve_granularity, rolling_window_for
from domain.summary import Granularity, MetricProfile, SeriesAnswer, SeriesQuestion


@dataclass(frozen=True, slots=True)
class AnalyseMetric:
    """From the records of one column to its finished analysis. Keeps nothing."""

    records: Records
    thinner: Thinner
    offload: Offload
    clock: Clock

    async def __call__(self, dataset: Dataset, metric: str, settings: AnalysisSettings) -> tuple[Analysis, PointTable]:
        """Return the analysis, and all its points for zooming.

        Raises:
            MetricNotFoundError, NoUsableRowError: nothing to analyse.
            TooManyPointsError: over 2,000,000 points at this granularity.
        """
        started = self.clock.now()
        column = column_of(dataset, metric)
        profile = await self.records.profile(dataset, metric)
        resolved = resolve(metric, profile, settings, dataset.time_zone)
        points = expected_points(profile, resolved.granularity)
        if points > MAX_SERIES_POINTS:
            raise TooManyPointsError(
                f"By {resolved.granularity} this series has {points:,} points; at most {MAX_SERIES_POINTS:,} can be "
                "analysed. Choose a coarser granularity.",
                points=points,
                limit=MAX_SERIES_POINTS,
            )
        question = SeriesQuestion(
            dataset_id=dataset.id,
            version=dataset.version,
            metric=metric,
            granularity=resolved.granularity,
            aggregate=resolved.aggregate,
            time_zone=dataset.time_zone,
            rolling_window=rolling_window_for(resolved.granularity, points),
        )
        answer = await self.records.series(question)
        analysis, table = await self.offload.run(lambda: self._judge(dataset, column, resolved, answer))
        ended = self.clock.now()
        return replace(analysis, created_at=ended, took_seconds=(ended - started).total_seconds()), table

    def _judge(
        self, dataset: Dataset, column: Column, settings: ResolvedSettings, answer: SeriesAnswer
    ) -> tuple[Analysis, PointTable]:
        series = regularise(answer, settings.granularity, settings.time_zone)
        asked = DetectionSettings(
            sensitivity=settings.sensitivity, direction=settings.direction, min_change=settings.min_change
        )
        found = detect(series.time, series.values, asked, last_bucket_complete=series.last_bucket_complete)
        return assemble(dataset, column, settings, series, answer, found, self.thinner, self.clock.now())


def column_of(dataset: Dataset, metric: str) -> Column:
    """The column of a metric. Raises MetricNotFoundError with the names there are."""
    if metric in dataset.metric_columns:
        for column in dataset.columns:
            if column.name == metric:
                return column
    names = ", ".join(dataset.metric_columns)
    raise MetricNotFoundError(
        f"This dataset has no metric {metric!r}. Its metrics: {names}.", metrics=list(dataset.metric_columns)
    )


def resolve(metric: str, profile: MetricProfile, settings: AnalysisSettings, time_zone: str) -> ResolvedSettings:
    """What ``auto`` becomes for this column, and why."""
    granularity, granularity_reason = resolve_granularity(profile, settings.granularity)
    aggregate, aggregate_reason = resolve_aggregate(metric, profile, settings.aggregate, granularity)
    return ResolvedSettings(
        granularity=granularity,
        aggregate=aggregate,
        sensitivity=settings.sensitivity,
        direction=settings.direction,
        min_change=settings.min_change,
        time_zone=time_zone,
        granularity_reason=granularity_reason,
        aggregate_reason=aggregate_reason,
        requested_granularity=settings.granularity,
        requested_aggregate=settings.aggregate,
    )


def expected_points(profile: MetricProfile, granularity: Granularity) -> int:
    """How many non-empty buckets there will be."""
    if granularity is Granularity.NATIVE:
        return profile.distinct_times
    return profile.occupied.get(granularity, profile.distinct_times)


@dataclass(frozen=True, slots=True)
class KeepAnalysis:
    """Compute an analysis and keep it: document, points, cache. The cache refuses it if a newer version came."""

    analyse: AnalyseMetric
    analyses: Analyses
    blobs: Blobs
    cache: AnalysisCache

    async def __call__(
        self, dataset: Dataset, metric: str, settings: AnalysisSettings, *, newest: bool = True
    ) -> CacheEntry:
        """Return the finished body. ``newest`` is False when an older version was asked for by number."""
        analysis, table = await self.analyse(dataset, metric, settings)
        field = cache_field(settings)
        await self.blobs.write(points_key(dataset, metric, field), one_chunk(table.to_bytes()))
        await self.analyses.save(field, analysis)
        return await self.publish(dataset, analysis, settings, newest=newest)

    async def publish(
        self, dataset: Dataset, analysis: Analysis, settings: AnalysisSettings, *, newest: bool
    ) -> CacheEntry:
        """Encode a kept analysis and offer it to the cache."""
        entry = entry_of(analysis, dataset.user_id)
        if newest:
            await self.cache.put(dataset.id, analysis.metric, cache_field(settings), entry)
        return entry


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
        if metric is not None and version is None:
            entry = await self.cache.get(dataset_id, metric, field)
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
        kept = await self.analyses.get(dataset.id, dataset.version, metric, cache_field(settings))
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
        key = points_key(dataset, metric, cache_field(settings))
        try:
            return PointTable.from_bytes(await self._bytes(key))
        except NotFoundError:
            await self.keep(dataset, metric, settings, newest=newest)
            return PointTable.from_bytes(await self._bytes(key))

    async def _bytes(self, key: str) -> bytes:
        return b"".join([chunk async for chunk in self.blobs.read(key)])


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


async def one_chunk(content: bytes) -> AsyncIterator[bytes]:
    """Bytes that are at hand, as the stream a blob store takes."""
    yield content
