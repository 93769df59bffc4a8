"""From a stored file to warm analyses: what a worker does with a job, and what a restart takes up again."""

import hashlib
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from domain.analysis import Analysis, AnalysisSettings
from domain.annotations import open_count
from domain.caching import cache_field
from domain.dataset import Dataset, Failure, Status, move, rejects_key
from domain.errors import DriftlineError, NoUsableRowError, RefusedError, StaleVersionError
from domain.ingestion import IngestReport
from domain.ports import (
    Analyses,
    AnalysisCache,
    Blobs,
    Clock,
    Datasets,
    Job,
    Jobs,
    News,
    Records,
    Scratch,
)
from domain.progress import Progress, Stage, state_of
from domain.use_cases.analysing import KeepAnalysis
from domain.use_cases.datasets import DeleteDataset
from domain.use_cases.reading import ReadVersion

WARMED_METRICS: Final = 20  # design.md section 5: the first 20 metrics are analysed on arrival
READING_SHARE: Final = 0.7  # reading took about 70 % of the time from file to analysis when it was measured
SPARKLINE_POINTS: Final = 48  # as many as a list row is wide in pixels over two
DEFAULTS: Final = AnalysisSettings()


@dataclass(frozen=True, slots=True)
class ProcessDataset:
    """Read a version's file, keep its rows, analyse its metrics, warm the cache.

    Safe to run twice, late, or at the same time as a newer version's run: rows and analyses are kept per version,
    and whoever's compare-and-set fails has been overtaken and stops.
    """

    datasets: Datasets
    blobs: Blobs
    reading: ReadVersion
    records: Records
    keep: KeepAnalysis
    analyses: Analyses
    cache: AnalysisCache
    news: News
    scratch: Scratch
    clock: Clock
    delete: DeleteDataset

    async def __call__(self, job: Job) -> None:
        """Do the job, or nothing if it is done or overtaken.

        A file that cannot be used is an answer, not an error: the dataset becomes ``failed`` with the reason.

        Raises:
            UnavailableError: a store did not answer; the job is worth another try.
        """
        dataset = await self.datasets.find(job.dataset_id)
        if dataset is None or dataset.version != job.version:
            return
        if dataset.status is Status.DELETING:
            await self.delete.finish(dataset)
            return
        if dataset.is_ready:
            return
        try:
            await self._process(await self._begin(dataset))
        except StaleVersionError:
            return  # a newer version or a deletion came first; its own job does the rest

    async def _begin(self, dataset: Dataset) -> Dataset:
        if dataset.status is Status.PROCESSING:
            return dataset  # an earlier attempt died half way
        begun = move(dataset, Status.PROCESSING, failure=None)
        await self.datasets.replace(begun, dataset.revision)
        return begun

    async def _process(self, dataset: Dataset) -> None:
        await self._tell(dataset, Stage.READING, 0.05, "Reading the file")
        try:
            dataset = await self._identified(dataset)
            read = await self._read(dataset)
            done = await self._analyse(dataset, read)
        except StaleVersionError:
            raise
        except RefusedError as error:
            await self.fail(dataset, error)
            return
        await self.datasets.replace(done, dataset.revision)
        cached = move(done, Status.CACHED)
        await self.datasets.replace(cached, done.revision)
        await self.news.publish(state_of(cached))

    async def give_up(self, job: Job, error: DriftlineError) -> None:
        """No further attempt will be made: mark the version failed, unless it is done or overtaken meanwhile."""
        dataset = await self.datasets.find(job.dataset_id)
        if dataset is None or dataset.version != job.version:
            return
        try:
            if dataset.status is Status.UPLOADED:
                dataset = await self._begin(dataset)
            if dataset.status is Status.PROCESSING:
                await self.fail(dataset, error)
        except StaleVersionError:
            return

    async def fail(self, dataset: Dataset, error: DriftlineError) -> None:
        """Mark a version failed, with the reason in words."""
        failure = Failure(code=error.code, message=error.message)
        failed = move(dataset, Status.FAILED, failure=failure, processed_at=self.clock.now())
        await self.datasets.replace(failed, dataset.revision)
        await self.news.publish(state_of(failed))

    async def _identified(self, dataset: Dataset) -> Dataset:
        """With size and SHA-256 of its file, where that came straight to the store."""
        if dataset.sha256:
            return dataset
        digest, size = hashlib.sha256(), 0
        async for chunk in self.blobs.read(dataset.source_key):
            digest.update(chunk)
            size += len(chunk)
        return replace(dataset, size_bytes=size, sha256=digest.hexdigest())

    async def _read(self, dataset: Dataset) -> Dataset:
        """Read the file and keep its rows; return the dataset with what was learnt, still processing."""

        async def heard(fraction: float, message: str) -> None:
            await self._tell(dataset, Stage.READING, 0.05 + READING_SHARE * fraction, message)

        async with self.scratch.folder() as folder:
            report = await self.reading(dataset, folder, heard)
            await self._still_wanted(dataset)
            await self.records.store(dataset, report)
            await self.blobs.write_file(rejects_key(dataset.user_id, dataset.id, dataset.version), report.rejects)
        return learnt(dataset, report)

    async def _analyse(self, dataset: Dataset, read: Dataset) -> Dataset:
        """Analyse the first metrics; return the dataset as processed, with what a list shows of the first one."""
        first: Analysis | None = None
        metrics = read.metric_columns[:WARMED_METRICS]
        for position, metric in enumerate(metrics):
            share = position / len(metrics)
            await self._tell(
                dataset,
                Stage.ANALYSING,
                0.05 + READING_SHARE + (0.95 - READING_SHARE) * share,
                f"Analysing {metric} ({position + 1} of {len(metrics)})",
            )
            try:
                async with self.cache.once(read.id, metric, cache_field(DEFAULTS)):
                    await self.keep(read, metric, DEFAULTS)
            except NoUsableRowError:
                continue  # a column named as metric may hold nothing; asking for it says so
            if first is None:
                first = await self.keep.find(read, metric, DEFAULTS)
        return move(
            read,
            Status.PROCESSED,
            processed_at=self.clock.now(),
            anomaly_count=open_count(first) if first else None,
            sparkline=sparkline(first) if first else (),
        )

    async def _still_wanted(self, dataset: Dataset) -> None:
        current = await self.datasets.find(dataset.id)
        if current is None or current.revision != dataset.revision:
            raise StaleVersionError("A newer version or a deletion came first.")

    async def _tell(self, dataset: Dataset, stage: Stage, fraction: float, message: str) -> None:
        await self.news.publish(
            Progress(
                dataset_id=dataset.id,
                version=dataset.version,
                status=Status.PROCESSING,
                stage=stage,
                fraction=round(fraction, 3),
                message=message,
            )
        )


