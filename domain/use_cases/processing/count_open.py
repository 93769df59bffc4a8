"""Counting a dataset's open anomalies again: after a verdict, and after an update that judges otherwise."""

from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from domain.analysis.analysis import Analysis
from domain.analysis.apply_verdicts import open_count
from domain.analysis.cache_key import METHOD, cache_field
from domain.analysis.settings import AnalysisSettings
from domain.datasets.dataset import Dataset
from domain.errors import DriftlineError, NoUsableRowError, StaleVersionError, TooManyPointsError
from domain.feedback.verdict import Verdict
from domain.ports.analyses import AnalysisCache
from domain.ports.datasets import Datasets
from domain.ports.work import Job, JobKind
from domain.use_cases.analyses.compute import WARMED_METRICS, ComputeAnalysis

DEFAULTS: Final = AnalysisSettings()
MAX_ROUNDS: Final = 5  # verdicts given meanwhile start another; each of them has submitted a job of its own


def count_job(dataset: Dataset, user_id: str = "") -> Job:
    """The job that counts a dataset's open anomalies again; without a user it waits behind the users' own jobs."""
    return Job(dataset_id=dataset.id, version=dataset.version, kind=JobKind.OPEN_COUNT, user_id=user_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountOpenAnomalies:
    """Bring the sum that lists show up to date, from analyses that are kept or made for it.

    Safe to run twice or at the same time as another: the sum is never a difference, and verdicts that came while it
    was made are seen afterwards.
    """

    datasets: Datasets
    keep: ComputeAnalysis
    cache: AnalysisCache

    async def __call__(self, job: Job) -> None:
        """Count, or do nothing if that was done meanwhile or the version is not the newest any more.

        Raises:
            UnavailableError: a store did not answer; the job is worth another try.
        """
        for _ in range(MAX_ROUNDS):
            dataset = await self.datasets.find(job.dataset_id)
            if dataset is None or dataset.version != job.version or not dataset.is_ready:
                return
            if dataset.counted_by_method == METHOD:
                return
            verdicts = await self._verdicts(dataset)
            try:
                count = await self._count(dataset, verdicts)
                counted = replace(dataset, anomaly_count=count, counted_by_method=METHOD)
                await self.datasets.replace(counted, dataset.revision)
            except StaleVersionError:
                continue  # read again, deleted or superseded meanwhile: the next look says which
            if await self._verdicts(dataset) == verdicts:
                return
            await mark_miscounted(self.datasets, dataset.id, dataset.version)

    async def give_up(self, job: Job, error: DriftlineError) -> None:
        """Nothing to note: the dataset stays marked, and is counted after the next verdict, restart or clean-up."""

    async def _verdicts(self, dataset: Dataset) -> dict[str, tuple[Verdict, ...]]:
        metrics = dataset.metric_columns[:WARMED_METRICS]
        return {metric: await self.keep.verdicts_on(dataset, metric) for metric in metrics}

    async def _count(self, dataset: Dataset, verdicts: dict[str, tuple[Verdict, ...]]) -> int | None:
        counts: list[int] = []
        for metric, given in verdicts.items():
            async with self.cache.once(dataset.id, metric, cache_field(DEFAULTS)):
                analysis = await self._analysis(dataset, metric, given)
                if analysis is not None:
                    await self.keep.publish(dataset, analysis, DEFAULTS, newest=True)
                    counts.append(open_count(analysis))
        return sum(counts) if counts else None

    async def _analysis(self, dataset: Dataset, metric: str, verdicts: tuple[Verdict, ...]) -> Analysis | None:
        stored = await self.keep.find(dataset, metric, DEFAULTS, verdicts)
        if stored is not None:
            return stored
        try:
            return await self.keep.make(dataset, metric, DEFAULTS, verdicts)
        except (NoUsableRowError, TooManyPointsError):
            return None  # asking for this metric says why


async def mark_miscounted(datasets: Datasets, dataset_id: str, version: int) -> Dataset | None:
    """Note that the open anomalies are to be counted; return the dataset, None if its processing counts them anyway."""
    for _ in range(MAX_ROUNDS):
        dataset = await datasets.find(dataset_id)
        if dataset is None or dataset.version != version or not dataset.is_ready:
            return None
        if dataset.counted_by_method is None:
            return dataset
        marked = replace(dataset, counted_by_method=None)
        try:
            await datasets.replace(marked, dataset.revision)
        except StaleVersionError:
            continue
        return marked
    return None
