"""Three API processes over one cloud: what one has acknowledged, none of them answers otherwise afterwards."""

import asyncio
import sysconfig
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.cloud import cloud_settings, environment_of, working
from tests.support.served import PASSWORD, dataset
from tests.support.server_process import Server, free_port

DRIFTLINE = Path(sysconfig.get_path("scripts")) / "driftline"
PROCESSES = 3
ROUNDS = 12
ANOMALY = "2024-01-03"  # of tests/data/sales.csv
ACCOUNT = {"email": "ada@example.com", "password": PASSWORD}


def api_process(settings: dict[str, Any]) -> Server:
    """``driftline serve`` as a process of its own."""
    port, folder = free_port(), Path(tempfile.mkdtemp(prefix="driftline-api-"))

    def ready() -> None:
        httpx.get(f"http://127.0.0.1:{port}/api/health/ready", verify=False).raise_for_status()

    variables = environment_of(settings | {"port": port, "host": "127.0.0.1", "data_dir": folder})
    return Server("driftline serve", [DRIFTLINE, "serve"], port=port, folder=folder, ready=ready, variables=variables)


class Team:
    """Three processes, and one signed-in client of each."""

    def __init__(self, processes: list[Server], clients: list[httpx.AsyncClient], dataset_id: str) -> None:
        self.processes, self._clients, self._path = processes, clients, f"/api/analytics/{dataset_id}"

    async def verdict(self, process: int) -> tuple[str | None, str]:
        """The verdict on the anomaly as a process shows it, and whether it was at hand."""
        answer = await self._clients[process].get(self._path, params={"metric": "revenue"})
        assert answer.status_code == 200, answer.text
        [found] = [one for one in answer.json()["anomalies"] if one["date"] == ANOMALY]
        return found["reason"], answer.headers["x-cache"]

    async def say(self, process: int, reason: str) -> None:
        """Give the anomaly a reason, through one process, and wait until that is acknowledged."""
        body = {"metric": "revenue", "date": ANOMALY, "verdict": "expected", "reason": reason}
        answer = await self._clients[process].put(f"{self._path}/verdicts", json=body)
        assert answer.status_code == 200, answer.text

    async def warm(self) -> None:
        """Have every process hold the body near at hand."""
        for process in range(PROCESSES):
            for _ in range(2):
                await self.verdict(process)


@asynccontextmanager
async def signed_in(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", timeout=60, verify=False) as client:
        await client.post("/api/auth/register", json=ACCOUNT)
        token = (await client.post("/api/auth/login", json=ACCOUNT)).json()["accessToken"]
        client.headers["authorization"] = f"Bearer {token}"
        yield client


@pytest.fixture(scope="module")
async def team(tmp_path_factory: pytest.TempPathFactory, aws_keys: None) -> AsyncIterator[Team]:
    async with AsyncExitStack() as stack:
        settings = await stack.enter_async_context(cloud_settings(tmp_path_factory.mktemp("cloud")))
        servers = [stack.enter_context(api_process(settings)) for _ in range(PROCESSES)]
        await asyncio.gather(*(asyncio.to_thread(server.start) for server in servers))
        clients = [await stack.enter_async_context(signed_in(server)) for server in servers]
        async with working(settings):
            made = await dataset(clients[0], timeColumn="date")
        assert made["status"] == "cached", made
        yield Team(servers, clients, made["id"])


async def test_no_read_after_an_acknowledged_change_is_stale_on_any_process(team: Team) -> None:
    for number in range(ROUNDS):
        await team.warm()
        said = f"reason {number}"
        await team.say(number % PROCESSES, said)
        shown = await asyncio.gather(*(team.verdict(process) for process in range(PROCESSES)))
        assert [reason for reason, _ in shown] == [said] * PROCESSES
    await team.warm()
    assert [(await team.verdict(process))[1] for process in range(PROCESSES)] == ["hit"] * PROCESSES


async def test_process_that_hung_during_a_change_is_not_stale_when_it_goes_on(team: Team) -> None:
    await team.warm()
    team.processes[1].pause()
    try:
        await team.say(0, "while one hung")
    finally:
        team.processes[1].resume()
    assert (await team.verdict(1))[0] == "while one hung"


async def test_process_that_died_holds_no_change_up(team: Team) -> None:
    await team.warm()
    team.processes[2].kill9()
    await team.say(0, "after one died")
    assert (await team.verdict(1))[0] == "after one died"
