"""The contract of ``Jobs`` together with its receiving end, on every queue.

What only the queue inside a process promises (no job waits twice, an end) stands at the bottom.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol

import pytest

from adapters.memory.jobs import MemoryJobs
from domain.errors import UnavailableError
from domain.ports.work import Job, Jobs
from tests.support.builders import ANN, BOB, SALES, VISITS


class ReceivedJobs(Jobs, Protocol):
    """A queue with its receiving end."""

    def waiting(self) -> AsyncIterator[Job]:
        """Jobs as they come."""


def job(version: int = 1, dataset_id: str = SALES) -> Job:
    return Job(dataset_id=dataset_id, version=version)


async def received(jobs: ReceivedJobs, count: int) -> list[Job]:
    async with asyncio.timeout(10):
        found: list[Job] = []
        async for one in jobs.waiting():
            found.append(one)
            if len(found) == count:
                break
        return found


async def test_every_job_is_received_once_whether_it_came_before_the_receiver_or_after(jobs: ReceivedJobs) -> None:
    await jobs.submit(job(1))
    receiving = asyncio.create_task(received(jobs, 3))
    await asyncio.sleep(0)
    await jobs.submit(job(2))
    await jobs.submit(job(1, VISITS))
    assert sorted(await receiving, key=str) == sorted([job(1), job(2), job(1, VISITS)], key=str)


async def test_receivers_share_the_jobs(jobs: ReceivedJobs) -> None:
    receivers = [asyncio.create_task(received(jobs, 5)) for _ in range(2)]
    for version in range(10):
        await jobs.submit(job(version))
    shares = await asyncio.gather(*receivers)
    assert sorted(one.version for share in shares for one in share) == list(range(10))


async def test_job_submitted_again_while_it_is_being_done_is_done_again(jobs: ReceivedJobs) -> None:
    await jobs.submit(job(1))
    receiver = jobs.waiting()
    assert await anext(receiver) == job(1)
    await jobs.submit(job(1))
    assert await anext(receiver) == job(1)


async def test_report_to_be_made_comes_back_as_it_was_asked_for(jobs: ReceivedJobs) -> None:
    asked = Job(dataset_id=SALES, version=7, report_id="r-ü")
    await jobs.submit(asked)
    assert await received(jobs, 1) == [asked]


async def test_what_waits_is_counted(jobs: ReceivedJobs) -> None:
    assert await jobs.pending() == 0
    for version in range(3):
        await jobs.submit(job(version))
    assert await jobs.pending() == 3
    await received(jobs, 3)
    assert await jobs.pending() == 0


async def test_job_that_waits_already_is_not_queued_twice(memory_jobs: MemoryJobs) -> None:
    for _ in range(3):
        await memory_jobs.submit(job(1))
    await memory_jobs.submit(job(2))
    assert await received(memory_jobs, 2) == [job(1), job(2)]


async def test_closing_ends_every_receiver_and_refuses_new_work(memory_jobs: MemoryJobs) -> None:
    async def drain() -> list[Job]:
        return [one async for one in memory_jobs.waiting()]

    receivers = [asyncio.create_task(drain()) for _ in range(3)]
    await asyncio.sleep(0)
    await memory_jobs.close()
    async with asyncio.timeout(10):
        assert await asyncio.gather(*receivers) == [[], [], []]
    with pytest.raises(UnavailableError):
        await memory_jobs.submit(job())


async def test_a_burst_of_one_user_delays_another_by_one_job(memory_jobs: MemoryJobs) -> None:
    burst = [Job(dataset_id=SALES, version=number, user_id=ANN) for number in range(100)]
    for one in burst:
        await memory_jobs.submit(one)
    late = [Job(dataset_id=VISITS, version=number, user_id=BOB) for number in range(2)]
    for one in late:
        await memory_jobs.submit(one)
    assert await received(memory_jobs, 102) == [burst[0], late[0], burst[1], late[1], *burst[2:]]
