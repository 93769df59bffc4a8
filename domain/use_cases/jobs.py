"""What a worker does with any job: one place that knows both kinds."""

from dataclasses import dataclass

from domain.errors import DriftlineError
from domain.ports import Datasets, Job, Jobs, Reports
from domain.use_cases.processing import ProcessDataset
from domain.use_cases.reports import MakeReport, job_of


@dataclass(frozen=True, slots=True)
class DoJob:
    """Process a dataset, or make a report."""

    process: ProcessDataset
    make_report: MakeReport

    async def __call__(self, job: Job) -> None:
        """Raises UnavailableError: worth another try."""
        await (self.process(job) if job.report_id is None else self.make_report(job))

    async def give_up(self, job: Job, error: DriftlineError) -> None:
        """No further attempt will be made: note why."""
        await (self.process if job.report_id is None else self.make_report).give_up(job, error)


@dataclass(frozen=True, slots=True)
class ResumeUnfinished:
    """After a restart: submit again what was uploaded, in work, being deleted or queued when the process ended."""

    datasets: Datasets
    reports: Reports
    jobs: Jobs

    async def __call__(self) -> int:
        """Return how many jobs were taken up."""
        left = [Job(dataset_id=one.id, version=one.version) for one in await self.datasets.unfinished()]
        left += [job_of(report) for report in await self.reports.unfinished()]
        for job in left:
            await self.jobs.submit(job)
        return len(left)
