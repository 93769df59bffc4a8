"""One connection for reading, shared by all who read at the same time.

What is asked while an answer is awaited goes out together as the next round (redis.io, "Redis pipelining"): a round
costs one write and a few reads of the socket, however many share it. Those calls, and what a client of the driver
does around each command (its pool, retries, records), are most of what a cached read costs:
``benchmarks.cached_read --without-copy``. Connecting, TLS, signing in, packing and parsing are the driver's.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as LostError
from redis.exceptions import RedisError, ResponseError

Asked = tuple[tuple[str, ...], asyncio.Future[Any]]  # a command, and who waits for its answer


class ReadLine:
    """Commands that change nothing, in rounds. A connection whose answers were not all read is closed."""

    def __init__(self, new_connection: Callable[[], AbstractConnection], seconds: float) -> None:
        """Take how to connect (nothing is yet), and how long a round may take; with connecting, twice that."""
        self._new = new_connection
        self._seconds = seconds
        self._line: AbstractConnection | None = None
        self._waiting: list[Asked] = []
        self._carrying: asyncio.Task[None] | None = None

    async def ask(self, *command: str) -> Any:
        """Send a command, return its answer. Raises what the driver raises; TimeoutError."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((command, answer))
        if self._carrying is None:
            self._carrying = asyncio.create_task(self._carry())
        return await answer

    async def close(self) -> None:
        """Let the connection go; who still waits is told that it is lost."""
        if self._carrying is not None:
            self._carrying.cancel()
            await asyncio.wait([self._carrying])
        await self._drop()

    async def _carry(self) -> None:
        """Go to and fro while there is anything to ask."""
        questions: list[Asked] = []
        try:
            while self._waiting:
                questions, self._waiting = self._waiting, []
                try:
                    await self._answered(questions)
                except (RedisError, OSError, TimeoutError) as error:
                    await self._drop()
                    _tell(questions, error)
        finally:
            self._carrying = None
            _tell([*questions, *self._waiting], LostError("The connection was closed."))
            self._waiting = []

    async def _answered(self, questions: list[Asked]) -> None:
        if self._line is not None:
            try:
                return await self._round(self._line, questions, self._seconds)
            except LostError:  # it idled while the server was restarted
                await self._drop()
        self._line = self._new()
        return await self._round(self._line, questions, 2 * self._seconds)

    async def _round(self, line: AbstractConnection, questions: list[Asked], seconds: float) -> None:
        open_yet = [one for one in questions if not one[1].done()]  # a caller that stopped waiting is done too
        async with asyncio.timeout(seconds):
            await line.send_packed_command(line.pack_commands([command for command, _ in open_yet]))
            for _, answer in open_yet:
                try:
                    reply = await line.read_response()
                except ResponseError as error:
                    _tell([((), answer)], error)
                else:
                    with contextlib.suppress(asyncio.InvalidStateError):  # its caller stopped waiting
                        answer.set_result(reply)

    async def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            await line.disconnect(nowait=True)


def _tell(questions: list[Asked], error: Exception) -> None:
    for _, answer in questions:
        if not answer.done():
            answer.set_exception(error)
