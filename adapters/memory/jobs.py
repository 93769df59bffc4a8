"""A queue of jobs inside the process."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator

from typing_extensions import override

from domain.errors import UnavailableError
from domain.ports.work import Job, JobReceiver


class MemoryJobs(JobReceiver):
    """Jobs wait here for the worker loop of the same process. A job that waits already is not queued twice.

    Users take turns: one job of each, in the order in which each one's jobs came, so that a burst of one user's files
    delays another user's by one file at most. What is waiting when the process ends is not lost:
    ``Datasets.unfinished`` names it at the next start.
    """

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, deque[Job]] = OrderedDict()  # by user; the next one's turn comes first
        self._known: set[Job] = set()
        self._changed = asyncio.Condition()
        self._closed = False

    async def open(self) -> None:
        """Nothing to open: jobs may be submitted before there is a receiver."""

    async def close(self) -> None:
        """End every ``waiting``; waiting jobs are left."""
        async with self._changed:
            self._closed = True
            self._changed.notify_all()

    @override
    async def submit(self, job: Job) -> None:
        if self._closed:
            raise UnavailableError("Driftline is shutting down and takes no new work.", dependency="jobs")
        async with self._changed:
            if job not in self._known:
                self._known.add(job)
                self._waiting.setdefault(job.user_id, deque()).append(job)
                self._changed.notify()

    @override
    async def pending(self) -> int:
        return len(self._known)

    @override
    async def waiting(self) -> AsyncIterator[Job]:
        while not self._closed:
            async with self._changed:
                await self._changed.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    return
                job = self._next()
            yield job

    def _next(self) -> Job:
        user_id, jobs = self._waiting.popitem(last=False)
        job = jobs.popleft()
        if jobs:
            self._waiting[user_id] = jobs  # behind all others
        self._known.discard(job)
        return job
