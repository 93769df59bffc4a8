"""One subscription per process, kept alive: it knows when it cannot hear."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any, Final

from redis.asyncio.client import PubSub
from redis.exceptions import ConnectionError as LostError
from redis.exceptions import RedisError

from adapters.redis.connection import RedisConnection

HEARTBEAT_SECONDS: Final = 0.5  # between questions whether one still hears
LEASE_SECONDS: Final = 2.0  # four heartbeats: who was not answered for so long may have missed something
SHORTEST_LOOK: Final = 0.01  # seconds: what came while the process was stopped is read before silence is believed
PAUSE_SECONDS: Final = 0.5  # between attempts to subscribe again


class RedisSubscription:
    """Hears all channels of a pattern and hands on what is said; comes back by itself when the server does.

    ``heard(channel, message)`` is called for each message, ``lost()`` when messages may be missed from now on,
    ``restored()`` when they are heard (again).

    Hearing is a lease (Gray & Cheriton, "Leases", SOSP 1989): the server answers in order, so the answer to a ping
    proves that all it said before was heard; from the moment the ping was *sent* the proof is good for
    ``LEASE_SECONDS``. A process that was stopped and goes on finds its lease run out, whatever waits in its socket.
    """

    def __init__(
        self,
        connection: RedisConnection,
        pattern: str,
        heard: Callable[[str, bytes], None],
        restored: Callable[[], None] = lambda: None,
        lost: Callable[[], None] = lambda: None,
    ) -> None:
        self._connection = connection
        self._pattern = pattern
        self._heard, self._restored, self._lost = heard, restored, lost
        self._live = asyncio.Event()
        self._proved = float("-inf")
        self._task: asyncio.Task[None] | None = None

    @property
    def is_live(self) -> bool:
        """Whether everything that was said until ``LEASE_SECONDS`` ago has been heard."""
        return self._live.is_set() and time.monotonic() - self._proved <= LEASE_SECONDS

    async def open(self) -> None:
        """Begin to subscribe; a server that is away is no error."""
        self._task = self._task or asyncio.create_task(self._listen())

    async def close(self) -> None:
        """Hear nothing more."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def until_live(self, seconds: float) -> bool:
        """Wait for the subscription to stand; False if it did not in time."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._live.wait(), seconds)
        return self.is_live

    async def _listen(self) -> None:
        # The plain protocol: pushed messages need no telling apart from answers on a connection that only listens.
        client = self._connection.new_client(protocol=2, socket_timeout=None)
        try:
            while True:
                with contextlib.suppress(RedisError, OSError, TimeoutError):
                    async with client.pubsub() as pubsub:
                        await self._hand_on(pubsub)
                self._deaf()
                await asyncio.sleep(PAUSE_SECONDS)
        finally:
            self._deaf()
            await client.aclose()

    async def _hand_on(self, pubsub: PubSub) -> None:
        self._proved = time.monotonic()
        await pubsub.psubscribe(self._pattern)
        next_ping = self._proved + HEARTBEAT_SECONDS
        while True:
            now = time.monotonic()
            if now >= next_ping:
                await pubsub.ping(str(now))
                next_ping = now + HEARTBEAT_SECONDS
            message = await pubsub.get_message(timeout=max(next_ping - now, SHORTEST_LOOK))
            if message is not None:
                self._take(message)
            elif time.monotonic() - self._proved > LEASE_SECONDS:
                raise LostError("no answer to a ping")

    def _take(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "psubscribe":
                self._live.set()
                self._restored()
            case "pmessage":
                self._heard(message["channel"].decode(), message["data"])
            case "pong":
                self._proved = float(message["data"])

    def _deaf(self) -> None:
        if self._live.is_set():
            self._live.clear()
            self._lost()
