"""Server-sent events: the state first, then every step, an end, heartbeats, and no listener left behind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import httpx
import msgspec
from litestar.response import Stream

from domain.datasets.dataset import Status
from domain.datasets.progress import Progress, Stage, waiting_at
from entrypoints.http.events import HEARTBEAT, event_stream
from tests.support.served import SALES, Served, dataset, events, upload


async def test_following_an_upload_ends_with_done(ada: httpx.AsyncClient) -> None:
    made = (await upload(ada)).json()
    seen = [event async for event in events(ada, made["datasetId"])]
    assert seen[-1]["stage"] == "done"
    assert seen[-1]["status"] == "cached"
    assert seen[-1]["fraction"] == 1
    fractions = [event["fraction"] for event in seen]
    assert fractions == sorted(fractions)
    assert all(event["datasetId"] == made["datasetId"] and event["message"] for event in seen)


async def test_a_failure_ends_the_stream_with_its_reason(ada: httpx.AsyncClient) -> None:
    made = (await upload(ada, b"date,revenue\n")).json()
    last = [event async for event in events(ada, made["datasetId"])][-1]
    assert (last["stage"], last["status"], last["code"]) == ("done", "failed", "no_data_rows")


async def test_whoever_comes_late_gets_the_last_state_at_once(ada: httpx.AsyncClient) -> None:
    made = await dataset(ada)
    assert [event["stage"] async for event in events(ada, made["id"])] == ["done"]


async def test_the_stream_asks_proxies_to_pass_it_on_at_once(ada: httpx.AsyncClient) -> None:
    made = await dataset(ada)
    answer = await ada.get(f"/api/datasets/{made['id']}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-accel-buffering"] == "no"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.text.startswith("event: progress\ndata: {")


def sent(stream: Stream) -> AsyncIterator[bytes]:
    """What it sends: for Litestar that may be text too, and more kinds of iterators."""
    return cast("AsyncIterator[bytes]", stream.iterator)


async def test_silence_is_filled_with_heartbeats_until_the_server_stops() -> None:
    stopping, left = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def watching() -> AsyncIterator[AsyncIterator[Progress]]:
        yield silent()
        left.set()

    async def silent() -> AsyncIterator[Progress]:
        yield Progress(
            dataset_id="d", version=1, status=Status.PROCESSING, stage=Stage.READING, fraction=0.1, message="Reading"
        )
        await asyncio.Event().wait()

    stream = event_stream(watching(), stopping, heartbeat=0.01)
    seen: list[bytes] = []
    async for chunk in sent(stream):
        seen.append(chunk)
        if len(seen) == 3:
            stopping.set()
    assert seen[0].startswith(b"event: progress\n")
    assert set(seen[1:]) == {HEARTBEAT}
    assert left.is_set()


async def test_end_whose_news_were_lost_is_told_all_the_same() -> None:
    reading = Progress(
        dataset_id="d", version=1, status=Status.PROCESSING, stage=Stage.READING, fraction=0.1, message="Reading"
    )
    looks: list[Progress | None] = [None, msgspec.structs.replace(reading, stage=Stage.DONE, status=Status.CACHED)]

    @asynccontextmanager
    async def watching() -> AsyncIterator[AsyncIterator[Progress]]:
        yield silent()

    async def silent() -> AsyncIterator[Progress]:
        yield reading
        await asyncio.Event().wait()

    async def ended() -> Progress | None:
        return looks.pop(0)

    stream = event_stream(watching(), asyncio.Event(), heartbeat=0.01, ended=ended)
    seen = [chunk async for chunk in sent(stream)]
    assert [chunk.partition(b"\n")[0] for chunk in seen] == [
        b"event: progress", b": still here", b": still here", b"event: progress",
    ]  # fmt: skip
    assert b'"stage":"done"' in seen[-1]


async def test_a_place_in_the_queue_is_told_at_each_heartbeat() -> None:
    stored = Progress(
        dataset_id="d", version=1, status=Status.UPLOADED, stage=Stage.STORING, fraction=0.02, message="Stored"
    )

    @asynccontextmanager
    async def watching() -> AsyncIterator[AsyncIterator[Progress]]:
        yield silent()

    async def silent() -> AsyncIterator[Progress]:
        yield stored
        await asyncio.Event().wait()

    places = iter((3, 2, 1))

    async def beside() -> Progress | None:
        place = next(places, None)
        return None if place is None else waiting_at(stored, place)

    async for chunk in sent(event_stream(watching(), asyncio.Event(), heartbeat=0.01, beside=beside)):
        if b'"place":1' in chunk:
            assert b"it is the next file" in chunk
            break


async def test_hanging_up_ends_the_listening(server: Served, ada: httpx.AsyncClient) -> None:
    made = (await upload(ada, SALES)).json()
    before = len(asyncio.all_tasks())
    async with ada.stream("GET", f"/api/datasets/{made['datasetId']}/events") as answer:
        assert answer.status_code == 200
    for _ in range(500):
        if len(asyncio.all_tasks()) <= before:
            break
        await asyncio.sleep(0.02)
    assert len(asyncio.all_tasks()) <= before
