"""Analysing one metric: from its records to a finished body that is kept."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from domain.analysis import (
    MAX_SERIES_POINTS,
    Analysis,
    AnalysisSettings,
    ResolvedSettings,
)
from domain.annotations import Annotation, new_levels, outside_baseline
from domain.anomaly.classify import detect
from domain.anomaly.findings import DetectionSettings
from domain.assembly import Known, assemble
from domain.caching import CacheEntry, cache_field, entry_of, kept_field
from domain.column_names import unit_in
from domain.dataset import Column, Dataset, points_key
from domain.errors import (
    CorruptedError,
    DatasetNotFoundError,
    MetricNotFoundError,
    NoUsableRowError,
    TooManyPointsError,
)
from domain.insights.facts import Previous
from domain.points import PointTable
from domain.ports import Analyses, AnalysisCache, Annotations, Blobs, Clock, Datasets, Offload, Records, Thinner
from domain.resolution import resolve_aggregate, resolve_granularity, rolling_window_for
from domain.series import regularise
from domain.suggestions import Stretch, reason_columns, stretches_of, suggest
from domain.summary import Granularity, MetricProfile, SeriesAnswer, SeriesQuestion

FIRST_METRIC: Final = ""  # its second name in the cache, for callers that name no metric; no column is called so


@dataclass(frozen=True, slots=True)
class AnalyseMetric:
    """From the records of one column to its finished analysis. Keeps nothing."""

    records: Records
    thinner: Thinner
    offload: Offload
    clock: Clock

    async def __call__(
        self,
        dataset: Dataset,
        metric: str,
        settings: AnalysisSettings,
        annotations: tuple[Annotation, ...] = (),
        previous: Previous | None = None,
    ) -> tuple[Analysis, PointTable]:
        """Return the analysis, and all its points for zooming.

        Args:
            dataset: a version whose records can be asked.
            metric: which of its columns.
            settings: as asked for.
            annotations: what the user said of this metric so far.
            previous: the version before, to say what changed.

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
        analysis, table, stretches = await self.offload.run(
            lambda: self._judge(dataset, column, resolved, answer, annotations, previous)
        )
        told = {name: await self.records.texts(dataset, name, stretches) for name in reason_columns(dataset.columns)}
        analysis = suggest(analysis, told)
        ended = self.clock.now()
        return replace(analysis, created_at=ended, took_seconds=(ended - started).total_seconds()), table

    def _judge(
        self,
        dataset: Dataset,
        column: Column,
        settings: ResolvedSettings,
        answer: SeriesAnswer,
        annotations: tuple[Annotation, ...],
        previous: Previous | None,
    ) -> tuple[Analysis, PointTable, tuple[Stretch, ...]]:
        series = regularise(answer, settings.granularity, settings.time_zone)
        asked = DetectionSettings(
            sensitivity=settings.sensitivity, direction=settings.direction, min_change=settings.min_change
        )
        found = detect(
            series.time,
            series.value,
            asked,
            last_bucket_complete=series.last_bucket_complete,
            new_levels=new_levels(series, annotations),
            outside_baseline=outside_baseline(series, annotations),
            unit=column.unit or unit_in(column.name),
        )
        made = self.clock.now()
        known = Known(previous, annotations)
        analysis, table = assemble(dataset, column, settings, series, found, self.thinner, made, known)
        return analysis, table, stretches_of(series, found.anomalies)


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
    datasets: Datasets
    analyses: Analyses
    annotations: Annotations
    blobs: Blobs
    cache: AnalysisCache

    async def __call__(
        self, dataset: Dataset, metric: str, settings: AnalysisSettings, *, newest: bool = True
    ) -> CacheEntry:
        """Return the finished body. ``newest`` is False when an older version was asked for by number.

        Call it inside ``cache.once``: the cache then refuses the body if the dataset was invalidated meanwhile.
        """
        analysis = await self.make(dataset, metric, settings)
        return await self.publish(dataset, analysis, settings, newest=newest)

    async def make(self, dataset: Dataset, metric: str, settings: AnalysisSettings) -> Analysis:
        """Compute an analysis and keep it in the store, not in the cache."""
        said = await self.annotations.of_metric(dataset.id, metric)
        previous = await self._previous(dataset, metric, settings, said)
        analysis, table = await self.analyse(dataset, metric, settings, said, previous)
        field = kept_field(settings, said)
        await self.blobs.write(points_key(dataset, metric, field), one_chunk(table.to_bytes()))
        await self.analyses.save(field, analysis)
        return analysis

    async def find(self, dataset: Dataset, metric: str, settings: AnalysisSettings) -> Analysis | None:
        """Return the kept analysis, if one was made of the same name, settings and verdicts."""
        said = await self.annotations.of_metric(dataset.id, metric)
        try:
            return await self.analyses.get(dataset.id, dataset.version, metric, kept_field(settings, said))
        except CorruptedError:
            return None  # it can be made anew from the records

    async def points(self, dataset: Dataset, metric: str, settings: AnalysisSettings) -> PointTable:
        """Return all points of a kept analysis. Raises NotFoundError."""
        said = await self.annotations.of_metric(dataset.id, metric)
        key = points_key(dataset, metric, kept_field(settings, said))
        return PointTable.from_bytes(b"".join([chunk async for chunk in self.blobs.read(key)]))

    async def _previous(
        self, dataset: Dataset, metric: str, settings: AnalysisSettings, said: tuple[Annotation, ...]
    ) -> Previous | None:
        if dataset.version == 1:
            return None
        version, field = dataset.version - 1, kept_field(settings, said)
        before = await self.analyses.get(dataset.id, version, metric, field)
        if before is None and said:  # a verdict threw it away with all others
            try:
                older = await self.datasets.get_version(dataset.user_id, dataset.id, version)
                before, _ = await self.analyse(older, metric, settings, said)
            except (DatasetNotFoundError, MetricNotFoundError, NoUsableRowError, TooManyPointsError):
                return None
        if before is None:
            return None
        found = frozenset(anomaly.id for anomaly in before.anomalies)
        return Previous(version=version, summary=before.summary, anomaly_ids=found)

    async def publish(
        self, dataset: Dataset, analysis: Analysis, settings: AnalysisSettings, *, newest: bool
    ) -> CacheEntry:
        """Encode a kept analysis and offer it to the cache. It carries the name the dataset has now."""
        named = replace(analysis, dataset_name=dataset.dataset_name)
        entry = entry_of(named, dataset.user_id)
        if newest:
            field = cache_field(settings)
            await self.cache.put(dataset.id, analysis.metric, field, entry)
            if analysis.metric == dataset.metric_columns[0]:
                await self.cache.put(dataset.id, FIRST_METRIC, field, entry)
        return entry


async def one_chunk(content: bytes) -> AsyncIterator[bytes]:
    """Bytes that are at hand, as the stream a blob store takes."""
    yield content
