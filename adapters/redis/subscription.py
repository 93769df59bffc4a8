"""One subscription per process, kept alive: it knows when it cannot hear."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

from redis.asyncio.client import PubSub
from redis.exceptions import ConnectionError as LostError
from redis.exceptions import RedisError

from adapters.redis.connection import RedisConnection

HEARTBEAT_SECONDS: Final = 1.0  # silence longer than two of these is taken for deafness
PAUSE_SECONDS: Final = 0.5  # between attempts to subscribe again


class RedisSubscription:
    """Hears all channels of a pattern and hands on what is said; comes back by itself when the server does.

    ``heard(channel, message)`` is called for each message, ``lost()`` when messages may be missed from now on,
    ``restored()`` when they are heard (again).
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
        self._task: asyncio.Task[None] | None = None

    @property
    def is_live(self) -> bool:
        """Whether everything that is said is heard, as far as one can know."""
        return self._live.is_set()

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
        await pubsub.psubscribe(self._pattern)
        asked = False
        while True:
            message = await pubsub.get_message(timeout=HEARTBEAT_SECONDS)
            if message is None:
                if asked:
                    raise LostError("no answer to a ping")
                await pubsub.ping()
                asked = True
                continue
            asked = False
            if message["type"] == "psubscribe":
                self._live.set()
                self._restored()
            elif message["type"] == "pmessage":
                self._heard(message["channel"].decode(), message["data"])

    def _deaf(self) -> None:
        if self.is_live:
            self._live.clear()
            self._lost()
