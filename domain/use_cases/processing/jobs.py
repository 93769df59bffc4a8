"""What a worker does with any job: one task for each kind, and what a restart takes up again."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from domain.analysis.cache_key import METHOD
from domain.errors import DriftlineError
from domain.ports.analyses import Reports
from domain.ports.datasets import Datasets
from domain.ports.work import Job, JobKind, Jobs
from domain.use_cases.processing.count_open import count_job
from domain.use_cases.reports import job_of


class JobTask(Protocol):
    """How jobs of one kind are done."""

    @abstractmethod
    async def __call__(self, job: Job) -> None:
        """Raises UnavailableError: worth another try."""

    @abstractmethod
    async def give_up(self, job: Job, error: DriftlineError) -> None:
        """No further attempt will be made: note why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunJob:
    """Do a job with the task of its kind."""

    tasks: Mapping[JobKind, JobTask]

    async def __call__(self, job: Job) -> None:
        """Raises UnavailableError: worth another try."""
        await self.tasks[job.kind](job)

    async def give_up(self, job: Job, error: DriftlineError) -> None:
        """No further attempt will be made: note why."""
        await self.tasks[job.kind].give_up(job, error)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeUnfinished:
    """After a restart: submit again what was uploaded, in work, being deleted or queued when the process ended.

    Open anomalies that an earlier method counted, or that a verdict came to before the restart, are counted again.
    """

    datasets: Datasets
    reports: Reports
    jobs: Jobs

    async def __call__(self) -> int:
        """Return how many jobs were taken up."""
        left = [
            Job(dataset_id=one.id, version=one.version, user_id=one.user_id) for one in await self.datasets.unfinished()
        ]
        left += [job_of(report) for report in await self.reports.unfinished()]
        left += [count_job(dataset) for dataset in await self.datasets.miscounted(METHOD)]
        for job in left:
            await self.jobs.submit(job)
        return len(left)
