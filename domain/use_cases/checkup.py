"""Leftovers: find what no dataset, report or session needs, what waits for a job that is lost, and mend it.

The stores share no transaction, so a crash between two steps leaves something behind. Nothing of it does harm (nobody
sees it); it takes room, or keeps somebody waiting. What is younger than a grace is left alone: it may be in work.

Stores are asked what they hold *before* it is asked which datasets there are: a dataset that begins meanwhile is then
known by the time it is looked up, and nothing of it can be taken for a leftover.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from msgspec.structs import replace

from domain.checkup import (
    SESSION_GRACE,
    WRITE_GRACE,
    FileOfDataset,
    FileOfReport,
    Finding,
    Leftover,
    owner_of,
)
from domain.dataset import Dataset, Status
from domain.errors import DatasetNotFoundError
from domain.ports import (
    Analyses,
    AnalysisCache,
    Annotations,
    Announcements,
    Blobs,
    Clock,
    Datasets,
    Job,
    Jobs,
    KeptBlob,
    Records,
    RefreshSessions,
    Reports,
)
from domain.reports import Report, ReportStatus
from domain.use_cases.datasets import DeleteDataset
from domain.use_cases.direct_uploads import RegisterArrival
from domain.use_cases.reports import job_of


@dataclass(frozen=True, slots=True)
class Checkup:
    """Go through every store, one kind of leftover after the other.

    ``jobs`` is the queue that outlives a process; None where a restart takes up again what waits.
    """

    datasets: Datasets
    blobs: Blobs
    records: Records
    analyses: Analyses
    annotations: Annotations
    reports: Reports
    cache: AnalysisCache
    sessions: RefreshSessions
    announcements: Announcements | None
    jobs: Jobs | None
    arrive: RegisterArrival
    delete: DeleteDataset
    clock: Clock

    async def __call__(self, grace: timedelta) -> AsyncIterator[Finding]:
        """Yield each leftover as it is found; whoever wants it mended awaits its ``mend``.

        Raises:
            UnavailableError: a store does not answer.
        """
        old = self.clock.now() - grace
        for part in (
            self._deletions(old),
            self._waiting(old),
            self._lost_reports(old),
            self._files(old),
            self._rows_and_analyses(),
            self._verdicts_and_cache(),
            self._remains(),
        ):
            async for finding in part:
                yield finding

    async def pending(self) -> int:
        """About how many jobs wait or are being done. While any do, nothing is called stuck: it may be among them."""
        return 0 if self.jobs is None else await self.jobs.pending()

    async def _deletions(self, old: datetime) -> AsyncIterator[Finding]:
        for dataset in await self.datasets.unfinished():
            if dataset.status is Status.DELETING and dataset.uploaded_at < old:
                yield Finding(Leftover.DELETION, _named(dataset), partial(self.delete.finish, dataset))

    async def _waiting(self, old: datetime) -> AsyncIterator[Finding]:
        if self.jobs is None:
            return
        # Asked first, the queue second: what was submitted in between is then in the queue.
        datasets, reports = await self.datasets.unfinished(), await self.reports.unfinished()
        if await self.jobs.pending():
            return
        for dataset in datasets:
            if dataset.status is not Status.DELETING and dataset.uploaded_at < old:
                job = Job(dataset_id=dataset.id, version=dataset.version)
                yield Finding(Leftover.STUCK_DATASET, _named(dataset), partial(self.jobs.submit, job))
        for report in reports:
            if report.created_at < old:
                yield Finding(Leftover.STUCK_REPORT, _titled(report), partial(self.jobs.submit, job_of(report)))

    async def _lost_reports(self, old: datetime) -> AsyncIterator[Finding]:
        for report in await self.reports.finished():
            if report.created_at < old and await self.blobs.size(report.key) is None:
                yield Finding(Leftover.LOST_REPORT, _titled(report), partial(self._make_again, report))

    async def _make_again(self, report: Report) -> None:
        again = replace(report, status=ReportStatus.QUEUED, finished_at=None, size_bytes=None)
        await self.reports.put(again)
        if self.jobs is not None:
            await self.jobs.submit(job_of(again))

    async def _files(self, old: datetime) -> AsyncIterator[Finding]:
        known: dict[str, tuple[Dataset, ...] | None] = {}
        for blob in await self.blobs.kept("users/"):
            if blob.written_at >= old:
                continue
            shown = f"{blob.key} ({blob.size_bytes:,} bytes, {blob.written_at:%Y-%m-%d %H:%M} UTC)"
            owner = owner_of(blob.key)
            if owner is None:
                yield Finding(Leftover.STRANGE_FILE, shown, None)
            elif isinstance(owner, FileOfReport):
                if await self.reports.find(owner.report_id) is None:
                    yield Finding(Leftover.ORPHANED_FILE, shown, partial(self.blobs.delete, blob.key))
            else:
                if owner.dataset_id not in known:
                    known = {owner.dataset_id: await self._versions(owner.dataset_id)}  # keys come sorted
                if finding := await self._file(blob, owner, known[owner.dataset_id], shown):
                    yield finding

    async def _file(
        self, blob: KeptBlob, owner: FileOfDataset, versions: tuple[Dataset, ...] | None, shown: str
    ) -> Finding | None:
        if versions is None:
            return None
        if owner.is_source:
            if any(one.source_key == blob.key for one in versions):
                return None
            if self.announcements and await self.announcements.find(owner.dataset_id, blob.key):
                return Finding(Leftover.UNHEARD_UPLOAD, shown, partial(self._register, owner, blob.key))
        elif any(one.version == owner.version for one in versions):
            return None
        return Finding(Leftover.ORPHANED_FILE, shown, partial(self.blobs.delete, blob.key))

    async def _register(self, owner: FileOfDataset, key: str) -> None:
        job = await self.arrive(owner.user_id, owner.dataset_id, key)
        if job is not None and self.jobs is not None:
            await self.jobs.submit(job)

    async def _rows_and_analyses(self) -> AsyncIterator[Finding]:
        for kind, store in ((Leftover.ORPHANED_ROWS, self.records), (Leftover.ORPHANED_ANALYSES, self.analyses)):
            for dataset_id, version in sorted(await store.held()):
                versions = await self._versions(dataset_id)
                if versions is not None and all(one.version != version for one in versions):
                    what = f"dataset {dataset_id}, version {version}"
                    yield Finding(kind, what, partial(store.delete, dataset_id, version))

    async def _verdicts_and_cache(self) -> AsyncIterator[Finding]:
        for dataset_id in sorted(await self.annotations.held()):
            if await self.datasets.find(dataset_id) is None:
                mend = partial(self.annotations.delete, dataset_id)
                yield Finding(Leftover.ORPHANED_VERDICTS, f"dataset {dataset_id}", mend)
        for dataset_id in sorted(await self.cache.held()):
            if await self.datasets.find(dataset_id) is None:
                forget = partial(self.cache.invalidate, dataset_id, 1)
                yield Finding(Leftover.ORPHANED_CACHE, f"dataset {dataset_id}", forget)

    async def _remains(self) -> AsyncIterator[Finding]:
        now = self.clock.now()
        if tokens := await self.sessions.expired(now - SESSION_GRACE):
            what = f"{tokens:,} that ended more than {SESSION_GRACE.days} days ago"
            yield Finding(Leftover.EXPIRED_SESSIONS, what, partial(self.sessions.forget_expired, now - SESSION_GRACE))
        if writes := await self.blobs.unfinished(now - WRITE_GRACE):
            what = f"{writes:,} begun more than a day ago"
            yield Finding(Leftover.BROKEN_WRITES, what, partial(self.blobs.drop_unfinished, now - WRITE_GRACE))

    async def _versions(self, dataset_id: str) -> tuple[Dataset, ...] | None:
        """Every version, none if there is no such dataset; None if it is being deleted: that takes all with it."""
        newest = await self.datasets.find(dataset_id)
        if newest is None:
            return ()
        try:
            return await self.datasets.versions(newest.user_id, dataset_id)
        except DatasetNotFoundError:
            return None


def _named(dataset: Dataset) -> str:
    return (
        f"“{dataset.dataset_name}” ({dataset.id}, version {dataset.version}), {dataset.status} since its upload on "
        f"{dataset.uploaded_at:%Y-%m-%d %H:%M} UTC"
    )


def _titled(report: Report) -> str:
    return f"{report.file_name} ({report.id}), asked for on {report.created_at:%Y-%m-%d %H:%M} UTC"