def learnt(dataset: Dataset, report: IngestReport) -> Dataset:
    """The dataset with what reading its file told."""
    return replace(
        dataset,
        columns=report.columns,
        time_column=report.time_column,
        metric_columns=report.metric_columns,
        row_count=report.row_count,
        rejected_rows=report.quality.rejected_rows,
        first_time=report.first_time,
        last_time=report.last_time,
        quality=report.quality,
    )


def sparkline(analysis: Analysis) -> tuple[float, ...]:
    """A few of the series' values, evenly spaced, for a list."""
    values = [value for value in analysis.series.value if value is not None]
    step = max(1, len(values) // SPARKLINE_POINTS)
    return tuple(values[::step][:SPARKLINE_POINTS])


@dataclass(frozen=True, slots=True)
class ReprocessDataset:
    """Read a dataset's newest version again: after a failure, or to be sure."""

    datasets: Datasets
    cache: AnalysisCache
    jobs: Jobs
    news: News

    async def __call__(self, user_id: str, dataset_id: str) -> Dataset:
        """Raises DatasetNotFoundError; IllegalMoveError while it is being processed."""
        dataset = await self.datasets.get(user_id, dataset_id)
        begun = move(dataset, Status.PROCESSING, failure=None)
        await self.datasets.replace(begun, dataset.revision)
        await self.cache.invalidate(dataset.id, dataset.version)
        await self.news.publish(state_of(begun))
        await self.jobs.submit(Job(dataset_id=dataset.id, version=dataset.version))
        return begun
