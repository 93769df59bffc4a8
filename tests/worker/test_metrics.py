"""What a worker tells of itself: figures that add up, and an address to ask at."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from prometheus_client import CollectorRegistry

from domain.datasets.dataset import DataQuality, Status
from domain.errors import ConfigurationError, DriftlineError, UnavailableError
from domain.ports.system import Dependency
from domain.ports.work import Job, JobKind
from entrypoints.http.serve import free_port
from entrypoints.worker import listener
from entrypoints.worker.listener import listening
from entrypoints.worker.loop import WorkerLoop
from entrypoints.worker.metrics import CountedQueue, JobMetrics, QueueMetrics
from entrypoints.worker.sources import Delivery
from tests.support.builders import SALES, a_dataset
from tests.support.fakes import InMemoryDatasets


@dataclass
class OneJob(Delivery):
    job: Job
    attempt: int = 3  # the last one: what does not work out now is given up
    traceparent: str = ""

    async def done(self) -> None: ...
    async def again(self) -> None: ...
    async def bury(self, error: DriftlineError) -> None: ...


@dataclass
class Work:
    error: Exception | None = None
    in_hand: list[float | None] = field(default_factory=list)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    async def __call__(self, job: Job) -> None:
        self.in_hand.append(self.registry.get_sample_value("driftline_jobs_in_hand"))
        if self.error:
            raise self.error

    async def give_up(self, job: Job, error: DriftlineError) -> None: ...


async def test_jobs_rows_and_seconds_are_counted() -> None:
    quality = DataQuality(total_rows=10, usable_rows=7, rejected_rows=3)
    datasets = InMemoryDatasets({SALES: {1: a_dataset(status=Status.CACHED, quality=quality)}})
    work = Work()
    loop = JobMetrics(work.registry).watching(WorkerLoop(None, work, 1), datasets)  # type: ignore[arg-type] # no source
    await loop.settle(OneJob(Job(dataset_id=SALES, version=1)))
    await loop.settle(OneJob(Job(dataset_id=SALES, version=1, kind=JobKind.REPORT, report_id="r")))
    work.error = UnavailableError("away")
    await loop.settle(OneJob(Job(dataset_id=SALES, version=1)))
    told = work.registry.get_sample_value
    assert told("driftline_jobs_total", {"outcome": "done"}) == 2
    assert told("driftline_jobs_total", {"outcome": "failed"}) == 1
    assert told("driftline_jobs_total", {"outcome": "again"}) == 0
    assert (told("driftline_ingested_rows_total"), told("driftline_rejected_rows_total")) == (7, 3)
    assert told("driftline_job_seconds_count", {"kind": "dataset"}) == 2
    assert told("driftline_job_seconds_count", {"kind": "report"}) == 1
    assert (work.in_hand, told("driftline_jobs_in_hand")) == ([1, 1, 1], 0)


@dataclass
class Received:
    attempt: int
    sent_at: datetime | None
    body: str = ""
    receipt: str = ""


@dataclass
class Letters:
    waiting: list[Received]

    async def receive(self, hold: timedelta) -> Received | None:
        return self.waiting.pop() if self.waiting else None

    async def hide(self, receipt: str, hold: timedelta) -> None: ...
    async def delete(self, receipt: str) -> None: ...
    async def bury(self, receipt: str, body: str, reason: str) -> None: ...

    async def depth(self) -> dict[str, int]:
        return {"waiting": 4, "dead": 2}


async def test_messages_their_age_and_what_is_left_are_counted() -> None:
    registry = CollectorRegistry()
    sent = datetime.now(UTC) - timedelta(seconds=100)
    queue = CountedQueue(Letters([Received(1, sent), Received(2, sent), Received(1, None)]), QueueMetrics(registry))  # type: ignore[arg-type] # a stand-in
    hold = timedelta(seconds=3)
    while await queue.receive(hold):
        await queue.hide("", hold)
    await queue.delete("")
    await queue.bury("", "", "")
    await queue.depth()
    told = registry.get_sample_value
    for what, number in (("received", 3), ("deleted", 1), ("buried", 1)):
        assert told("driftline_queue_messages_total", {"what": what}) == number
    assert told("driftline_queue_wait_seconds_count") == 1  # a message that comes again has been worked on, not waited
    assert told("driftline_queue_wait_seconds_bucket", {"le": "60.0"}) == 0
    assert (told("driftline_queue_depth", {"state": "waiting"}), told("driftline_queue_depth", {"state": "dead"})) == (
        4,
        2,
    )
    contact = told("driftline_queue_last_contact_timestamp_seconds")
    assert contact is not None
    assert contact >= sent.timestamp() + 100


class Store(Dependency):
    name = "store"

    def __init__(self) -> None:
        self.away = False

    async def ping(self) -> None:
        if self.away:
            raise UnavailableError("It is away.")


@pytest.fixture
async def asked() -> AsyncIterator[tuple[httpx.AsyncClient, Store]]:
    registry, store = CollectorRegistry(), Store()
    JobMetrics(registry)

    async def refresh() -> None:
        await store.ping()

    async with (
        listening("127.0.0.1", 0, registry, (store,), refresh) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", verify=False) as client,
    ):
        yield client, store


async def test_address_of_a_worker_tells_metrics_and_health(asked: tuple[httpx.AsyncClient, Store]) -> None:
    client, store = asked
    assert (await client.get("/api/health/live")).json() == {"status": "live"}
    assert (await client.get("/api/health/ready")).json() == {"status": "ready", "dependencies": {"store": "ok"}}
    store.away = True
    answer = await client.get("/api/health/ready")
    assert (answer.status_code, answer.json()["dependencies"]) == (503, {"store": "It is away."})
    exposed = await client.get("/metrics")
    assert exposed.status_code == 200
    assert 'driftline_jobs_total{outcome="done"} 0.0' in exposed.text
    assert (await client.get("/elsewhere")).status_code == 404


async def test_worker_whose_loop_hangs_is_not_alive(
    asked: tuple[httpx.AsyncClient, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ = asked
    monkeypatch.setattr(listener, "ANSWER_SECONDS", 0.05)
    hung = asyncio.Event()

    async def never() -> listener.Answer:
        await hung.wait()
        return await listener._live()

    monkeypatch.setattr(listener, "_awaited", lambda _answer: never())
    assert (await client.get("/api/health/live")).status_code == 503


async def test_port_that_is_taken_is_named() -> None:
    port = free_port("127.0.0.1", 0)

    async def nothing() -> None: ...

    async with listening("127.0.0.1", port, CollectorRegistry(), (), nothing):
        with pytest.raises(ConfigurationError, match=str(port)):
            async with listening("127.0.0.1", port, CollectorRegistry(), (), nothing):
                pytest.fail("two listen at one port")
