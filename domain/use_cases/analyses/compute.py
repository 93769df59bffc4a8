"""Analysing one metric: from its records to a finished body that is kept."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from msgspec.structs import asdict, replace

from domain.analysis.analysis import MAX_SERIES_POINTS, Analysis
from domain.analysis.build import Known, assemble
from domain.analysis.cache_key import CacheEntry, cache_field, entry_of, kept_field
from domain.analysis.named_days import named_days, resolve_country
from domain.analysis.point_table import PointTable
from domain.analysis.segment import segment_of
from domain.analysis.settings import AnalysisSettings, ResolvedSettings
from domain.analysis.suggested_reasons import Stretch, reason_columns, stretches_of, suggest
from domain.datasets.column_names import unit_in
from domain.datasets.columns import Column
from domain.datasets.dataset import Dataset, Status
from domain.datasets.derived_keys import points_key, points_prefix
from domain.detection.baseline.calendar_rules import NamedDay
from domain.detection.detect import detect
from domain.errors import (
    CorruptedError,
    DatasetNotFoundError,
    MetricNotFoundError,
    NotFoundError,
    NoUsableRowError,
    StaleVersionError,
    TooManyPointsError,
)
from domain.feedback.verdict import Verdict, new_levels, outside_baseline, subject_of
from domain.ports.analyses import Analyses, AnalysisCache, Downsampler, Verdicts
from domain.ports.datasets import Blobs, Datasets, Records
from domain.ports.system import Admission, Clock, WorkerPool
from domain.timeseries.aggregation import Granularity, MetricProfile, SeriesAnswer, SeriesQuestion
from domain.timeseries.completeness import RecordSpan
from domain.timeseries.granularity import (
    offered_granularities,
    resolve_aggregate,
    resolve_granularity,
    rolling_window_for,
)
from domain.timeseries.series import TimeSeries, regularise
from domain.wording.insights.facts import Previous

EPOCH_YEAR: Final = 1970
WARMED_METRICS: Final = 20  # analysed on arrival, the others when they are looked at (docs/decisions/0011)
FIRST_METRIC: Final = ""  # its second name in the cache, for callers that name no metric; no column is called so


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyseMetric:
    """From the records of one column to its finished analysis. Keeps nothing."""

    records: Records
    downsampler: Downsampler
    worker_pool: WorkerPool
    clock: Clock

    async def __call__(
        self,
        dataset: Dataset,
        metric: str,
        settings: AnalysisSettings,
        verdicts: tuple[Verdict, ...] = (),
        previous: Previous | None = None,
    ) -> tuple[Analysis, PointTable]:
        """Return the analysis, and all its points for zooming.

        Args:
            dataset: a version whose records can be asked.
            metric: which of its columns.
            settings: as asked for.
            verdicts: what the user said of this metric so far.
            previous: the version before, to say what changed.

        Raises:
            MetricNotFoundError, NoUsableRowError: nothing to analyse.
            TooManyPointsError: over 2,000,000 points at this granularity.
        """
        started = self.clock.now()
        column = column_of(dataset, metric)
        profile = await self.records.profile(dataset, metric)
        resolved = resolve(column, profile, settings, dataset.time_zone)
        points = expected_points(profile, resolved.granularity)
        if points > MAX_SERIES_POINTS:
            raise TooManyPointsError(
                f"By {resolved.granularity} this series has {points:,} points; at most {MAX_SERIES_POINTS:,} can be "
                "analysed. Choose a longer interval.",
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
            segment=segment_of(dataset, settings.where),
        )
        answer = await self.records.series(question)
        if len(answer.time) == 0:
            raise NoUsableRowError(f"No row with a number has {' and '.join(settings.where)}.", metric=metric)
        span = RecordSpan(first_us=profile.first_us, last_us=profile.last_us, step_us=profile.median_step_us)
        analysis, table, stretches = await self.worker_pool.run(
            lambda: self._judge(dataset, column, resolved, answer, span, verdicts, previous)
        )
        texts = {name: await self.records.texts(dataset, name, stretches) for name in reason_columns(dataset.columns)}
        analysis = suggest(analysis, texts)
        ended = self.clock.now()
        return replace(analysis, created_at=ended, took_seconds=(ended - started).total_seconds()), table

    def _judge(
        self,
        dataset: Dataset,
        column: Column,
        settings: ResolvedSettings,
        answer: SeriesAnswer,
        span: RecordSpan,
        verdicts: tuple[Verdict, ...],
        previous: Previous | None,
    ) -> tuple[Analysis, PointTable, tuple[Stretch, ...]]:
        series = regularise(answer, settings.granularity, settings.time_zone, span)
        detection = detect(
            series.time,
            series.value,
            settings,
            first_bucket_complete=series.first_bucket_complete,
            last_bucket_complete=series.last_bucket_complete,
            new_levels=new_levels(series, verdicts),
            named_days=_named(series, settings),
            outside_baseline=outside_baseline(series, verdicts),
        )
        made = self.clock.now()
        known = Known(previous, verdicts)
        analysis, table = assemble(dataset, column, settings, series, detection, self.downsampler.choose, made, known)
        return analysis, table, stretches_of(series, detection.anomalies)


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


def resolve(metric: Column, profile: MetricProfile, settings: AnalysisSettings, time_zone: str) -> ResolvedSettings:
    """What ``auto`` becomes for this column, and why."""
    granularity, granularity_reason = resolve_granularity(profile, settings.granularity)
    aggregate, aggregate_reason = resolve_aggregate(metric.name, profile, settings.aggregate, granularity, metric.unit)
    unit = metric.unit or unit_in(metric.name)
    country, country_reason = resolve_country(settings.country, time_zone, unit)
    applied = asdict(settings) | {"granularity": granularity, "aggregate": aggregate, "country": country}
    return ResolvedSettings(
        **applied,
        time_zone=time_zone,
        granularity_reason=granularity_reason,
        aggregate_reason=aggregate_reason,
        country_reason=country_reason,
        requested_country=settings.country,
        requested_granularity=settings.granularity,
        requested_aggregate=settings.aggregate,
        offered_granularities=offered_granularities(profile),
    )


def _named(series: TimeSeries, settings: ResolvedSettings) -> tuple[NamedDay, ...]:
    if len(series) == 0:
        return ()
    years = series.time[[0, -1]].astype("datetime64[Y]").astype(np.int64) + EPOCH_YEAR
    return named_days(settings.country, settings.events, int(years[0]), int(years[1]))


def expected_points(profile: MetricProfile, granularity: Granularity) -> int:
    """How many non-empty buckets there will be."""
    if granularity is Granularity.NATIVE:
        return profile.distinct_times
    return profile.occupied.get(granularity, profile.distinct_times)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeAnalysis:
    """Compute an analysis and keep it: document, points, cache. The cache refuses it if a newer version came."""

    analyse: AnalyseMetric
    datasets: Datasets
    analyses: Analyses
    verdicts: Verdicts
    blobs: Blobs
    cache: AnalysisCache
    admission: Admission
    worker_pool: WorkerPool

    async def __call__(
        self,
        dataset: Dataset,
        metric: str,
        settings: AnalysisSettings,
        verdicts: tuple[Verdict, ...],
        *,
        newest: bool = True,
    ) -> CacheEntry:
        """Return the finished body. ``newest`` is False when an older version was asked for by number.

        Call it inside ``cache.once``: the cache then refuses the body if the dataset was invalidated meanwhile.
        """
        analysis = await self.make(dataset, metric, settings, verdicts)
        return await self.publish(dataset, analysis, settings, newest=newest)

    async def verdicts_on(self, dataset: Dataset, metric: str, where: Sequence[str] = ()) -> tuple[Verdict, ...]:
        """Return the verdicts on a metric of a segment: read once for a request, for all of its steps have to agree."""
        return await self.verdicts.of_subject(dataset.id, subject_of(metric, where))

    async def make(
        self, dataset: Dataset, metric: str, settings: AnalysisSettings, verdicts: tuple[Verdict, ...]
    ) -> Analysis:
        """Compute an analysis and keep it in the store, not in the cache. Raises OverloadedError."""
        async with self.admission.turn():
            previous = await self._previous(dataset, metric, settings, verdicts)
            analysis, table = await self.analyse(dataset, metric, settings, verdicts, previous)
        field = kept_field(settings, verdicts)
        await self.blobs.write(points_key(dataset, metric, field), one_chunk(table.to_bytes()))
        await self.analyses.save(field, analysis)
        await self._still_current(dataset)
        return analysis

    async def _still_current(self, dataset: Dataset) -> None:
        """Clear what was just kept if the dataset was deleted or read again meanwhile: it would never be cleared."""
        current = await self.datasets.find(dataset.id)
        if current is None or current.status is Status.DELETING:
            await self.analyses.delete(dataset.id)
            await self.blobs.delete(points_prefix(dataset.user_id, dataset.id, dataset.version))
            raise DatasetNotFoundError("The dataset was deleted during the analysis.", datasetId=dataset.id)
        same_reading = (current.is_ready, current.processed_at) == (dataset.is_ready, dataset.processed_at)
        if current.version == dataset.version and not same_reading:
            await self.analyses.delete(dataset.id, dataset.version)
            await self.blobs.delete(points_prefix(dataset.user_id, dataset.id, dataset.version))
            raise StaleVersionError("The dataset was re-imported during the analysis. Try again.")

    async def find(
        self, dataset: Dataset, metric: str, settings: AnalysisSettings, verdicts: tuple[Verdict, ...]
    ) -> Analysis | None:
        """Return the kept analysis, if one was made of the same name, settings and verdicts."""
        try:
            return await self.analyses.get(dataset.id, dataset.version, metric, kept_field(settings, verdicts))
        except CorruptedError:
            return None  # it can be made again from the records

    async def points(
        self, dataset: Dataset, metric: str, settings: AnalysisSettings, verdicts: tuple[Verdict, ...]
    ) -> PointTable:
        """Return all points of a kept analysis. Raises NotFoundError."""
        key = points_key(dataset, metric, kept_field(settings, verdicts))
        return PointTable.from_bytes(b"".join([chunk async for chunk in self.blobs.read(key)]))

    async def _previous(
        self, dataset: Dataset, metric: str, settings: AnalysisSettings, verdicts: tuple[Verdict, ...]
    ) -> Previous | None:
        if dataset.version == 1:
            return None
        version, field = dataset.version - 1, kept_field(settings, verdicts)
        before = await self.analyses.get(dataset.id, version, metric, field)
        if before is None and verdicts:  # a verdict threw it away with all others
            try:
                older = await self.datasets.get_version(dataset.user_id, dataset.id, version)
                before, _ = await self.analyse(older, metric, settings, verdicts)
            except (NotFoundError, NoUsableRowError, TooManyPointsError):
                return None
        if before is None:
            return None
        earlier_ids = frozenset(anomaly.id for anomaly in before.anomalies)
        return Previous(version=version, summary=before.summary, anomaly_ids=earlier_ids)

    async def publish(
        self, dataset: Dataset, analysis: Analysis, settings: AnalysisSettings, *, newest: bool
    ) -> CacheEntry:
        """Encode a kept analysis and offer it to the cache. It carries the name the dataset has now."""
        named = replace(analysis, dataset_name=dataset.dataset_name)
        # Compressing takes 4 ms, twenty times as long as a cached read that would wait for it.
        entry = await self.worker_pool.run(lambda: entry_of(named, dataset.user_id))
        if newest:
            field = cache_field(settings)
            await self.cache.put(dataset.id, analysis.metric, field, entry)
            if analysis.metric == dataset.metric_columns[0]:
                await self.cache.put(dataset.id, FIRST_METRIC, field, entry)
        return entry


async def one_chunk(content: bytes) -> AsyncIterator[bytes]:
    """Bytes that are at hand, as the stream a blob store takes."""
    yield content
