"""A worker process that is told to stop with work in hand: it finishes, hands back, or leaves at once."""

import asyncio
import json
import signal
import sysconfig
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
from pymongo import AsyncMongoClient

from domain.datasets.dataset import Dataset, Status
from entrypoints.bootstrap.application import Application
from entrypoints.bootstrap.cloud import cloud
from entrypoints.bootstrap.settings import Settings
from tests.support.aws_stores import aws_client
from tests.support.builders import ANN
from tests.support.cloud import cloud_settings, environment_of
from tests.support.served import DAILY, until, until_async
from tests.support.servers import aws_endpoint, mongo_uri
from tests.support.workshop import a_request, chunks_of

DRIFTLINE = Path(sysconfig.get_path("scripts")) / "driftline"
SLOW = "slow-worker"  # MongoDB delays the worker of this name only
FOR_EVER_MS = 120_000
AtWork = tuple[Application, Dataset, asyncio.subprocess.Process]


@asynccontextmanager
async def slowed(milliseconds: int) -> AsyncIterator[None]:
    """Every insert of the slow worker takes so long: the rows of its dataset, in the middle of its work."""
    data = {"failCommands": ["insert"], "blockConnection": True, "blockTimeMS": milliseconds, "appName": SLOW}
    async with AsyncMongoClient(mongo_uri()) as client:
        await client.admin.command("configureFailPoint", "failCommand", mode="alwaysOn", data=data)
        try:
            yield
        finally:
            await client.admin.command("configureFailPoint", "failCommand", mode="off")


@asynccontextmanager
async def at_work(
    folder: Path, **changes: Any
) -> AsyncIterator[tuple[Application, Dataset, asyncio.subprocess.Process]]:
    """A worker process in the middle of a dataset."""
    async with (
        cloud_settings(folder, worker_hold_seconds=600, **changes) as settings,
        cloud(Settings(**settings)) as app,
    ):
        dataset = await app.use_cases.upload_dataset(ANN, None, chunks_of(DAILY), a_request())
        slow = settings | {"mongo_uri": f"{settings['mongo_uri']}&appName={SLOW}"}
        log = folder / "log"
        with log.open("wb") as written:
            process = await asyncio.create_subprocess_exec(
                DRIFTLINE, "worker", env=environment_of(slow), stdout=written, stderr=written, cwd=folder
            )
        try:

            async def is_in_hand() -> bool:
                assert process.returncode is None, log.read_text()
                found = await app.ports.datasets.find(dataset.id)
                return found is not None and found.status is Status.PROCESSING

            assert await until_async(is_in_hand, 60)
            yield app, dataset, process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def ended(process: asyncio.subprocess.Process) -> int:
    async with asyncio.timeout(60):
        return await process.wait()


async def waiting(app: Application) -> list[str]:
    """The keys of the messages that can be received at once, and are then hidden."""
    async with aws_client("sqs", aws_endpoint()) as sqs:
        answer = await sqs.receive_message(
            QueueUrl=app.settings.sqs_queue_url, MaxNumberOfMessages=10, VisibilityTimeout=600
        )
    records = [record for one in answer.get("Messages", ()) for record in json.loads(one["Body"])["Records"]]
    return [unquote_plus(record["s3"]["object"]["key"]) for record in records]


async def test_worker_that_is_stopped_finishes_what_it_has_in_hand(tmp_path: Path, aws_keys: None) -> None:
    async with slowed(1_000), at_work(tmp_path, worker_patience_seconds=300) as (app, dataset, process):
        process.send_signal(signal.SIGTERM)
        assert await ended(process) == 0, (tmp_path / "log").read_text()
        found = await app.ports.datasets.find(dataset.id)
        assert found is not None
        assert found.status is Status.CACHED
        assert dataset.source_key not in await waiting(app)


async def test_worker_that_cannot_finish_in_time_hands_back_and_another_takes_over_at_once(
    tmp_path: Path, aws_keys: None
) -> None:
    async with slowed(FOR_EVER_MS), at_work(tmp_path, worker_patience_seconds=0) as (app, dataset, process):
        assert dataset.source_key not in await waiting(app)
        process.send_signal(signal.SIGTERM)
        assert await ended(process) == 0
        assert b"handed_back=1" in (tmp_path / "log").read_bytes()
        await _assert_free(app, dataset)


async def test_second_signal_ends_a_worker_at_once_and_hands_back_all_the_same(tmp_path: Path, aws_keys: None) -> None:
    async with slowed(FOR_EVER_MS), at_work(tmp_path, worker_patience_seconds=300) as (app, dataset, process):
        log = tmp_path / "log"
        process.send_signal(signal.SIGTERM)
        assert await until(lambda: b"worker_stopping" in log.read_bytes(), 60)
        process.send_signal(signal.SIGTERM)
        assert await ended(process) == 128 + signal.SIGTERM
        assert b"worker_leaves_at_once" in log.read_bytes()
        await _assert_free(app, dataset)


async def _assert_free(app: Application, dataset: Dataset) -> None:
    """Message and claim can be had at once, though they are held for ten minutes at a time."""
    assert dataset.source_key in await waiting(app)
    async with AsyncMongoClient(app.settings.mongo_uri) as client:
        (claim,) = await client.get_default_database()["claims"].find({"done": False}).to_list()
    assert claim["_id"].startswith(dataset.source_key)
    assert claim["until"].year == 1970


@pytest.fixture(autouse=True)
def _plain_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
