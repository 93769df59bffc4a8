"""Users take turns at a queue that does not know them."""

import contextlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from domain.datasets.dataset import Status
from domain.datasets.waiting_line import WaitingUpload, turns_of_others
from domain.errors import DriftlineError
from domain.ports.datasets import Datasets
from domain.ports.system import Clock
from domain.ports.work import Job, JobKind
from domain.use_cases.processing.jobs import RunJob

# A file whose message a worker is about to take waits less; one that waits longer stands behind other messages.
OVERDUE: Final = timedelta(seconds=2)
MAX_TURNS: Final = 20  # of others before a user's own: bounds how long one message is held


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInTurns:
    """Do a job, and before it the earliest overdue upload of every other user.

    The queue hands out messages in about the order they came: hundreds of one user would keep all others waiting. The
    messages of what is done ahead of its turn are found to be done when they come.
    """

    run: RunJob
    datasets: Datasets
    clock: Clock

    async def __call__(self, job: Job) -> None:
        """Raises UnavailableError: worth another try."""
        if job.kind is JobKind.DATASET and job.user_id:
            overdue = self.clock.now() - OVERDUE
            waiting = await self.datasets.waiting()
            for other in turns_of_others(job.user_id, waiting, overdue)[:MAX_TURNS]:
                await self._first(other)
        await self.run(job)

    async def give_up(self, job: Job, error: DriftlineError) -> None:
        """No further attempt will be made: note why."""
        await self.run.give_up(job, error)

    async def _first(self, upload: WaitingUpload) -> None:
        # Whatever is wrong with it is found again, and noted, when its own message comes.
        with contextlib.suppress(Exception):
            current = await self.datasets.find(upload.dataset_id)
            if current is not None and (current.version, current.status) == (upload.version, Status.UPLOADED):
                await self.run(Job(dataset_id=upload.dataset_id, version=upload.version, user_id=upload.user_id))
