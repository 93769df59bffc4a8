"""Leftovers: find what no dataset, report or session needs, what waits for a job that is lost, and repair it.

The stores share no transaction, so a crash between two steps leaves something behind. It is not
visible to users; it takes room, or keeps a user waiting. What is younger than a grace is left alone: it may be in work.

Stores are asked what they hold *before* it is asked which datasets there are: a dataset that begins meanwhile is then
known by the time it is looked up, and nothing of it can be taken for a leftover.
"""

import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from msgspec.structs import replace

from domain.accounts.account import EXPIRED_KEPT
from domain.analysis.cache_key import METHOD
from domain.datasets.dataset import Dataset, Status
from domain.datasets.orphans import (
    GRACE,
    SOURCE_GRACE,
    WRITE_GRACE,
    FileOfDataset,
    FileOfReport,
    Orphan,
    OrphanKind,
    owner_of,
)
from domain.errors import CorruptedError, DatasetNotFoundError, NotFoundError
from domain.ports.accounts import RefreshSessions
from domain.ports.analyses import Analyses, AnalysisCache, Reports, Verdicts
from domain.ports.datasets import Blobs, Datasets, KeptBlob, PendingUploads, Records
from domain.ports.system import Clock
from domain.ports.work import Job, Jobs
from domain.reports.report import Report, ReportStatus
from domain.use_cases.datasets.datasets import DeleteDataset
from domain.use_cases.processing.count_open import count_job
from domain.use_cases.processing.process import ReprocessDataset
from domain.use_cases.reports import job_of
from domain.use_cases.uploads.direct_upload import RegisterArrival


