"""From a stored file to warm analyses: what a worker does with a job, and what a restart takes up again."""

import contextlib
import hashlib
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from domain.analysis.analysis import Analysis
from domain.analysis.apply_verdicts import open_count
from domain.analysis.cache_key import METHOD, cache_field
from domain.analysis.settings import AnalysisSettings
from domain.datasets.dataset import Dataset, Failure, Status, move
from domain.datasets.derived_keys import points_prefix, rejects_key
from domain.datasets.ingest_result import IngestResult
from domain.datasets.progress import Progress, Stage, state_of
from domain.errors import CrashedTooOftenError, DriftlineError, NoUsableRowError, RefusedError, StaleVersionError
from domain.ports.analyses import Analyses, AnalysisCache
from domain.ports.datasets import Blobs, Datasets, Records
from domain.ports.system import Clock, TempWorkspace
from domain.ports.work import Job, Jobs, ProgressEvents
from domain.use_cases.analyses.compute import WARMED_METRICS, ComputeAnalysis
from domain.use_cases.datasets.datasets import DeleteDataset
from domain.use_cases.processing.overtaken import ClearOvertaken
from domain.use_cases.processing.read_version import ReadVersion

READING_SHARE: Final = 0.7  # reading took about 70 % of the time from file to analysis when it was measured
SPARKLINE_POINTS: Final = 48  # as many as a list row is wide in pixels over two
MAX_INTERRUPTED_RUNS: Final = 3  # one may be a power cut, two a bad day; then the file is the likely cause
DEFAULTS: Final = AnalysisSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessDataset:
    """Read a version's file, keep its rows, analyse its metrics, warm the cache.

    Safe to run twice, late, or at the same time as a newer version's run: rows and analyses are kept per version,
    and a worker whose compare-and-set fails has been overtaken: it clears what it wrote and stops.
    """

    datasets: Datasets
    blobs: Blobs
    reading: ReadVersion
    records: Records
    keep: ComputeAnalysis
    cache: AnalysisCache
    progress_events: ProgressEvents
    temp_workspace: TempWorkspace
    clock: Clock
    delete: DeleteDataset
    analyses: Analyses
    clear: ClearOvertaken

    async def __call__(self, job: Job) -> None:
        """Do the job, or nothing if it is done or overtaken.

        A file that cannot be used is an answer, not an error: the dataset becomes ``failed`` with the reason.

        Raises:
            UnavailableError: a store did not answer; the job is worth another try.
        """
        dataset = await self.datasets.find(job.dataset_id)
        if dataset is None:
            await self.clear.unknown(job.dataset_id)
            return
        if dataset.status is Status.DELETING:
            await self.delete.finish(dataset)
            return
        if dataset.version != job.version:
            await self.clear.version(dataset.user_id, dataset.id, job.version)
            return
        if dataset.is_ready:
            return
        try:
            if dataset.status is Status.PROCESSING and dataset.interrupted_runs >= MAX_INTERRUPTED_RUNS:
                await self.fail(dataset, _crashed_too_often())
                return
            begun = await self._begin(dataset)
            try:
                await self._process(begun)
            except BaseException:
                await self._discount(begun)
                raise
        except StaleVersionError:
            await self.clear(dataset)  # a newer version or a deletion came first; its own job does the rest

    async def _begin(self, dataset: Dataset) -> Dataset:
        """Note that a run begins, before it does: if the process dies in it, the next one finds the note."""
        runs = dataset.interrupted_runs + 1
        if dataset.status is Status.PROCESSING:  # an earlier attempt died half way
            begun = replace(dataset, interrupted_runs=runs)
        else:
            begun = move(dataset, Status.PROCESSING, failure=None, interrupted_runs=runs)
        await self.datasets.replace(begun, dataset.revision)
        return begun

    async def _discount(self, begun: Dataset) -> None:
        """Take the note back: the run ended with an error or was stopped, but the process lives."""
        with contextlib.suppress(DriftlineError):  # overtaken, or the store is what failed
            await self.datasets.replace(replace(begun, interrupted_runs=begun.interrupted_runs - 1), begun.revision)

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
        await self.progress_events.publish(state_of(cached))

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
        failed = move(dataset, Status.FAILED, failure=failure, processed_at=self.clock.now(), interrupted_runs=0)
        await self.datasets.replace(failed, dataset.revision)
        await self.progress_events.publish(state_of(failed))

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

        async with self.temp_workspace.folder() as folder:
            report = await self.reading(dataset, folder, heard)
            await self._still_wanted(dataset)
            await self.records.store(dataset, report)
            # Analyses of an earlier reading would answer for the rows of this one.
            await self.analyses.delete(dataset.id, dataset.version)
            await self.blobs.delete(points_prefix(dataset.user_id, dataset.id, dataset.version))
            await self.blobs.write_file(rejects_key(dataset.user_id, dataset.id, dataset.version), report.rejects)
        return with_ingest_result(dataset, report)

    async def _analyse(self, dataset: Dataset, read: Dataset) -> Dataset:
        """Analyse the first metrics; return the dataset as processed, with what a list shows of them.

        That is the open anomalies of all of them, and the shape of the first one.
        """
        analyses: list[Analysis] = []
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
                    verdicts = await self.keep.verdicts_on(read, metric)
                    await self.keep(read, metric, DEFAULTS, verdicts)
            except NoUsableRowError:
                continue  # a column named as metric may hold nothing; asking for it says so
            analysis = await self.keep.find(read, metric, DEFAULTS, verdicts)
            analyses += [analysis] if analysis else []
        return move(
            read,
            Status.PROCESSED,
            processed_at=self.clock.now(),
            anomaly_count=sum(map(open_count, analyses)) if analyses else None,
            counted_by_method=METHOD,
            sparkline=sparkline(analyses[0]) if analyses else (),
            interrupted_runs=0,
        )

    async def _still_wanted(self, dataset: Dataset) -> None:
        current = await self.datasets.find(dataset.id)
        if current is None or current.revision != dataset.revision:
            raise StaleVersionError("A newer version or a deletion came first.")

    async def _tell(self, dataset: Dataset, stage: Stage, fraction: float, message: str) -> None:
        await self.progress_events.publish(
            Progress(
                dataset_id=dataset.id,
                version=dataset.version,
                status=Status.PROCESSING,
                stage=stage,
                fraction=round(fraction, 3),
                message=message,
            )
        )


