"""Verdicts: what a user says of an anomaly, taken back or kept."""

from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from domain.analysis import AnalysisSettings
from domain.annotations import Annotation, Verdict, checked_reason, instant_of, open_count
from domain.dataset import Dataset, Status
from domain.errors import NoUsableRowError, StaleVersionError
from domain.ports import Analyses, AnalysisCache, Annotations, Clock, Datasets, Records
from domain.resolution import resolve_granularity
from domain.summary import Granularity
from domain.use_cases.analysing import KeepAnalysis, column_of
from domain.verdict_spans import span_of, unit_of

COUNTED: Final = frozenset({Status.PROCESSED, Status.CACHED})


@dataclass(frozen=True, slots=True)
class Annotate:
    """Keep, change or (with no verdict) take back what is said of one time of one metric."""

    datasets: Datasets
    annotations: Annotations
    analyses: Analyses
    cache: AnalysisCache
    clock: Clock
    keep: KeepAnalysis
    records: Records

    async def __call__(
        self,
        user_id: str,
        dataset_id: str,
        metric: str,
        date: str,
        verdict: Verdict | None,
        reason: str | None,
        granularity: Granularity | None = None,
    ) -> Annotation | None:
        """Return what is now said; None if nothing is.

        Args:
            user_id: the owner.
            dataset_id: which dataset.
            metric: which of its metrics.
            date: the anomaly's, as it was shown.
            verdict: None to take it back.
            reason: a few words; kept as they are.
            granularity: of the analysis that showed the date: the verdict speaks of its bucket there. That of the
                default analysis if it is not said.

        Raises:
            DatasetNotFoundError, MetricNotFoundError, InvalidInputError: as their names say.
        """
        dataset = await self.datasets.get(user_id, dataset_id)
        column_of(dataset, metric)
        at = instant_of(date, dataset.time_zone)
        annotation = None
        if verdict is None:
            await self.annotations.remove(dataset.id, metric, at)
        else:
            since, until = span_of(at, await self._unit(dataset, metric, date, granularity), dataset.time_zone)
            annotation = Annotation(
                dataset_id=dataset.id,
                metric=metric,
                at=at,
                date=date,
                verdict=verdict,
                reason=checked_reason(reason),
                user_id=user_id,
                created_at=self.clock.now(),
                since=since,
                until=until,
            )
            await self.annotations.put(annotation)
        await self._forget_analyses(dataset)
        if dataset.status in COUNTED and metric == dataset.metric_columns[0]:
            await self._count_again(dataset, metric)
        return annotation

    async def _unit(self, dataset: Dataset, metric: str, date: str, asked: Granularity | None) -> Granularity:
        if dataset.status not in COUNTED:
            return unit_of(date, asked, None, 0)
        try:
            profile = await self.records.profile(dataset, metric)
        except NoUsableRowError:
            return unit_of(date, asked, None, 0)
        usual, _why = resolve_granularity(profile, Granularity.AUTO)
        return unit_of(date, asked, usual, profile.median_step_us)

    async def _forget_analyses(self, dataset: Dataset) -> None:
        """Verdicts act on the baseline and on every sentence: all kept analyses are untrue from here on."""
        await self.analyses.delete(dataset.id)
        await self.cache.invalidate(dataset.id, dataset.version)

    async def _count_again(self, dataset: Dataset, metric: str) -> None:
        """Bring what the list says of the dataset up to date; somebody's newer change is left as it is."""
        try:
            count = open_count(await self.keep.make(dataset, metric, AnalysisSettings()))
            if count != dataset.anomaly_count:
                await self.datasets.replace(replace(dataset, anomaly_count=count), dataset.revision)
        except (NoUsableRowError, StaleVersionError):
            return


@dataclass(frozen=True, slots=True)
class ListAnnotations:
    """Everything said of a metric."""

    datasets: Datasets
    annotations: Annotations

    async def __call__(self, user_id: str, dataset_id: str, metric: str) -> tuple[Annotation, ...]:
        """In order of time. Raises DatasetNotFoundError, MetricNotFoundError."""
        dataset = await self.datasets.get(user_id, dataset_id)
        column_of(dataset, metric)
        return await self.annotations.of_metric(dataset.id, metric)
