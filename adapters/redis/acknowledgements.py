"""Who said something waits until everybody has heard it."""

import asyncio
import contextlib
import time
from typing import Final

from adapters.redis.connection import RedisConnection
from adapters.redis.subscription import LEASE_SECONDS
from domain.errors import UnavailableError

MARGIN_SECONDS: Final = 0.1  # clocks of two machines run at the same speed to far better than 5 % of the lease
BLOCKED_SECONDS: Final = 0.1  # a blocking look, shorter than the connection waits for an answer
FORGOTTEN_SECONDS: Final = 10  # an acknowledgement that is not waited for any more


class RedisAcknowledgements:
    """A list in Redis per message, into which each listener puts one element.

    A listener that does not answer within the lease of ``RedisSubscription`` knows by then that it may have missed
    something, and trusts nothing it has at hand: so no caller waits longer than that for one that hangs.
    """

    def __init__(self, connection: RedisConnection) -> None:
        self._connection = connection
        self._giving: set[asyncio.Task[None]] = set()

    def give(self, name: str) -> None:
        """Say, soon, that the message of this name was heard and acted on."""
        task = asyncio.create_task(self._give(name))
        self._giving.add(task)
        task.add_done_callback(self._giving.discard)

    async def gathered(self, name: str, listeners: int) -> None:
        """Return when so many have heard the message, or those who have not know that they may be deaf."""
        end = time.monotonic() + LEASE_SECONDS + MARGIN_SECONDS
        while listeners > 0 and time.monotonic() < end:
            try:
                answer = await self._connection.call(lambda client: client.blpop([_key(name)], BLOCKED_SECONDS))
            except UnavailableError:
                await asyncio.sleep(BLOCKED_SECONDS)
                continue
            if answer is not None:
                listeners -= 1

    async def close(self) -> None:
        """Give up what was not yet said."""
        for task in list(self._giving):
            task.cancel()
        await asyncio.gather(*self._giving, return_exceptions=True)

    async def _give(self, name: str) -> None:
        with contextlib.suppress(UnavailableError):  # who waits does not wait for ever
            await self._connection.run("acknowledge", [_key(name)], [FORGOTTEN_SECONDS])


def _key(name: str) -> str:
    return f"analytics-heard:{name}"
