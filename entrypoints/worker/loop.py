"""The worker loop: the only place that decides what is acknowledged, tried again, or given up."""

import asyncio
from abc import abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Final, Protocol

import structlog

from domain.errors import DriftlineError, UnavailableError
from domain.ports.work import Job
from entrypoints.worker.sources import Delivery, JobSource

MAX_ATTEMPTS: Final = 3  # a store that restarts is back within two waits; more would only hide a fault
FIRST_WAIT_SECONDS: Final = 0.5  # doubled each time
AWAY_SECONDS: Final = 15.0  # between tries while not even a failure can be noted: a disk is full, a store is away
PATIENCE_SECONDS: Final = 20.0  # how long a stop waits for work in hand; our compose file kills after 30

log = structlog.get_logger(__name__)


class ProcessingFaultError(DriftlineError):
    """An unexpected error; the log has its traceback."""

    code = "internal"


class Work(Protocol):
    """What is done with a job (``domain.use_cases.processing.jobs.DoJob``)."""

    @abstractmethod
    async def __call__(self, job: Job) -> None:
        """Raises UnavailableError: worth another try."""

    @abstractmethod
    async def give_up(self, job: Job, error: DriftlineError) -> None:
        """No further attempt will be made: note why."""


@dataclass(frozen=True, slots=True)
class WorkerLoop:
    """Runs up to ``concurrency`` jobs at a time until the source ends or the loop is cancelled."""

    source: JobSource
    process: Work
    concurrency: int
    settled: Callable[[Job, str], None] = lambda _job, _outcome: None
    around: Callable[[Delivery], AbstractContextManager[object]] = nullcontext
    patience: float = PATIENCE_SECONDS

    async def __call__(self) -> None:
        """Work. On cancellation jobs in hand get ``patience`` seconds to finish; the rest is delivered again."""
        free = asyncio.Semaphore(self.concurrency)
        running: set[asyncio.Task[None]] = set()
        try:
            deliveries = self.source.deliveries()
            # A job is fetched only when it can begin at once: another worker may be free now.
            while await free.acquire():
                delivery = await anext(deliveries, None)
                if delivery is None:
                    break
                task = asyncio.create_task(self.settle(delivery))
                running.add(task)
                task.add_done_callback(running.discard)
                task.add_done_callback(lambda _ended: free.release())
            await asyncio.gather(*running)
        finally:
            if running:
                await asyncio.wait(running, timeout=self.patience)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def settle(self, delivery: Delivery) -> None:
        """Do one job and tell the source what became of it. Raises nothing but cancellation."""
        job = delivery.job
        try:
            with self.around(delivery):
                await self.process(job)
        except UnavailableError as error:
            await self._later(delivery, error)
        except Exception as error:
            # Whatever it was, one dataset must not take the worker with it; the log keeps the traceback.
            log.exception("job_broke", dataset=job.dataset_id, version=job.version)
            fault = ProcessingFaultError(
                f"Processing stopped by a fault in Driftline ({type(error).__name__}). The log has the details; "
                "run it again or upload the file once more."
            )
            await self._bury(delivery, fault)
        else:
            await delivery.done()
            self.settled(job, "done")

    async def _later(self, delivery: Delivery, error: UnavailableError) -> None:
        if delivery.attempt >= MAX_ATTEMPTS:
            await self._bury(delivery, error)
            return
        log.warning("job_again", dataset=delivery.job.dataset_id, attempt=delivery.attempt, reason=error.message)
        await asyncio.sleep(FIRST_WAIT_SECONDS * 2 ** (delivery.attempt - 1))
        await delivery.again()
        self.settled(delivery.job, "again")

    async def _bury(self, delivery: Delivery, error: DriftlineError) -> None:
        try:
            await self.process.give_up(delivery.job, error)
        except UnavailableError as away:
            # The store that would note the failure is the one that is away: nothing is lost by trying until it is back.
            log.warning("job_waits", dataset=delivery.job.dataset_id, reason=away.message)
            await asyncio.sleep(AWAY_SECONDS)
            await delivery.again()
            self.settled(delivery.job, "again")
            return
        await delivery.bury(error)
        self.settled(delivery.job, "failed")
