"""The whole product behind a real server on a free port, with clients that are signed in."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Litestar

from entrypoints.bootstrap.application import Application
from entrypoints.bootstrap.profiles import opened as opened_by_profile
from entrypoints.bootstrap.settings import Settings
from entrypoints.client.driftline import Driftline
from entrypoints.http.app import create_app
from entrypoints.http.serve import BACKLOG, allowed_connections, behind_proxies, free_port, options_of

PASSWORD = "correct horse battery"
SALES = (Path(__file__).parents[1] / "data" / "sales.csv").read_bytes()
DAILY = b"date,visits\n" + b"".join(
    b"2024-%02d-%02d,%d\n" % (m, d, 100 + d % 7) for m in (1, 2, 3) for d in range(1, 29)
)


@dataclass
class Served:
    """A running server."""

    url: str
    app: Litestar
    running: Application
    folder: Path
    _stack: AsyncExitStack = field(repr=False)

    async def client(self, **headers: str) -> httpx.AsyncClient:
        """A client without an account."""
        # No TLS here, and reading the machine's certificates for each client would take longer than its test.
        client = httpx.AsyncClient(base_url=self.url, headers=headers, timeout=60, verify=False)
        return await self._stack.enter_async_context(client)

    async def user(self, email: str = "ada@example.com") -> httpx.AsyncClient:
        """A signed-in client with an account of its own."""
        client = await self.client()
        account = {"email": email, "password": PASSWORD}
        assert (await client.post("/api/auth/register", json=account)).status_code == 201
        answer = await client.post("/api/auth/login", json=account)
        client.headers["authorization"] = f"Bearer {answer.json()['accessToken']}"
        return client

    def blobs(self) -> list[str]:
        """Every file that is kept or left behind, as paths in the data folder."""
        return sorted(
            str(path.relative_to(self.folder))
            for part in ("blobs", "scratch", "records")
            for path in (self.folder / part).rglob("*")
            if path.is_file()
        )


@asynccontextmanager
async def served(folder: Path, **changes: Any) -> AsyncIterator[Served]:
    """Serve over an empty data folder; ``changes`` are settings."""
    given = {
        "data_dir": folder,
        "bcrypt_cost": 4,
        "registrations_per_address": 10_000,
        "login_attempts_per_address": 10_000,
        "frontend_dir": folder / "frontend",
        "processing_memory": "256MB",
    }
    settings = Settings(**(given | changes))
    port = free_port("127.0.0.1", 0)
    async with AsyncExitStack() as stack:
        app_context = opened_by_profile(settings)
        running = await stack.enter_async_context(app_context)

        @asynccontextmanager
        async def opened() -> AsyncIterator[Application]:
            yield running

        app = create_app(opened, options_of(settings))
        target = behind_proxies(app, settings.trusted_proxies)
        server = Server(
            target,
            port=port,
            interface=Interfaces.ASGI,
            backlog=BACKLOG,
            backpressure=allowed_connections(),  # Granian's own 128 are used up by connections that broke off
            websockets=False,
            log_enabled=False,
        )
        serving = asyncio.create_task(server.serve())
        stack.push_async_callback(_stop, server, serving, app)
        await app.state.started.wait()
        yield Served(f"http://127.0.0.1:{port}", app, running, folder, stack)


async def _stop(server: Server, serving: asyncio.Task[None], app: Litestar) -> None:
    app.state.stopping.set()
    server.stop()
    await asyncio.wait_for(serving, 30)
    await asyncio.sleep(0.1)  # Granian's threads end after it says so, and abort if the interpreter ends first


def signed_up(server: Served, email: str, **http: Any) -> Driftline:
    """Our own client with an account of its own. It is synchronous: call it in a thread, the server is in the loop."""
    return Driftline(server.url, email, PASSWORD, register=True, pause=0.05, verify=False, **http)


async def upload(
    client: httpx.AsyncClient, content: bytes = SALES, name: str = "sales.csv", **fields: Any
) -> httpx.Response:
    """Upload a file, fields first."""
    return await client.post("/api/datasets/upload", data=fields, files={"file": (name, content)})


async def settled(client: httpx.AsyncClient, dataset_id: str) -> dict[str, Any]:
    """Follow a dataset until it is done or failed; return it."""
    async for _ in events(client, dataset_id):
        pass
    answer: dict[str, Any] = (await client.get(f"/api/datasets/{dataset_id}")).json()
    return answer


async def dataset(
    client: httpx.AsyncClient, content: bytes = SALES, name: str = "sales.csv", **fields: Any
) -> dict[str, Any]:
    """Upload a file and wait until it is processed."""
    answer = await upload(client, content, name, **fields)
    assert answer.status_code == 200, answer.text
    return await settled(client, answer.json()["datasetId"])


async def events(client: httpx.AsyncClient, dataset_id: str, **asked: Any) -> AsyncIterator[dict[str, Any]]:
    """The data of each server-sent event."""
    async with client.stream("GET", f"/api/datasets/{dataset_id}/events", params=asked) as answer:
        assert answer.status_code == 200
        async for line in answer.aiter_lines():
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem an answer holds; it must be one, of this status and code, in full."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["code"] == code, body
    assert body["status"] == status
    assert body["type"] == f"urn:driftline:problem:{code}"
    assert body["requestId"] == answer.headers["x-request-id"]
    assert body["title"]
    assert len(body["detail"]) > 10
    assert body["instance"] == answer.request.url.path
    return body


async def until(true: Callable[[], bool], seconds: float = 10) -> bool:
    """Wait for something to become true; False if it does not."""
    for _ in range(int(seconds / 0.02)):
        if true():
            return True
        await asyncio.sleep(0.02)
    return False


async def until_async(true: Callable[[], Awaitable[bool]], seconds: float = 30) -> bool:
    """As ``until``, for something one has to wait for."""
    for _ in range(int(seconds / 0.05)):
        if await true():
            return True
        await asyncio.sleep(0.05)
    return False
