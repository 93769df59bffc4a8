"""Beyond its limits the server answers at once, with a reason and a time to come back; health always answers."""

import asyncio
import json
from typing import Any

import pytest

from domain.errors import SlowSenderError
from entrypoints.http import request_limits
from entrypoints.http.request_limits import RequestLimits


class Held:
    """An app that answers when it is let go."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.received: list[Any] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] == "POST":
            self.received.append(await receive())
        if not scope["path"].startswith("/api/health"):
            await self.go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})


def scope_of(address: str, path: str = "/api/datasets", method: str = "GET") -> Any:
    return {"type": "http", "path": path, "method": method, "client": (address, 1), "headers": [], "state": {},
            "query_string": b""}  # fmt: skip


async def ask(app: Any, address: str, path: str = "/api/datasets") -> tuple[int, dict[str, str], dict[str, Any]]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        await asyncio.Event().wait()

    await app(scope_of(address, path), receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, json.loads(sent[1]["body"]) if len(sent) > 1 else {}


async def holding(app: Any, *addresses: str) -> list[asyncio.Task[Any]]:
    tasks = [asyncio.create_task(ask(app, address)) for address in addresses]
    await asyncio.sleep(0)
    return tasks


async def test_a_full_server_says_503_and_when_to_come_back_and_health_is_answered() -> None:
    held = Held()
    app = RequestLimits(held, in_all=3, per_address=2)
    tasks = await holding(app, "a", "a", "b")
    status, headers, body = await ask(app, "c")
    assert (status, headers["retry-after"], body["code"]) == (503, "5", "overloaded")
    assert (await ask(app, "c", "/api/health/live"))[0] == 200
    held.go_on.set()
    assert {answer[0] for answer in await asyncio.gather(*tasks)} == {200}
    assert (await ask(app, "c"))[0] == 200


async def test_one_address_cannot_take_it_all() -> None:
    held = Held()
    app = RequestLimits(held, in_all=3, per_address=2)
    tasks = await holding(app, "a", "a")
    status, headers, body = await ask(app, "a")
    assert (status, headers["retry-after"], body["code"]) == (429, "5", "rate_limited")
    tasks += await holding(app, "b")
    held.go_on.set()
    assert {answer[0] for answer in await asyncio.gather(*tasks)} == {200}


async def test_a_request_that_was_dropped_gives_its_place_back() -> None:
    app = RequestLimits(Held(), in_all=1, per_address=1)
    (task,) = await holding(app, "a")
    task.cancel()
    await asyncio.wait([task])
    (again,) = await holding(app, "a")
    assert not again.done()
    again.cancel()


async def test_a_body_that_stops_coming_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_limits, "SLOW_SECONDS", 0.01)

    async def never() -> Any:
        await asyncio.Event().wait()

    async def unheard(_message: Any) -> None: ...

    with pytest.raises(SlowSenderError):
        await RequestLimits(Held())(scope_of("a", method="POST"), never, unheard)
