"""Server-sent events (WHATWG HTML section 9.2): progress until it is done, heartbeats in between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Final

import msgspec
from litestar.response import Stream

from domain.value import Value

HEARTBEAT_SECONDS: Final = 15.0  # what the standard suggests: proxies close what is silent for 30 to 60 seconds
HEARTBEAT: Final = b": still here\n\n"
HEADERS: Final = {
    "cache-control": "no-cache",
    "x-accel-buffering": "no",  # Nginx would collect events before passing them on
}


def event_stream(
    watching: AbstractAsyncContextManager[AsyncIterator[Value]],
    stopping: asyncio.Event,
    heartbeat: float = HEARTBEAT_SECONDS,
) -> Stream:
    """Answer with what ``watching`` yields, as long as it and the server last."""
    return Stream(_encoded(watching, stopping, heartbeat), media_type="text/event-stream", headers=dict(HEADERS))


async def _encoded(
    watching: AbstractAsyncContextManager[AsyncIterator[Value]], stopping: asyncio.Event, heartbeat: float
) -> AsyncIterator[bytes]:
    async with watching as reports:
        stop = asyncio.ensure_future(stopping.wait())
        following = asyncio.ensure_future(anext(reports, None))
        try:
            while not stop.done():
                await asyncio.wait({following, stop}, timeout=heartbeat, return_when=asyncio.FIRST_COMPLETED)
                if not following.done():
                    yield HEARTBEAT
                    continue
                report = following.result()
                if report is None:
                    return
                yield b"event: progress\ndata: " + msgspec.json.encode(report) + b"\n\n"
                following = asyncio.ensure_future(anext(reports, None))
        finally:
            stop.cancel()
            following.cancel()
            await asyncio.gather(stop, following, return_exceptions=True)
