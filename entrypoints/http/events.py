"""Server-sent events (WHATWG HTML section 9.2): progress until it is done, heartbeats in between."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Final

import msgspec
from litestar.response import Stream

from domain.errors import NotFoundError
from domain.struct import Struct

# The standard suggests 15, for proxies close what is silent for 30 to 60; so soon an end is told whose news were lost.
HEARTBEAT_SECONDS: Final = 5.0
HEARTBEAT: Final = b": still here\n\n"
HEADERS: Final = {
    "cache-control": "no-cache",
    "x-accel-buffering": "no",  # Nginx would collect events before passing them on
}


Ended = Callable[[], Awaitable[Struct | None]]
Beside = Callable[[], Awaitable[Struct | None]]


def event_stream(
    watching: AbstractAsyncContextManager[AsyncIterator[Struct]],
    stopping: asyncio.Event,
    heartbeat: float = HEARTBEAT_SECONDS,
    ended: Ended | None = None,
    beside: Beside | None = None,
) -> Stream:
    """Answer with what ``watching`` yields, as long as it and the server last.

    Args:
        watching: the reports.
        stopping: set when the server is to stop.
        heartbeat: seconds of silence before something is sent.
        ended: asked at each heartbeat for the last report, if there will be no other: news may get lost.
        beside: asked at each heartbeat for something to report that no news tell.
    """
    content = _encoded(watching, stopping, heartbeat, ended or _never, beside or _never)
    return Stream(content, media_type="text/event-stream", headers=dict(HEADERS))


async def _never() -> None:
    return None


async def _encoded(
    watching: AbstractAsyncContextManager[AsyncIterator[Struct]],
    stopping: asyncio.Event,
    heartbeat: float,
    ended: Ended,
    beside: Beside,
) -> AsyncIterator[bytes]:
    async with watching as reports:
        stop = asyncio.ensure_future(stopping.wait())
        following = asyncio.ensure_future(anext(reports, None))
        try:
            while not stop.done():
                await asyncio.wait({following, stop}, timeout=heartbeat, return_when=asyncio.FIRST_COMPLETED)
                if not following.done():
                    yield HEARTBEAT
                    try:
                        last = await ended()
                    except NotFoundError:  # deleted meanwhile
                        return
                    if last is not None:
                        yield _event(last)
                        return
                    if (more := await beside()) is not None:
                        yield _event(more)
                    continue
                report = following.result()
                if report is None:
                    return
                yield _event(report)
                following = asyncio.ensure_future(anext(reports, None))
        finally:
            stop.cancel()
            following.cancel()
            await asyncio.gather(stop, following, return_exceptions=True)


def _event(report: Struct) -> bytes:
    return b"event: progress\ndata: " + msgspec.json.encode(report) + b"\n\n"
