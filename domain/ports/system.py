"""What the domain asks of the machine it runs on: time, identifiers, threads, folders, readiness."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

T = TypeVar("T")


class Clock(Protocol):
    """What time is it?"""

    @abstractmethod
    def now(self) -> datetime:
        """The time in UTC, aware."""


class IdGenerator(Protocol):
    """What shall this be called?"""

    @abstractmethod
    def new(self) -> str:
        """An identifier never given before (a UUID)."""

    @abstractmethod
    def secret(self) -> str:
        """An unguessable token of at least 256 bits, safe in a cookie."""


class WorkerPool(Protocol):
    """Who computes what would stop everybody else? Runs a function away from the event loop, bounded."""

    @abstractmethod
    async def run(self, work: Callable[[], T]) -> T:
        """Return what ``work`` returns, or raise what it raises."""

    @abstractmethod
    async def run_reporting(
        self, work: Callable[[Callable[[float, str], None]], T], heard: Callable[[float, str], Awaitable[None]]
    ) -> T:
        """As ``run``; what ``work`` reports on its way (fraction, message) is awaited as ``heard`` on the loop."""


class Admission(Protocol):
    """Who may begin now? Bounds one kind of work: some of it is done at once, some waits, the rest is refused."""

    @abstractmethod
    def turn(self) -> AbstractAsyncContextManager[None]:
        """Wait for a turn and have it as long as the context lasts. Raises OverloadedError if too much waits."""


class TempWorkspace(Protocol):
    """Where may I put something for a moment?"""

    @abstractmethod
    def folder(self) -> AbstractAsyncContextManager[Path]:
        """An empty local folder that is gone, with all in it, when the context ends."""


class Dependency(Protocol):
    """Are you there? Asked by the readiness check."""

    name: str

    @abstractmethod
    async def ping(self) -> None:
        """Raises UnavailableError."""
