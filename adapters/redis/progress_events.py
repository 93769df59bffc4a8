"""Progress reports between processes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import msgspec
from typing_extensions import override

from adapters.redis.connection import RedisConnection
from adapters.redis.subscription import RedisSubscription
from domain.datasets.progress import Progress
from domain.errors import UnavailableError
from domain.ports.work import ProgressEvents

REMEMBERED: Final = timedelta(hours=1)  # processing takes minutes; who comes later asks the dataset itself
MAX_UNHEARD: Final = 64  # reports kept for a slow listener; then the oldest go, for the newest matters
SUBSCRIBE_SECONDS: Final = 1.0  # a listener waits no longer for the subscription: news are best effort
_PREFIX: Final = "news:"

_Numbered = tuple[int, Progress]
_Box = asyncio.Queue[_Numbered | None]


class RedisProgressEvents(ProgressEvents):
    """Publish and subscribe, one subscription for the whole process.

    The last report of each dataset is kept for an hour. Reports are numbered by the server, so that a listener
    who gets one twice (remembered and heard) tells it once. After an outage listeners get the last report again.
    """

    def __init__(self, connection: RedisConnection) -> None:
        self._connection = connection
        self._subscription = RedisSubscription(connection, f"{_PREFIX}*", self._hear, self._catch_up)
        self._listeners: dict[str, set[_Box]] = {}
        self._catching_up: set[asyncio.Task[None]] = set()
        self._closed = False

    async def open(self) -> None:
        """Begin to subscribe; a server that is away is no error."""
        await self._subscription.open()

    async def close(self) -> None:
        """End every listener's iteration."""
        self._closed = True
        await self._subscription.close()
        for task in self._catching_up:
            task.cancel()
        for box in [box for boxes in self._listeners.values() for box in boxes]:
            _drop_in(box, None)

    @override
    async def publish(self, progress: Progress) -> None:
        channel = f"{_PREFIX}{progress.dataset_id}"
        lifetime = int(REMEMBERED.total_seconds())
        with contextlib.suppress(UnavailableError):  # best effort: the dataset's own state is what counts
            await self._connection.run(
                "publish", [f"last-{channel}"], [msgspec.json.encode(progress), progress.version, lifetime, channel]
            )

    @override
    @asynccontextmanager
    async def listen(self, dataset_id: str) -> AsyncIterator[AsyncIterator[Progress]]:
        box: _Box = asyncio.Queue(MAX_UNHEARD)
        if self._closed:
            _drop_in(box, None)
        self._listeners.setdefault(dataset_id, set()).add(box)
        try:
            await self._subscription.until_live(SUBSCRIBE_SECONDS)
            yield _reports(box, await self._last(dataset_id))
        finally:
            listeners = self._listeners[dataset_id]
            listeners.discard(box)
            if not listeners:
                del self._listeners[dataset_id]

    def _hear(self, channel: str, message: bytes) -> None:
        number, _, report = message.partition(b" ")
        numbered = _numbered(number, report)
        if numbered is not None:
            for box in self._listeners.get(channel.removeprefix(_PREFIX), ()):
                _drop_in(box, numbered)

    def _catch_up(self) -> None:
        for dataset_id in self._listeners:
            task = asyncio.create_task(self._tell_last(dataset_id))
            self._catching_up.add(task)
            task.add_done_callback(self._catching_up.discard)

    async def _tell_last(self, dataset_id: str) -> None:
        last = await self._last(dataset_id)
        for box in self._listeners.get(dataset_id, ()):
            if last is not None:
                _drop_in(box, last)

    async def _last(self, dataset_id: str) -> _Numbered | None:
        try:
            number, report = await self._connection.call(
                lambda client: client.hmget(f"last-{_PREFIX}{dataset_id}", ["at", "report"])
            )
        except UnavailableError:
            return None
        return None if number is None or report is None else _numbered(number, report)


def _drop_in(box: _Box, report: _Numbered | None) -> None:
    if box.full():
        box.get_nowait()
    box.put_nowait(report)


def _numbered(number: bytes, report: bytes) -> _Numbered | None:
    try:
        return int(number), msgspec.json.decode(report, type=Progress)
    except (ValueError, msgspec.MsgspecError):
        return None  # of another release: the dataset's own state is what counts


async def _reports(box: _Box, last: _Numbered | None) -> AsyncIterator[Progress]:
    last_number = 0
    if last is not None:
        last_number = last[0]
        yield last[1]
    while (numbered := await box.get()) is not None:
        if numbered[0] > last_number:
            last_number = numbered[0]
            yield numbered[1]
