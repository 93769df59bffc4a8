"""A queue of jobs inside the process."""

import asyncio
from collections.abc import AsyncIterator

from typing_extensions import override

from domain.errors import UnavailableError
from domain.ports import Job, Jobs


class MemoryJobs(Jobs):
    """Jobs wait here for the worker loop of the same process. A job that waits already is not queued twice.

    What is waiting when the process ends is not lost: ``Datasets.unfinished`` names it at the next start.
    """

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Job | None] = asyncio.Queue()
        self._waiting: set[Job] = set()
        self._closed = False

    async def open(self) -> None:
        """Nothing to open: jobs may be submitted before anybody receives."""

    async def close(self) -> None:
        """End every ``receive``; waiting jobs are left."""
        if not self._closed:
            self._closed = True
            self._queue.put_nowait(None)

    @override
    async def submit(self, job: Job) -> None:
        if self._closed:
            raise UnavailableError("Driftline is shutting down and takes no new work.", dependency="jobs")
        if job not in self._waiting:
            self._waiting.add(job)
            self._queue.put_nowait(job)

    @override
    async def pending(self) -> int:
        return len(self._waiting)

    async def receive(self) -> AsyncIterator[Job]:
        """Jobs as they come, each to one of the receivers, until the queue is closed."""
        while not self._closed:
            job = await self._queue.get()
            if job is None:
                self._queue.put_nowait(None)  # for the next receiver
                return
            self._waiting.discard(job)
            yield job
