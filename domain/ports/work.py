"""What the domain asks of work in the background: jobs and their progress."""

from abc import abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from domain.datasets.progress import Progress
from domain.struct import Struct


class JobKind(StrEnum):
    """What is to be done. ``domain.use_cases.processing.jobs.RunJob`` has one task for each."""

    DATASET = "dataset"  # process the version, or finish deleting the dataset
    REPORT = "report"
    OPEN_COUNT = "open_count"  # count the dataset's open anomalies again


class Job(Struct, frozen=True):
    """Something to do about a version of a dataset.

    ``report_id`` is which report, for a job of that kind. ``user_id`` is whose turn it takes where jobs of several
    users wait; empty if that is not known, or if the product itself wants it done.
    """

    dataset_id: str
    version: int
    kind: JobKind = JobKind.DATASET
    report_id: str | None = None
    user_id: str = ""


class Jobs(Protocol):
    """Who does the slow part? Delivery is at least once, unordered, possibly doubled."""

    @abstractmethod
    async def submit(self, job: Job) -> None: ...

    @abstractmethod
    async def pending(self) -> int:
        """About how many wait or are being done."""


class JobReceiver(Jobs, Protocol):
    """A queue whose receiving end is in the same process."""

    @abstractmethod
    def waiting(self) -> AsyncIterator[Job]:
        """Jobs as they come, each to one receiver, until the queue is closed."""


class ProgressEvents(Protocol):
    """How far is it? Best effort: a listener may miss news and must be able to ask for the state instead."""

    @abstractmethod
    async def publish(self, progress: Progress) -> None: ...

    @abstractmethod
    def listen(self, dataset_id: str) -> AbstractAsyncContextManager[AsyncIterator[Progress]]:
        """Everything published while the context lasts; the last known report first."""


class QueueMessage(Struct, frozen=True):
    """One message of a queue.

    Attributes:
        body: its text.
        receipt: the queue's name of this delivery.
        attempt: how often it has been received, this time included.
        sent_at: when it was put into the queue, if that is known.
    """

    body: str
    receipt: str
    attempt: int
    sent_at: datetime | None = None


class MessageQueue(Protocol):
    """Messages, each delivered at least once, in any order."""

    @abstractmethod
    async def receive(self, hold: timedelta) -> QueueMessage | None:
        """The next message, hidden from other receivers for ``hold``; None if none came in time."""

    @abstractmethod
    async def hide(self, receipt: str, hold: timedelta) -> None:
        """Keep a message from other receivers for so long from now on."""

    @abstractmethod
    async def delete(self, receipt: str) -> None:
        """Never deliver it again."""

    @abstractmethod
    async def bury(self, receipt: str, body: str, reason: str) -> None:
        """Move a message to the dead letters, with the reason."""

    @abstractmethod
    async def depth(self) -> dict[str, int]:
        """How many messages wait, are in hand, are delayed and are dead letters."""


class LeaseState(StrEnum):
    """What became of an attempt to take a delivery."""

    TAKEN = "taken"
    BUSY = "busy"
    DONE = "done"


class JobLeases(Protocol):
    """Which deliveries are in work or done: what makes a queue that delivers twice work once."""

    @abstractmethod
    async def take(self, name: str, hold: timedelta) -> tuple[LeaseState, int, int]:
        """Its state; how often it was taken so far; how often it failed."""

    @abstractmethod
    async def keep(self, name: str, hold: timedelta) -> None:
        """Hold it for so long from now on."""

    @abstractmethod
    async def release(self, name: str, *, failed: bool) -> None:
        """Let another worker take it at once."""

    @abstractmethod
    async def finish(self, name: str) -> None:
        """It is done and cannot be taken again."""
