"""Workers killed at random points of fifty uploads, MongoDB restarted meanwhile, everything delivered twice."""

import asyncio
import random
import sysconfig
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from domain.datasets.dataset import Dataset, Status
from domain.errors import UnavailableError
from domain.ports.datasets import Datasets
from entrypoints.bootstrap.application import Application
from entrypoints.bootstrap.cloud import cloud
from entrypoints.bootstrap.settings import Settings
from tests.support.aws_stores import aws_client
from tests.support.builders import ANN
from tests.support.cloud import cloud_settings, environment_of
from tests.support.served import DAILY
from tests.support.servers import aws_endpoint, mongo_uri_of, start_mongo
from tests.support.workshop import a_request, chunks_of
from tests.worker.test_events import message as s3_message
from tests.worker.test_events import s3_event

DRIFTLINE = Path(sysconfig.get_path("scripts")) / "driftline"
UPLOADS = 50
AT_ONCE = 10
KILLS = 3
FILES_EACH = 3  # source, rejects, points
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


async def done(datasets: Datasets) -> int:
    try:
        # One question for all of them: fifty at a time, twenty times a second, would be most of the work there is.
        found = (await datasets.list(ANN, UPLOADS, 0)).items
    except UnavailableError:
        return 0
    return sum(dataset.status in {Status.CACHED, Status.FAILED} for dataset in found)


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(240):
        while not await true():  # noqa: ASYNC110 - what is waited for happens in other processes
            await asyncio.sleep(0.1)


@pytest.mark.slow
async def test_every_upload_is_processed_once_whoever_dies_meanwhile(tmp_path: Path, aws_keys: None) -> None:
    with start_mongo() as server:
        uri = mongo_uri_of(server).replace("/?", "/faults?")
        async with (
            cloud_settings(tmp_path, mongo_uri=uri, worker_hold_seconds=3) as settings,
            cloud(Settings(**settings)) as app,
        ):
            datasets = app.ports.datasets
            uploaded = await uploads(app)

            async def at_least(number: int) -> bool:
                return await done(datasets) >= number

            for number in range(KILLS):
                async with worker_process(settings, tmp_path):
                    await until(partial(at_least, number * UPLOADS // (KILLS + 1) + 1))
                    if number == 1:
                        await asyncio.to_thread(server.restart)
                    if number == KILLS // 2:
                        await deliver_again(settings, uploaded)
                    await asyncio.sleep(RANDOM.uniform(0, 0.3))
            async with worker_process(settings, tmp_path):
                await until(partial(at_least, UPLOADS))
                await until(partial(queue_is_empty, settings))
            await _assert_whole(app, uploaded, settings)


async def uploads(app: Application) -> list[Dataset]:
    upload, found = app.use_cases.upload_dataset, []
    for _ in range(UPLOADS // AT_ONCE):
        found += await asyncio.gather(*(upload(ANN, None, chunks_of(DAILY), a_request()) for _ in range(AT_ONCE)))
    return found


async def deliver_again(settings: dict[str, Any], uploaded: list[Dataset]) -> None:
    """What S3 may do at any time: tell of a file that it told of before."""
    async with aws_client("sqs", aws_endpoint()) as sqs:
        for dataset in uploaded:
            body = s3_message(s3_event(dataset.source_key, etag="again"))
            await sqs.send_message(QueueUrl=settings["sqs_queue_url"], MessageBody=body)


async def queue_is_empty(settings: dict[str, Any]) -> bool:
    """Nothing waits, and nothing is in anybody's hands."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    async with aws_client("sqs", aws_endpoint()) as sqs:
        answer = await sqs.get_queue_attributes(QueueUrl=settings["sqs_queue_url"], AttributeNames=names)
    return all(answer["Attributes"][name] == "0" for name in names)


async def _assert_whole(app: Application, uploaded: list[Dataset], settings: dict[str, Any]) -> None:
    from pymongo import AsyncMongoClient  # noqa: PLC0415 - one look behind the door

    for dataset in uploaded:
        found = await app.ports.datasets.find(dataset.id)
        assert found is not None
        assert (found.status, found.version, found.row_count) == (Status.CACHED, 1, 84)
    async with AsyncMongoClient(settings["mongo_uri"]) as client:
        database = client.get_default_database()
        rows = await (
            await database["records"].aggregate([{"$group": {"_id": "$datasetId", "rows": {"$sum": "$rows"}}}])
        ).to_list()
        assert {one["_id"]: one["rows"] for one in rows} == {dataset.id: 84 for dataset in uploaded}
        assert await database["analytics"].count_documents({}) == UPLOADS
    # What a dead worker left of a dataset would lie beside what the living one wrote.
    kept = await app.ports.blobs.keys(f"users/{ANN}/")
    assert {key.split("/")[3] for key in kept} == {dataset.id for dataset in uploaded}
    assert len(kept) == len(set(kept)) == UPLOADS * FILES_EACH