@dataclass(frozen=True, slots=True, kw_only=True)
class FindDamage:
    """Compare the stored file and rows of a version with what is known of them."""

    blobs: Blobs
    records: Records
    reprocess: ReprocessDataset

    async def __call__(self, key: str, versions: tuple[Dataset, ...]) -> AsyncIterator[Orphan]:
        """Yield what is wrong with the version of a source file. Damaged rows of the newest one are read again."""
        version = next(one for one in versions if one.source_key == key)
        if version.sha256 and (actual := await self._sum(key)) not in {version.sha256, None}:
            shown = f"{key}: SHA-256 {actual}, of the upload {version.sha256}"
            yield Orphan(OrphanKind.CHANGED_SOURCE, shown, None)
        elif version.is_ready and (wrong := await self._wrong_rows(version)):
            again = partial(self.reprocess, version.user_id, version.id) if version == versions[0] else None
            yield Orphan(OrphanKind.DAMAGED_ROWS, f"{_named(version)}: {wrong}", again)

    async def _sum(self, key: str) -> str | None:
        digest = hashlib.sha256()
        try:
            async for chunk in self.blobs.read(key):
                digest.update(chunk)
        except NotFoundError:
            return None  # deleted meanwhile
        return digest.hexdigest()

    async def _wrong_rows(self, version: Dataset) -> str:
        try:
            count = await self.records.row_count(version.id, version.version)
        except CorruptedError as error:
            return error.message
        return "" if count == version.row_count else f"{count or 0:,} of {version.row_count or 0:,} rows are there"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistencyCheck:
    """Go through every store, one kind of leftover after the other.

    ``jobs`` is the queue that outlives a process; None where a restart takes up again what waits.
    """

    datasets: Datasets
    blobs: Blobs
    records: Records
    analyses: Analyses
    verdicts: Verdicts
    reports: Reports
    cache: AnalysisCache
    sessions: RefreshSessions
    pending_uploads: PendingUploads | None
    jobs: Jobs | None
    arrive: RegisterArrival
    delete: DeleteDataset
    clock: Clock
    find_damage: FindDamage

    async def __call__(self, grace: timedelta, *, contents: bool = False) -> AsyncIterator[Orphan]:
        """Yield each leftover as it is found; to repair it, await its ``repair``.

        Args:
            grace: what is younger is left alone.
            contents: also look for damage, which takes reading every uploaded file once.

        Raises:
            UnavailableError: a store does not answer.
        """
        old = self.clock.now() - grace
        for part in (
            self._deletions(old),
            self._waiting(old),
            self._lost_reports(old),
            self._files(old, contents=contents),
            self._rows_and_analyses(),
            self._verdicts_and_cache(),
            self._remains(),
        ):
            async for finding in part:
                yield finding

    async def pending(self) -> int:
        """About how many jobs wait or are being done. While any do, nothing is called stuck: it may be among them."""
        return 0 if self.jobs is None else await self.jobs.pending()

    async def _deletions(self, old: datetime) -> AsyncIterator[Orphan]:
        for dataset in await self.datasets.unfinished():
            if dataset.status is Status.DELETING and dataset.uploaded_at < old:
                yield Orphan(OrphanKind.DELETION, _named(dataset), partial(self.delete.finish, dataset))

    async def _waiting(self, old: datetime) -> AsyncIterator[Orphan]:
        if self.jobs is None:
            return
        # Asked first, the queue second: what was submitted in between is then in the queue.
        datasets, reports = await self.datasets.unfinished(), await self.reports.unfinished()
        if await self.jobs.pending():
            return
        for dataset in datasets:
            if dataset.status is not Status.DELETING and dataset.uploaded_at < old:
                job = Job(dataset_id=dataset.id, version=dataset.version, user_id=dataset.user_id)
                yield Orphan(OrphanKind.STUCK_DATASET, _named(dataset), partial(self.jobs.submit, job))
        for report in reports:
            if report.created_at < old:
                yield Orphan(OrphanKind.STUCK_REPORT, _titled(report), partial(self.jobs.submit, job_of(report)))
        for dataset in await self.datasets.miscounted(METHOD):
            yield Orphan(OrphanKind.MISCOUNTED, _named(dataset), partial(self.jobs.submit, count_job(dataset)))

    async def _lost_reports(self, old: datetime) -> AsyncIterator[Orphan]:
        for report in await self.reports.finished():
            if report.created_at < old and await self.blobs.size(report.key) is None:
                yield Orphan(OrphanKind.LOST_REPORT, _titled(report), partial(self._make_again, report))

    async def _make_again(self, report: Report) -> None:
        again = replace(report, status=ReportStatus.QUEUED, finished_at=None, size_bytes=None)
        await self.reports.put(again)
        if self.jobs is not None:
            await self.jobs.submit(job_of(again))

    async def _files(self, old: datetime, *, contents: bool) -> AsyncIterator[Orphan]:
        known: dict[str, tuple[Dataset, ...] | None] = {}
        for blob in await self.blobs.kept("users/"):
            if blob.written_at >= old:
                continue
            shown = f"{blob.key} ({blob.size_bytes:,} bytes, {blob.written_at:%Y-%m-%d %H:%M} UTC)"
            owner = owner_of(blob.key)
            if owner is None:
                yield Orphan(OrphanKind.STRANGE_FILE, shown, None)
            elif isinstance(owner, FileOfReport):
                if await self.reports.find(owner.report_id) is None:
                    yield Orphan(OrphanKind.ORPHANED_FILE, shown, partial(self.blobs.delete, blob.key))
            else:
                if owner.dataset_id not in known:
                    known = {owner.dataset_id: await self._versions(owner.dataset_id)}  # keys come sorted
                versions = known[owner.dataset_id]
                if finding := await self._file(blob, owner, versions, shown):
                    yield finding
                elif contents and owner.is_source and versions:
                    async for damage in self.find_damage(blob.key, versions):
                        yield damage

    async def _file(
        self, blob: KeptBlob, owner: FileOfDataset, versions: tuple[Dataset, ...] | None, shown: str
    ) -> Orphan | None:
        if versions is None:
            return None
        if owner.is_source:
            if any(one.source_key == blob.key for one in versions):
                return None
            if self.pending_uploads and await self.pending_uploads.find(owner.dataset_id, blob.key):
                return Orphan(OrphanKind.UNHEARD_UPLOAD, shown, partial(self._register, owner, blob.key))
        elif any(one.version == owner.version for one in versions):
            return None
        kind = OrphanKind.ORPHANED_SOURCE if owner.is_source else OrphanKind.ORPHANED_FILE
        return Orphan(kind, shown, partial(self.blobs.delete, blob.key), blob.written_at)

    async def _register(self, owner: FileOfDataset, key: str) -> None:
        job = await self.arrive(owner.user_id, owner.dataset_id, key)
        if job is not None and self.jobs is not None:
            await self.jobs.submit(job)

    async def _rows_and_analyses(self) -> AsyncIterator[Orphan]:
        for kind, store in ((OrphanKind.ORPHANED_ROWS, self.records), (OrphanKind.ORPHANED_ANALYSES, self.analyses)):
            for dataset_id, version in sorted(await store.stored_ids()):
                versions = await self._versions(dataset_id)
                if versions is not None and all(one.version != version for one in versions):
                    what = f"dataset {dataset_id}, version {version}"
                    yield Orphan(kind, what, partial(store.delete, dataset_id, version))

    async def _verdicts_and_cache(self) -> AsyncIterator[Orphan]:
        for dataset_id in sorted(await self.verdicts.stored_ids()):
            if await self.datasets.find(dataset_id) is None:
                repair = partial(self.verdicts.delete, dataset_id)
                yield Orphan(OrphanKind.ORPHANED_VERDICTS, f"dataset {dataset_id}", repair)
        for dataset_id in sorted(await self.cache.stored_ids()):
            if await self.datasets.find(dataset_id) is None:
                forget = partial(self.cache.invalidate, dataset_id, 1)
                yield Orphan(OrphanKind.ORPHANED_CACHE, f"dataset {dataset_id}", forget)

    async def _remains(self) -> AsyncIterator[Orphan]:
        now = self.clock.now()
        if tokens := await self.sessions.expired(now - EXPIRED_KEPT):
            what = f"{tokens:,} that ended more than {EXPIRED_KEPT.days} days ago"
            yield Orphan(OrphanKind.EXPIRED_SESSIONS, what, partial(self.sessions.forget_expired, now - EXPIRED_KEPT))
        if writes := await self.blobs.unfinished(now - WRITE_GRACE):
            what = f"{writes:,} begun more than a day ago"
            yield Orphan(OrphanKind.BROKEN_WRITES, what, partial(self.blobs.drop_unfinished, now - WRITE_GRACE))

    async def _versions(self, dataset_id: str) -> tuple[Dataset, ...] | None:
        """Every version, none if there is no such dataset; None if it is being deleted: that takes all with it."""
        newest = await self.datasets.find(dataset_id)
        if newest is None:
            return ()
        try:
            return await self.datasets.versions(newest.user_id, dataset_id)
        except DatasetNotFoundError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearOrphans:
    """What the product clears by itself, on a schedule: all that ``ConsistencyCheck`` finds and that no user needs."""

    check: ConsistencyCheck
    clock: Clock

    async def __call__(self, grace: timedelta = GRACE, source_grace: timedelta = SOURCE_GRACE) -> Counter[OrphanKind]:
        """Return how many of each kind were cleared.

        Raises:
            UnavailableError: a store does not answer; the next time continues.
        """
        cleared: Counter[OrphanKind] = Counter()
        old = self.clock.now() - source_grace
        async for orphan in self.check(grace):
            is_young = orphan.kind is OrphanKind.ORPHANED_SOURCE and orphan.written_at and orphan.written_at >= old
            if orphan.repair is None or is_young:
                continue
            await orphan.repair()
            cleared[orphan.kind] += 1
        return cleared


def _named(dataset: Dataset) -> str:
    return (
        f"“{dataset.dataset_name}” ({dataset.id}, version {dataset.version}), {dataset.status} since its upload on "
        f"{dataset.uploaded_at:%Y-%m-%d %H:%M} UTC"
    )


def _titled(report: Report) -> str:
    return f"{report.file_name} ({report.id}), asked for on {report.created_at:%Y-%m-%d %H:%M} UTC"
