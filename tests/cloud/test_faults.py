"""Workers killed at random points, and MongoDB restarted meanwhile."""

import asyncio
import random
import sysconfig
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from domain.dataset import Dataset, Status
from domain.errors import UnavailableError
from domain.ports import Datasets
from entrypoints.bootstrap.cloud import cloud
from entrypoints.bootstrap.settings import Settings
from tests.support.builders import ANN
from tests.support.cloud import cloud_settings, environment_of
from tests.support.served import DAILY
from tests.support.servers import mongo_uri_of, start_mongo
from tests.support.workshop import a_request, chunks_of

DRIFTLINE = Path(sysconfig.get_path("scripts")) / "driftline"
UPLOADS = 8
KILLS = 3
RANDOM = random.Random(11)


@asynccontextmanager
async def worker_process(settings: dict[str, Any], folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    log = folder / "worker.log"
    with log.open("ab") as written:
        process = await asyncio.create_subprocess_exec(
            DRIFTLINE, "worker", env=environment_of(settings), stdout=written, stderr=written, cwd=folder
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def done(datasets: Datasets, uploaded: list[Dataset]) -> int:
    try:
        found = [await datasets.find(dataset.id) for dataset in uploaded]
    except UnavailableError:
        return 0
    return sum(dataset is not None and dataset.status in {Status.CACHED, Status.FAILED} for dataset in found)


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(120):
        while not await true():  # noqa: ASYNC110 - what is waited for happens in other processes
            await asyncio.sleep(0.05)


@pytest.mark.slow
async def test_every_upload_is_processed_once_whoever_dies_meanwhile(tmp_path: Path, aws_keys: None) -> None:
    with start_mongo() as server:
        uri = mongo_uri_of(server).replace("/?", "/faults?")
        async with (
            cloud_settings(tmp_path, mongo_uri=uri, worker_hold_seconds=3) as settings,
            cloud(Settings(**settings)) as app,
        ):
            upload, datasets = app.use_cases.upload_dataset, app.ports.datasets
            uploaded = [await upload(ANN, None, chunks_of(DAILY), a_request()) for _ in range(UPLOADS)]

            async def more_than(number: int) -> bool:
                return await done(datasets, uploaded) > number

            for number in range(KILLS):
                async with worker_process(settings, tmp_path):
                    await until(partial(more_than, min(number * 2, UPLOADS - 1)))
                    await asyncio.sleep(RANDOM.uniform(0, 0.3))
                    if number == 1:
                        await asyncio.to_thread(server.restart)
            async with worker_process(settings, tmp_path):
                await until(partial(more_than, UPLOADS - 1))
            await _assert_whole(datasets, uploaded, settings)


async def _assert_whole(datasets: Datasets, uploaded: list[Dataset], settings: dict[str, Any]) -> None:
    from pymongo import AsyncMongoClient  # noqa: PLC0415 - one look behind the door

    for dataset in uploaded:
        found = await datasets.find(dataset.id)
        assert found is not None
        assert (found.status, found.version, found.row_count) == (Status.CACHED, 1, 84)
    async with AsyncMongoClient(settings["mongo_uri"]) as client:
        database = client.get_default_database()
        rows = await (
            await database["records"].aggregate([{"$group": {"_id": "$datasetId", "rows": {"$sum": "$rows"}}}])
        ).to_list()
        assert {one["_id"]: one["rows"] for one in rows} == {dataset.id: 84 for dataset in uploaded}
        assert await database["analytics"].count_documents({}) == UPLOADS
