"""Metrics of background work, in a worker or in the one process of the embedded profile."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from typing_extensions import override

from domain.errors import DriftlineError
from domain.ports.datasets import Datasets
from domain.ports.work import Job, JobKind, MessageQueue, QueueMessage
from entrypoints.worker.loop import Work, WorkerLoop

SECONDS: Final = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 150, 300, 600)  # a report to a hundred million rows
WAITS: Final = (0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400)  # at once, to workers that were all down


class JobMetrics:
    """What became of jobs."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.jobs = Counter("driftline_jobs", "Processing jobs by outcome", ["outcome"], registry=registry)
        self.ingested_rows = Counter("driftline_ingested_rows", "Rows read into datasets", registry=registry)
        self.rejected_rows = Counter("driftline_rejected_rows", "Rows that could not be used", registry=registry)
        self.in_hand = Gauge("driftline_jobs_in_hand", "Jobs being worked on", registry=registry)
        self._seconds = Histogram(
            "driftline_job_seconds", "Time that one attempt took", ["kind"], registry=registry, buckets=SECONDS
        )
        for outcome in ("done", "again", "failed"):  # there from the start, so that a rate has something to begin at
            self.jobs.labels(outcome)
        for kind in JobKind:
            self._seconds.labels(kind)

    def watching(self, loop: WorkerLoop, datasets: Datasets) -> WorkerLoop:
        """The same loop, counted."""
        return replace(loop, process=_Counted(loop.process, datasets, self), settled=self._settled)

    def _settled(self, _job: Job, outcome: str) -> None:
        self.jobs.labels(outcome).inc()

    @contextlib.contextmanager
    def timing(self, job: Job) -> Iterator[None]:
        """Count a job as in hand, and how long it took."""
        began = perf_counter()
        with self.in_hand.track_inprogress():
            try:
                yield
            finally:
                self._seconds.labels(job.kind).observe(perf_counter() - began)


@dataclass(frozen=True, slots=True)
class _Counted(Work):
    """A job's work, with a clock beside it."""

    work: Work
    datasets: Datasets
    metrics: JobMetrics

    @override
    async def __call__(self, job: Job) -> None:
        with self.metrics.timing(job):
            await self.work(job)
        if job.kind is JobKind.DATASET:
            await self._count_rows(job)

    @override
    async def give_up(self, job: Job, error: DriftlineError) -> None:
        await self.work.give_up(job, error)

    async def _count_rows(self, job: Job) -> None:
        with contextlib.suppress(DriftlineError):  # a figure less is no reason to stop anything
            dataset = await self.datasets.find(job.dataset_id)
            if dataset is not None and dataset.version == job.version and dataset.quality is not None:
                self.metrics.ingested_rows.inc(dataset.quality.usable_rows)
                self.metrics.rejected_rows.inc(dataset.quality.rejected_rows)


class QueueMetrics:
    """What passes through the queue, and what lies in it."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.messages = Counter(
            "driftline_queue_messages", "Messages of the queue by what was done", ["what"], registry=registry
        )
        self.waited = Histogram(
            "driftline_queue_wait_seconds",
            "Age of a message when it was first received: from the file to the beginning of work",
            registry=registry,
            buckets=WAITS,
        )
        self.depth = Gauge(
            "driftline_queue_depth", "Messages in the queue, as the queue estimates", ["state"], registry=registry
        )
        self.last_contact = Gauge(
            "driftline_queue_last_contact_timestamp_seconds", "When the queue last answered", registry=registry
        )
        for what in ("received", "deleted", "buried"):
            self.messages.labels(what)


@dataclass(frozen=True, slots=True)
class CountedQueue(MessageQueue):
    """A queue, with a counter beside it."""

    queue: MessageQueue
    metrics: QueueMetrics

    @override
    async def receive(self, hold: timedelta) -> QueueMessage | None:
        message = await self.queue.receive(hold)
        now = datetime.now(UTC)
        self.metrics.last_contact.set(now.timestamp())
        if message is not None:
            self.metrics.messages.labels("received").inc()
            if message.attempt == 1 and message.sent_at is not None:
                self.metrics.waited.observe(max(0.0, (now - message.sent_at).total_seconds()))
        return message

    @override
    async def hide(self, receipt: str, hold: timedelta) -> None:
        await self.queue.hide(receipt, hold)

    @override
    async def delete(self, receipt: str) -> None:
        await self.queue.delete(receipt)
        self.metrics.messages.labels("deleted").inc()

    @override
    async def bury(self, receipt: str, body: str, reason: str) -> None:
        await self.queue.bury(receipt, body, reason)
        self.metrics.messages.labels("buried").inc()

    @override
    async def depth(self) -> dict[str, int]:
        depth = await self.queue.depth()
        for state, number in depth.items():
            self.metrics.depth.labels(state).set(number)
        return depth
