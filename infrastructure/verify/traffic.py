"""People who use the product, over HTTP and through Nginx: one journey from end to end, and steady readers."""

import asyncio
import collections
import contextlib
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

import httpx
from typing_extensions import override

from infrastructure.toolchain import ROOT

SALES: Final = (ROOT / "tests" / "data" / "sales.csv").read_bytes()
PASSWORD: Final = "correct horse battery"
READERS: Final = 4
PAUSE_SECONDS: Final = 0.02
SETTLED: Final = frozenset({"cached", "failed"})  # "processed" is followed by "cached" a moment later


class VerificationError(Exception):
    """The product did not do what it must."""


def expect(holds: object, what: str) -> None:
    """Raise VerificationError unless it holds."""
    if not holds:
        raise VerificationError(what)


@dataclass
class Tally:
    """What became of the requests of one phase."""

    answers: collections.Counter[str] = field(default_factory=collections.Counter)
    slowest: float = 0.0

    @property
    def failed(self) -> int:
        """Requests that were not answered, or by a failure of the server."""
        return sum(count for status, count in self.answers.items() if not status.startswith(("2", "3")))

    @override
    def __str__(self) -> str:
        listed = ", ".join(f"{count:,} x {status}" for status, count in sorted(self.answers.items()))
        return f"{self.answers.total():,} requests, {self.failed} failed ({listed}); slowest {self.slowest:.2f} s"


@contextlib.asynccontextmanager
async def user(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A signed-in user with an account of their own."""
    async with httpx.AsyncClient(base_url=url, timeout=120) as client:
        account = {"email": f"{uuid4().hex}@example.com", "password": PASSWORD}
        expect((await client.post("/api/auth/register", json=account)).status_code == HTTPStatus.CREATED, "register")
        answer = await client.post("/api/auth/login", json=account)
        client.headers["authorization"] = f"Bearer {answer.json()['accessToken']}"
        yield client


async def uploaded(client: httpx.AsyncClient, content: bytes = SALES, name: str = "sales.csv") -> str:
    """The identifier of a new dataset."""
    answer = await client.post("/api/datasets/upload", files={"file": (name, content)})
    expect(answer.status_code == HTTPStatus.OK, f"upload: {answer.status_code} {answer.text}")
    return str(answer.json()["datasetId"])


async def settled(client: httpx.AsyncClient, dataset_id: str, patience: float = 300) -> dict[str, Any]:
    """The dataset once it is through, or given up."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        with contextlib.suppress(httpx.HTTPError, KeyError):
            dataset: dict[str, Any] = (await client.get(f"/api/datasets/{dataset_id}")).json()
            if dataset["status"] in SETTLED:
                return dataset
        await asyncio.sleep(0.3)
    raise VerificationError(f"dataset {dataset_id} was not through within {patience:g} s")


async def journey(url: str) -> str:
    """From an account to a deleted dataset; what it saw, in a line."""
    async with user(url) as ada, user(url) as bob:
        dataset_id = await uploaded(ada)
        async with ada.stream("GET", f"/api/datasets/{dataset_id}/events") as events:
            lines = [line async for line in events.aiter_lines()]
        stages = [json.loads(line.removeprefix("data: "))["stage"] for line in lines if line.startswith("data: ")]
        expect(stages[-1] == "done", f"events: {stages}")
        dataset = await settled(ada, dataset_id)
        expect(dataset["status"] == "cached", f"dataset: {dataset}")
        at = f"/api/analytics/{dataset_id}"
        analysis = await ada.get(at, params={"metric": "revenue"})
        expect(analysis.status_code == HTTPStatus.OK, f"analysis: {analysis.text}")
        days = [anomaly["date"][:10] for anomaly in analysis.json()["anomalies"]]
        again = await ada.get(at, params={"metric": "revenue"}, headers={"if-none-match": analysis.headers["etag"]})
        expect(again.status_code == HTTPStatus.NOT_MODIFIED, f"ETag: {again.status_code}")
        request = {"datasetId": dataset_id, "metric": "revenue", "format": "pdf"}
        report = await ada.post("/api/reports/generate", json=request)
        expect(report.is_success, f"report: {report.text}")
        expect((await bob.get(f"/api/datasets/{dataset_id}")).status_code == HTTPStatus.NOT_FOUND, "another's dataset")
        deleted = await ada.delete(f"/api/datasets/{dataset_id}")
        expect(deleted.status_code == HTTPStatus.NO_CONTENT, "delete")
        return f"{len(stages)} events, X-Cache {analysis.headers['x-cache']}, anomalies on {', '.join(days)}, PDF"


@contextlib.asynccontextmanager
async def readers(client: httpx.AsyncClient, dataset_id: str) -> AsyncIterator[Tally]:
    """Keep reading and re-running analyses as long as the context lasts; count what came of it."""
    tally, stopping = Tally(), asyncio.Event()

    async def read(number: int) -> None:
        turn = number
        while not stopping.is_set():
            turn += 1
            begun = time.monotonic()
            tally.answers[await _one(client, dataset_id, turn)] += 1
            tally.slowest = max(tally.slowest, time.monotonic() - begun)
            await asyncio.sleep(PAUSE_SECONDS)

    tasks = [asyncio.create_task(read(number)) for number in range(READERS)]
    try:
        yield tally
    finally:
        stopping.set()
        await asyncio.gather(*tasks)


async def _one(client: httpx.AsyncClient, dataset_id: str, number: int) -> str:
    try:
        if number % 10 == 0:
            request = {"datasetId": dataset_id, "metric": "revenue"}
            answer = await client.post("/api/analytics/run", json=request)
        elif number % 2:
            answer = await client.get(f"/api/analytics/{dataset_id}", params={"metric": "revenue"})
        else:
            answer = await client.get("/api/datasets")
    except httpx.HTTPError as error:
        return type(error).__name__
    return str(answer.status_code)
