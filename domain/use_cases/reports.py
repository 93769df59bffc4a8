"""Reports: ask for one, have it made off the request's path, read it."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from domain.analysis.segment import segment_of
from domain.analysis.settings import AnalysisSettings
from domain.datasets.dataset import Failure
from domain.errors import ConflictError, DriftlineError, InvalidInputError, NotFoundError, RefusedError
from domain.ports.analyses import ReportPage, ReportRenderer, Reports
from domain.ports.datasets import Blobs, Datasets, LinkedFile, PresignedDownloads, SignedLinks
from domain.ports.system import Clock, IdGenerator, WorkerPool
from domain.ports.work import Job, JobKind, Jobs
from domain.reports.report import (
    LINK_LIFETIME,
    MEDIA_TYPES,
    Report,
    ReportFormat,
    ReportLink,
    ReportStage,
    ReportStatus,
)
from domain.use_cases.analyses.compute import column_of, one_chunk
from domain.use_cases.analyses.read import GetAnalysis, checked_ready
from domain.use_cases.datasets.datasets import MAX_PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReport:
    """Ask for a report of one metric at certain settings; a worker makes it."""

    datasets: Datasets
    reports: Reports
    jobs: Jobs
    id_generator: IdGenerator
    clock: Clock

    async def __call__(
        self,
        user_id: str,
        dataset_id: str,
        metric: str | None,
        settings: AnalysisSettings,
        version: int | None,
        kind: ReportFormat,
    ) -> Report:
        """Return the report as queued.

        Raises:
            DatasetNotFoundError, DatasetNotReadyError, MetricNotFoundError, DimensionNotFoundError: as their names say.
        """
        if version is None:
            dataset = await self.datasets.get(user_id, dataset_id)
        else:
            dataset = await self.datasets.get_version(user_id, dataset_id, version)
        checked_ready(dataset)
        segment_of(dataset, settings.where)
        report = Report(
            id=self.id_generator.new(),
            user_id=user_id,
            dataset_id=dataset.id,
            dataset_name=dataset.dataset_name,
            version=dataset.version,
            metric=column_of(dataset, metric if metric is not None else dataset.metric_columns[0]).name,
            format=kind,
            settings=settings,
            status=ReportStatus.QUEUED,
            created_at=self.clock.now(),
        )
        await self.reports.put(report)
        await self.jobs.submit(job_of(report))
        return report


def job_of(report: Report) -> Job:
    """The job that makes a report."""
    return Job(
        dataset_id=report.dataset_id,
        version=report.version,
        kind=JobKind.REPORT,
        report_id=report.id,
        user_id=report.user_id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeReport:
    """Render a report that was asked for. Doing it again makes the same document."""

    datasets: Datasets
    reports: Reports
    blobs: Blobs
    get: GetAnalysis
    renderers: Mapping[ReportFormat, ReportRenderer]
    worker_pool: WorkerPool
    clock: Clock

    async def __call__(self, job: Job) -> None:
        """Make the report of this job, if it is still wanted; what cannot be made is marked failed.

        Raises:
            UnavailableError: a store did not answer; the job is worth another try.
        """
        report = await self.reports.find(job.report_id or "")
        if report is None or report.status is not ReportStatus.QUEUED:
            return
        try:
            content = await self._content(report)
        except RefusedError as error:
            await self._fail(report, error)
            return
        report = await self._enter(report, ReportStage.STORING)
        stored = await self.blobs.write(report.key, one_chunk(content))
        ready = replace(report, status=ReportStatus.READY, finished_at=self.clock.now(), size_bytes=stored.size_bytes)
        if not await self.reports.advance(ready):  # deleted meanwhile
            await self.blobs.delete(report.key)

    async def give_up(self, job: Job, error: DriftlineError) -> None:
        """No further attempt will be made."""
        report = await self.reports.find(job.report_id or "")
        if report is not None and report.status is ReportStatus.QUEUED:
            await self._fail(report, error)

    async def _enter(self, report: Report, stage: ReportStage) -> Report:
        """Say in the store what is being done now, so that every process can tell."""
        moved = replace(report, entered=stage)
        await self.reports.advance(moved)
        return moved

    async def _content(self, report: Report) -> bytes:
        report = await self._enter(report, ReportStage.READING)
        dataset = await self.datasets.get_version(report.user_id, report.dataset_id, report.version)
        analysis = await self.get(report.user_id, report.dataset_id, report.metric, report.settings, report.version)

        def rendered(tell: Callable[[float, str], None]) -> bytes:
            return self.renderers[report.format].render(analysis, dataset, lambda stage: tell(0.0, stage))

        async def heard(_fraction: float, stage: str) -> None:
            await self._enter(report, ReportStage(stage))

        return await self.worker_pool.run_reporting(rendered, heard)

    async def _fail(self, report: Report, error: DriftlineError) -> None:
        """Mark it failed, where it stands now."""
        failure = Failure(code=error.code, message=error.message)
        report = await self.reports.find(report.id) or report
        await self.reports.advance(
            replace(report, status=ReportStatus.FAILED, failure=failure, finished_at=self.clock.now())
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReports:
    """A user's reports, the latest first."""

    reports: Reports

    async def __call__(self, user_id: str, limit: int, offset: int) -> ReportPage:
        """Raises InvalidInputError for a limit outside 1..200 or a negative offset."""
        if not 1 <= limit <= MAX_PAGE:
            raise InvalidInputError(f"limit is {limit}; it goes from 1 to {MAX_PAGE}.", field="limit")
        if offset < 0:
            raise InvalidInputError(f"offset is {offset}; it must not be negative.", field="offset")
        return await self.reports.list(user_id, limit, offset)


