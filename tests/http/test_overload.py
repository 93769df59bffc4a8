"""More than can be done is refused at once, and what is at hand is answered meanwhile."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from adapters.system import BoundedAdmission
from domain.datasets.dataset import Dataset
from domain.datasets.ingest_result import IngestResult
from entrypoints.bootstrap.application import ANALYSES_AT_ONCE
from tests.support.served import dataset, events, problem, served, settled, until, upload


async def test_more_analyses_than_may_wait_are_refused_and_cached_ones_are_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(tmp_path, waiting_requests=1) as server:
        ada = await server.user()
        made = await dataset(ada)
        path = f"/api/analytics/{made['id']}"
        ports, go_on = server.running.ports, asyncio.Event()
        admission, profile = ports.analyses_asked, ports.records.profile
        assert isinstance(admission, BoundedAdmission)

        async def slow(*asked: Any) -> Any:
            await go_on.wait()
            return await profile(*asked)

        monkeypatch.setattr(ports.records, "profile", slow)
        room = ANALYSES_AT_ONCE + 1
        tasks = [asyncio.create_task(ada.get(path, params={"sensitivity": f"0.{n}"})) for n in range(1, room + 1)]
        assert await until(lambda: admission._admitted == room)
        refused = await ada.get(path, params={"sensitivity": "0.9"})
        problem(refused, 503, "overloaded")
        assert refused.headers["retry-after"] == "5"
        assert (await ada.get(path)).headers["x-cache"] == "hit"
        go_on.set()
        assert [answer.status_code for answer in await asyncio.gather(*tasks)] == [200] * room
        assert (await ada.get(path, params={"sensitivity": "0.9"})).status_code == 200


async def test_a_burst_of_one_user_lets_another_user_go_second_and_each_is_told_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(tmp_path) as server:
        ada, bob = await server.user("ada@example.com"), await server.user("bob@example.com")
        ports, go_on, order = server.running.ports, asyncio.Event(), list[str]()
        store = ports.records.store

        async def slow(made: Dataset, report: IngestResult) -> None:
            order.append(made.id)
            await go_on.wait()
            await store(made, report)

        monkeypatch.setattr(ports.records, "store", slow)
        burst = [(await upload(ada)).json()["datasetId"] for _ in range(4)]
        assert await until(lambda: order == burst[:1])
        late = (await upload(bob)).json()["datasetId"]
        last = await anext(events(ada, burst[-1]))
        first = await anext(events(bob, late))
        assert (first["place"], last["place"]) == (2, 4)
        assert last["message"] == "Waiting: number 4 in the queue"
        go_on.set()
        assert (await settled(bob, late))["status"] == "cached"
        assert (await settled(ada, burst[-1]))["status"] == "cached"
        assert order.index(late) <= 2
