"""The machine itself: its clock, its randomness, its cores."""

import asyncio
import contextvars
import secrets
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final, TypeVar

from typing_extensions import override

from domain.errors import OverloadedError, UnavailableError
from domain.ports.system import Admission, Clock, IdGenerator, WorkerPool

SECRET_BYTES: Final = 32  # 256 bits: the port's promise
RETRY_SECONDS: Final = 5  # a full queue of analyses of a million rows is through in about that time

T = TypeVar("T")


class SystemClock(Clock):
    """The machine's clock."""

    @override
    def now(self) -> datetime:
        return datetime.now(UTC)


class RandomIdGenerator(IdGenerator):
    """UUIDs (version 4) and secrets from the operating system's generator."""

    @override
    def new(self) -> str:
        return str(uuid.uuid4())

    @override
    def secret(self) -> str:
        return secrets.token_urlsafe(SECRET_BYTES)


class BoundedAdmission(Admission):
    """So many turns at once, so many callers that wait for one, first come, first served."""

    def __init__(self, what: str, at_once: int, waiting: int) -> None:
        self._what = what  # in the plural, for the sentence of a refusal
        self._turns = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self._admitted = 0

    @asynccontextmanager
    @override
    async def turn(self) -> AsyncIterator[None]:
        if self._admitted >= self._most:
            raise OverloadedError(
                f"{self._most:,} {self._what} are being done or wait already. Try again in a moment.",
                retryAfterSeconds=RETRY_SECONDS,
            )
        self._admitted += 1
        try:
            async with self._turns:
                yield
        finally:
            self._admitted -= 1


class FreeAdmission(Admission):
    """Everyone's turn, at once: for work that is bounded elsewhere."""

    @asynccontextmanager
    @override
    async def turn(self) -> AsyncIterator[None]:
        yield


class ThreadWorkerPool(WorkerPool):
    """A bounded pool of threads: numpy, DuckDB and zlib release the GIL while they work.

    A caller that is cancelled leaves at once; its work, once begun, runs to its end.
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._pool: ThreadPoolExecutor | None = None

    async def open(self) -> None:
        """Make the threads' pool."""
        self._pool = self._pool or ThreadPoolExecutor(self._threads, thread_name_prefix="offload")

    async def close(self) -> None:
        """Wait for the work that has begun; what is still queued is given up."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)

    @override
    async def run(self, work: Callable[[], T]) -> T:
        if self._pool is None:
            raise UnavailableError("The pool of threads is not open.", dependency="offload")
        context = contextvars.copy_context()  # log lines of the work keep the request's id
        return await asyncio.get_running_loop().run_in_executor(self._pool, context.run, work)

    @override
    async def run_reporting(
        self, work: Callable[[Callable[[float, str], None]], T], heard: Callable[[float, str], Awaitable[None]]
    ) -> T:
        loop = asyncio.get_running_loop()
        reports: asyncio.Queue[tuple[float, str] | None] = asyncio.Queue()

        def report(fraction: float, message: str) -> None:
            loop.call_soon_threadsafe(reports.put_nowait, (fraction, message))

        async def pass_on() -> None:
            while (progress := await reports.get()) is not None:
                await heard(*progress)

        listener = asyncio.create_task(pass_on())
        try:
            try:
                return await self.run(lambda: work(report))
            finally:
                # Behind the last report, which was scheduled before the result or the error was.
                reports.put_nowait(None)
                await listener
        finally:
            listener.cancel()
