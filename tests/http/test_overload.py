"""More than can be done is refused at once, and what is at hand is answered meanwhile."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from adapters.system import BoundedAdmission
from entrypoints.bootstrap.application import ANALYSES_AT_ONCE
from tests.support.served import dataset, problem, served, until


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
