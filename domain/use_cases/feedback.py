"""Verdicts: what a user says of an anomaly, taken back or kept."""

import contextlib
from dataclasses import dataclass

from domain.analysis.segment import segment_of
from domain.datasets.dataset import Dataset
from domain.errors import NoUsableRowError, UnavailableError
from domain.feedback.scope import span_of, unit_of
from domain.feedback.verdict import Verdict, VerdictKind, checked_reason, instant_of, subject_of
from domain.ports.analyses import Analyses, AnalysisCache, Verdicts
from domain.ports.datasets import Datasets, Records
from domain.ports.system import Clock
from domain.ports.work import Jobs
from domain.timeseries.aggregation import Granularity
from domain.timeseries.granularity import resolve_granularity
from domain.use_cases.analyses.compute import WARMED_METRICS, column_of
from domain.use_cases.processing.count_open import count_job, mark_miscounted


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveVerdict:
    """Keep, change or (with no verdict) take back what is said of one time of one metric.

    The sum of open anomalies that lists show follows in the background: it takes an analysis.
    """

    datasets: Datasets
    verdicts: Verdicts
    analyses: Analyses
    cache: AnalysisCache
    clock: Clock
    records: Records
    jobs: Jobs

    async def __call__(
        self,
        user_id: str,
        dataset_id: str,
        metric: str,
        date: str,
        verdict: VerdictKind | None,
        reason: str | None,
        granularity: Granularity | None = None,
        where: tuple[str, ...] = (),
    ) -> Verdict | None:
        """Return what is now said; None if nothing is.

        Args:
            user_id: the owner.
            dataset_id: which dataset.
            metric: which of its metrics.
            date: the anomaly's, as it was shown.
            verdict: None to take it back.
            reason: a few words; kept as they are.
            granularity: of the analysis that showed the date: the verdict applies to its bucket there. That of the
                default analysis if it is not said.
            where: the conditions of the segment that was looked at.

        Raises:
            DatasetNotFoundError, MetricNotFoundError, DimensionNotFoundError, InvalidInputError: as their names say.
        """
        dataset = await self.datasets.get(user_id, dataset_id)
        column_of(dataset, metric)
        segment_of(dataset, where)
        at = instant_of(date, dataset.time_zone)
        # Marked first, so that a process killed half way leaves no sum that nothing counts again; and once more
        # afterwards, for a count may have been made in between.
        is_counted = not where and metric in dataset.metric_columns[:WARMED_METRICS]
        if is_counted:
            await mark_miscounted(self.datasets, dataset.id, dataset.version)
        annotation = None
        if verdict is None:
            await self.verdicts.remove(dataset.id, subject_of(metric, where), at)
        else:
            since, until = span_of(at, await self._unit(dataset, metric, date, granularity), dataset.time_zone)
            annotation = Verdict(
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
                where=where,
            )
            await self.verdicts.put(annotation)
        await self._forget_analyses(dataset, metric)
        if is_counted:
            await self._submit_count(dataset)
        return annotation

    async def _submit_count(self, dataset: Dataset) -> None:
        marked = await mark_miscounted(self.datasets, dataset.id, dataset.version)
        if marked is None:
            return
        with contextlib.suppress(UnavailableError):  # the verdict is stored; the mark brings the count later
            await self.jobs.submit(count_job(marked, marked.user_id))

    async def _unit(self, dataset: Dataset, metric: str, date: str, requested: Granularity | None) -> Granularity:
        if not dataset.is_ready:
            return unit_of(date, requested, None, 0)
        try:
            profile = await self.records.profile(dataset, metric)
        except NoUsableRowError:
            return unit_of(date, requested, None, 0)
        usual, _why = resolve_granularity(profile, Granularity.AUTO)
        return unit_of(date, requested, usual, profile.median_step_us)

    async def _forget_analyses(self, dataset: Dataset, metric: str) -> None:
        """Verdicts act on the baseline and on every sentence: kept analyses of the metric are untrue now."""
        await self.analyses.delete(dataset.id, metric=metric)
        await self.cache.invalidate(dataset.id, dataset.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListVerdicts:
    """Everything said of a metric."""

    datasets: Datasets
    verdicts: Verdicts

    async def __call__(
        self, user_id: str, dataset_id: str, metric: str, where: tuple[str, ...] = ()
    ) -> tuple[Verdict, ...]:
        """In order of time, of all rows or of a segment. Raises DatasetNotFoundError, MetricNotFoundError."""
        dataset = await self.datasets.get(user_id, dataset_id)
        column_of(dataset, metric)
        return await self.verdicts.of_subject(dataset.id, subject_of(metric, where))
