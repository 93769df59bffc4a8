"""The worker loop: what is acknowledged, tried again, given up."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest

import entrypoints.worker.loop as worker
from adapters.memory.jobs import MemoryJobs
from domain.errors import DriftlineError, UnavailableError
from domain.ports.work import Job
from entrypoints.worker.loop import MAX_ATTEMPTS, WorkerLoop
from entrypoints.worker.sources import InProcessJobSource


@dataclass
class Process:
    """Stands for the use case: does what the test says, and remembers."""

    work: Callable[[Job], object]
    done: list[Job] = field(default_factory=list)
    given_up: list[tuple[Job, DriftlineError]] = field(default_factory=list)

    async def __call__(self, job: Job) -> None:
        result = self.work(job)
        if asyncio.iscoroutine(result):
            await result
        self.done.append(job)

    async def give_up(self, job: Job, error: DriftlineError) -> None:
        self.given_up.append((job, error))


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "FIRST_WAIT_SECONDS", 0.0)
    monkeypatch.setattr(worker, "AWAY_SECONDS", 0.0)


def job(number: int) -> Job:
    return Job(dataset_id=f"dataset-{number}", version=1)


async def run(process: Process, jobs: list[Job], outcomes: int, concurrency: int = 1) -> list[str]:
    """Run the loop until so many outcomes were settled for good."""
    queue = MemoryJobs()
    settled: list[str] = []

    def note(_job: Job, outcome: str) -> None:
        settled.append(outcome)
        if len([one for one in settled if one != "again"]) == outcomes:
            closing.set()

    closing = asyncio.Event()
    loop = WorkerLoop(InProcessJobSource(queue), process, concurrency, note)  # type: ignore[arg-type] # a stand-in
    task = asyncio.create_task(loop())
    for one in jobs:
        await queue.submit(one)
    await asyncio.wait_for(closing.wait(), 10)
    await queue.close()
    await asyncio.wait_for(task, 10)
    return settled


async def test_every_job_is_done_once() -> None:
    process = Process(lambda _: None)
    assert await run(process, [job(n) for n in range(5)], 5) == ["done"] * 5
    assert process.done == [job(n) for n in range(5)]


async def test_a_store_that_is_away_for_a_moment_costs_another_try() -> None:
    failures = iter([UnavailableError("away"), UnavailableError("away")])

    def flaky(_: Job) -> None:
        for failure in failures:
            raise failure

    process = Process(flaky)
    assert await run(process, [job(1)], 1) == ["again", "again", "done"]
    assert not process.given_up


async def test_a_store_that_stays_away_is_given_up_after_three_tries() -> None:
    def away(_: Job) -> None:
        raise UnavailableError("still away")

    process = Process(away)
    assert await run(process, [job(1)], 1) == ["again", "again", "failed"]
    assert [(given.dataset_id, error.code) for given, error in process.given_up] == [("dataset-1", "unavailable")]


async def test_an_unforeseen_error_fails_its_dataset_and_spares_the_others() -> None:
    def work(one: Job) -> None:
        if one == job(1):
            raise ZeroDivisionError

    process = Process(work)
    assert await run(process, [job(1), job(2)], 2) == ["failed", "done"]
    assert process.given_up[0][1].code == "internal"
    assert "ZeroDivisionError" in process.given_up[0][1].message


async def test_no_more_jobs_run_at_a_time_than_allowed() -> None:
    running = 0
    most = 0

    async def work() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1

    await run(Process(lambda _: work()), [job(n) for n in range(8)], 8, concurrency=3)
    assert most == 3


async def test_no_job_is_taken_from_the_queue_before_somebody_is_free_for_it() -> None:
    queue, begun, go_on = MemoryJobs(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await go_on.wait()

    task = asyncio.create_task(WorkerLoop(InProcessJobSource(queue), Process(lambda _: work()), 1)())
    for number in (1, 2):
        await queue.submit(job(number))
    await begun.wait()
    await asyncio.sleep(0)
    assert await queue.pending() == 1
    go_on.set()
    await queue.close()
    await asyncio.wait_for(task, 10)


async def test_stopping_lets_the_job_in_hand_finish() -> None:
    begun = asyncio.Event()
    process = Process(lambda _: work())

    async def work() -> None:
        begun.set()
        await asyncio.sleep(0.05)

    queue = MemoryJobs()
    task = asyncio.create_task(WorkerLoop(InProcessJobSource(queue), process, 1)())  # type: ignore[arg-type] # a stand-in
    await queue.submit(job(1))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert process.done == [job(1)]


async def test_a_source_that_ends_waits_for_the_job_in_hand() -> None:
    async def jobs() -> AsyncIterator[Job]:
        yield job(1)

    process = Process(lambda _: asyncio.sleep(0.01))
    source = InProcessJobSource(type("Once", (), {"waiting": staticmethod(jobs)})())
    await WorkerLoop(source, process, 1)()  # type: ignore[arg-type] # a stand-in
    assert process.done == [job(1)]


async def test_work_waits_while_not_even_its_failure_can_be_noted() -> None:
    is_full = True
    tries: list[Job] = []

    def store(one: Job) -> None:
        tries.append(one)
        if is_full:
            raise UnavailableError("The disk is full.")

    class Full(Process):
        async def give_up(self, job: Job, error: DriftlineError) -> None:
            nonlocal is_full
            is_full = len(tries) < MAX_ATTEMPTS + 2  # there is room again after a while
            raise UnavailableError("The disk is full.")

    process = Full(store)
    assert await run(process, [job(1)], 1) == [*["again"] * (MAX_ATTEMPTS + 2), "done"]
    assert process.done == [job(1)]
