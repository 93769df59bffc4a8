"""Where jobs come from. A delivery is at least once: the loop says what became of each."""

from abc import abstractmethod
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from typing_extensions import override

from domain.errors import DriftlineError
from domain.ports.work import Job, JobReceiver


class Delivery(Protocol):
    """One job, handed over once more or less."""

    job: Job
    attempt: int  # 1 for the first
    traceparent: str  # W3C Trace Context of the request that asked for it; empty if that is not known

    @abstractmethod
    async def done(self) -> None:
        """It is done, or needs no doing: never deliver it again."""

    @abstractmethod
    async def again(self) -> None:
        """It did not work out; deliver it again later."""

    @abstractmethod
    async def bury(self, error: DriftlineError) -> None:
        """It will never work out; the dataset has been marked failed."""


class JobSource(Protocol):
    """A queue of jobs."""

    @abstractmethod
    def deliveries(self) -> AsyncIterator[Delivery]:
        """Jobs as they come, until the source is closed."""


class InProcessJobSource(JobSource):
    """The queue of this very process (embedded profile). What waits in it is found again at the next start."""

    def __init__(self, jobs: JobReceiver) -> None:
        self._jobs = jobs
        self._attempts: dict[Job, int] = {}

    @override
    async def deliveries(self) -> AsyncIterator[Delivery]:
        async for job in self._jobs.waiting():
            attempt = self._attempts[job] = self._attempts.get(job, 0) + 1
            yield _ProcessDelivery(job, attempt, self)

    async def _again(self, job: Job) -> None:
        await self._jobs.submit(job)

    def _forget(self, job: Job) -> None:
        self._attempts.pop(job, None)


@dataclass(slots=True)
class _ProcessDelivery(Delivery):
    job: Job
    attempt: int
    source: InProcessJobSource
    traceparent: str = ""

    @override
    async def done(self) -> None:
        self.source._forget(self.job)  # noqa: SLF001 one thing in two classes

    @override
    async def again(self) -> None:
        await self.source._again(self.job)  # noqa: SLF001 as above

    @override
    async def bury(self, error: DriftlineError) -> None:
        self.source._forget(self.job)  # noqa: SLF001 as above