@dataclass(frozen=True, slots=True, kw_only=True)
class GetReport:
    """What became of a report."""

    reports: Reports

    async def __call__(self, user_id: str, report_id: str) -> Report:
        """Raises ReportNotFoundError."""
        return await self.reports.get(user_id, report_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReport:
    """The document itself."""

    reports: Reports
    blobs: Blobs

    async def __call__(self, user_id: str, report_id: str) -> tuple[Report, AsyncIterator[bytes]]:
        """Return the report and its bytes.

        Raises:
            ReportNotFoundError: there is none.
            ConflictError: it is not finished, or failed.
        """
        report = await finished(self.reports, self.blobs, user_id, report_id)
        return report, self.blobs.read(report.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkReport:
    """An address to fetch the document from without an account, for a while."""

    reports: Reports
    blobs: Blobs
    links: PresignedDownloads
    clock: Clock

    async def __call__(self, user_id: str, report_id: str) -> ReportLink:
        """Return the address and when it ends.

        Raises:
            ReportNotFoundError, ConflictError: as ReadReport does.
        """
        report = await finished(self.reports, self.blobs, user_id, report_id)
        url = await self.links.link(report.key, report.file_name, MEDIA_TYPES[report.format], LINK_LIFETIME)
        return ReportLink(url=url, expires_at=self.clock.now() + LINK_LIFETIME)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLinked:
    """The file behind a link, for its holder."""

    blobs: Blobs
    linked: SignedLinks | None

    async def __call__(self, token: str) -> tuple[LinkedFile, AsyncIterator[bytes]]:
        """Return the file and its bytes.

        Raises:
            NotFoundError: the link was never given, the file is gone, or the store hands files out itself.
            LinkExpiredError: the link has ended.
        """
        if self.linked is None:
            raise NotFoundError("There is no file at this link.")
        file = await self.linked.opened(token)
        if await self.blobs.size(file.key) is None:
            raise NotFoundError("The file was deleted.")
        return file, self.blobs.read(file.key)


async def finished(reports: Reports, blobs: Blobs, user_id: str, report_id: str) -> Report:
    """Return a report whose document can be read. Raises ReportNotFoundError, ConflictError, NotFoundError."""
    report = await reports.get(user_id, report_id)
    if report.status is ReportStatus.QUEUED:
        raise ConflictError("The report is not ready yet. Try again in a moment.", status=str(report.status))
    if report.failure is not None:
        raise ConflictError(f"The report could not be created: {report.failure.message}", status=str(report.status))
    if await blobs.size(report.key) is None:
        raise NotFoundError("The report file no longer exists. Create the report again.")
    return report


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteReport:
    """Delete a report and its file."""

    reports: Reports
    blobs: Blobs

    async def __call__(self, user_id: str, report_id: str) -> None:
        """Raises ReportNotFoundError."""
        report = await self.reports.get(user_id, report_id)
        await self.blobs.delete(report.key)
        await self.reports.remove(user_id, report_id)
