"""Users take turns: before a job, the overdue uploads of the others."""

from dataclasses import dataclass, field
from datetime import timedelta

from typing_extensions import override

from domain.datasets.dataset import Status
from domain.errors import DriftlineError, UnavailableError
from domain.ports.work import Job, JobKind
from domain.use_cases.processing.jobs import JobTask, RunJob
from domain.use_cases.processing.turns import OVERDUE, RunInTurns
from tests.support.builders import ANN, BOB, a_dataset
from tests.support.fakes import NOON, FixedClock, InMemoryDatasets

LATE = NOON - OVERDUE - timedelta(seconds=1)


@dataclass
class Noted(JobTask):
    done: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    broken: str | None = None

    @override
    async def __call__(self, job: Job) -> None:
        if job.dataset_id == self.broken:
            raise UnavailableError("The store is away.", dependency="store")
        self.done.append(job.dataset_id)

    @override
    async def give_up(self, job: Job, error: DriftlineError) -> None:
        self.given_up.append(job.dataset_id)


def in_turns(task: Noted, **waiting: tuple[str, timedelta]) -> RunInTurns:
    datasets = InMemoryDatasets(
        {
            name: {1: a_dataset(id=name, user_id=user, status=Status.UPLOADED, uploaded_at=LATE - age)}
            for name, (user, age) in waiting.items()
        }
    )
    return RunInTurns(run=RunJob(tasks={JobKind.DATASET: task}), datasets=datasets, clock=FixedClock(NOON))


def job(name: str) -> Job:
    return Job(dataset_id=name, version=1, user_id=ANN)


async def test_the_earliest_overdue_upload_of_each_other_user_goes_first() -> None:
    task = Noted()
    minute = timedelta(minutes=1)
    run = in_turns(task, mine=(ANN, minute), early=(BOB, 3 * minute), late=(BOB, minute))
    await run(job("mine"))
    assert task.done == ["early", "mine"]


async def test_an_upload_of_another_that_fails_does_not_stop_the_job() -> None:
    task = Noted(broken="early")
    await in_turns(task, mine=(ANN, timedelta()), early=(BOB, timedelta()))(job("mine"))
    assert task.done == ["mine"]


async def test_uploads_that_came_just_now_wait_for_their_own_message() -> None:
    task = Noted()
    run = in_turns(task, mine=(ANN, timedelta()), new=(BOB, -OVERDUE))
    await run(job("mine"))
    assert task.done == ["mine"]
    await run.give_up(job("mine"), UnavailableError("away", dependency="store"))
    assert task.given_up == ["mine"]