def _crashed_too_often() -> CrashedTooOftenError:
    return CrashedTooOftenError(
        f"Processing this file was begun {MAX_INTERRUPTED_RUNS} times, and each time Driftline ended before it was "
        "through. Give Driftline more memory or split the file; then read it again."
    )


def with_ingest_result(dataset: Dataset, report: IngestResult) -> Dataset:
    """The dataset with what reading its file told."""
    return replace(
        dataset,
        columns=report.columns,
        time_column=report.time_column,
        metric_columns=report.metric_columns,
        dimensions=report.dimensions,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReprocessDataset:
    """Read a dataset's newest version again: after a failure, or to be sure."""

    datasets: Datasets
    cache: AnalysisCache
    jobs: Jobs
    progress_events: ProgressEvents

    async def __call__(self, user_id: str, dataset_id: str) -> Dataset:
        """Raises DatasetNotFoundError; IllegalMoveError while it is being processed."""
        dataset = await self.datasets.get(user_id, dataset_id)
        begun = move(dataset, Status.PROCESSING, failure=None, interrupted_runs=0)
        await self.datasets.replace(begun, dataset.revision)
        await self.cache.invalidate(dataset.id, dataset.version)
        await self.progress_events.publish(state_of(begun))
        await self.jobs.submit(Job(dataset_id=dataset.id, version=dataset.version, user_id=dataset.user_id))
        return begun
