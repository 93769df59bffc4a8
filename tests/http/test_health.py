"""Alive, ready, counted."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from domain.errors import UnavailableError
from entrypoints.http.context import AppState
from entrypoints.http.handlers import health
from tests.support.served import Served, dataset, served, until


@dataclass
class Store:
    name: str
    error: Exception | None = None
    hangs: bool = False
    asked: int = 0

    async def ping(self) -> None:
        self.asked += 1
        if self.hangs:
            await asyncio.sleep(60)
        if self.error:
            raise self.error


def state_with(*stores: Store) -> AppState:
    running = SimpleNamespace(ports=SimpleNamespace(dependencies=stores))
    return AppState({"running": running, "working": None, "readiness": None})


async def test_alive_and_ready_with_each_dependency_by_name(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get("/api/health/live")).json() == {"status": "live"}
    ready = await anonymous.get("/api/health/ready")
    assert ready.status_code == 200
    assert ready.json()["status"] == "ready"
    assert set(ready.json()["dependencies"].values()) == {"ok"}
    assert {"sqlite", "worker"} <= set(ready.json()["dependencies"])


async def test_a_worker_that_stopped_makes_the_server_not_ready() -> None:
    state = state_with(Store("good"))
    state.working = asyncio.create_task(asyncio.sleep(0))  # type: ignore[assignment]
    await state.working
    readiness = await health.readiness_of(state)
    assert (readiness.status, readiness.dependencies["good"]) == ("unavailable", "ok")
    assert "stopped" in readiness.dependencies["worker"]


async def test_being_ready_is_remembered_for_a_moment(server: Served) -> None:
    await (await server.client()).get("/api/health/ready")
    assert server.app.state.readiness[1].status == "ready"


async def test_a_dependency_that_fails_hangs_or_breaks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entrypoints.readiness.PING_SECONDS", 0.01)
    stores = (
        Store("good"),
        Store("down", UnavailableError("Connection refused.", dependency="down")),
        Store("slow", hangs=True),
        Store("odd", RuntimeError("password=hunter2")),
    )
    readiness = await health.readiness_of(state_with(*stores))
    assert readiness.status == "unavailable"
    assert readiness.dependencies["good"] == "ok"
    assert readiness.dependencies["down"] == "Connection refused."
    assert "no answer" in readiness.dependencies["slow"]
    assert "hunter2" not in str(readiness)


async def test_asking_often_asks_the_stores_once_a_moment() -> None:
    store = Store("good")
    state = state_with(store)
    for _ in range(10):
        await health.readiness_of(state)
    assert store.asked == 1


async def test_requests_rows_and_cache_reads_are_counted(tmp_path: Path) -> None:
    async with served(tmp_path) as server:
        ada = await server.user()
        made = await dataset(ada)
        await ada.get(f"/api/analytics/{made['id']}?metric=revenue")
        await ada.get(f"/api/analytics/{made['id']}?metric=revenue&sensitivity=0.9")
        await until(lambda: server.app.state.metrics.registry.get_sample_value("driftline_ingested_rows_total") == 7)
        text = (await ada.get("/metrics")).text
    assert 'driftline_jobs_total{outcome="done"} 1.0' in text
    assert "driftline_ingested_rows_total 7.0" in text
    assert "driftline_rejected_rows_total 0.0" in text
    assert 'driftline_analysis_cache_total{outcome="hit"} 1.0' in text
    assert 'driftline_analysis_cache_total{outcome="miss"} 1.0' in text
    assert 'route="/api/analytics/{dataset_id}"' in text
    assert made["id"] not in text
    assert "driftline_http_request_duration_seconds_bucket" in text
