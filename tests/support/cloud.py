"""The cloud profile over real servers: settings for it, and workers inside the test process or outside."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from entrypoints.bootstrap.cloud import CloudWorker, cloud_worker, migrate
from entrypoints.bootstrap.settings import Settings
from tests.support.aws_stores import announce, make_bucket, make_queue
from tests.support.mongo_stores import uri_of
from tests.support.postgres_stores import empty_database
from tests.support.servers import REGION, aws_endpoint, redis_url

SECRET = "a test's secret of more than thirty-two bytes"


@asynccontextmanager
async def cloud_settings(folder: Path, **changes: Any) -> AsyncIterator[dict[str, Any]]:
    """Settings of a cloud of its own: databases, bucket and queue that no other test uses."""
    if "s3_bucket" not in changes:
        changes = await _bucket_and_queue() | changes
    async with empty_database() as dsn:
        settings = {
            "profile": "cloud",
            "data_dir": folder,
            "jwt_secret": SECRET,
            "postgres_dsn": dsn,
            "mongo_uri": uri_of(f"cloud{uuid4().hex[:12]}"),
            "redis_url": redis_url(),
            "aws_region": REGION,
            "bcrypt_cost": 4,
            "processing_memory": "256MB",
        } | changes
        await migrate(Settings(**settings))
        yield settings


async def _bucket_and_queue() -> dict[str, str]:
    bucket = await make_bucket(aws_endpoint())
    queue, _dead = await make_queue(aws_endpoint())
    await announce(aws_endpoint(), bucket, queue)
    return {"s3_bucket": bucket, "s3_endpoint_url": aws_endpoint(), "sqs_queue_url": queue}


@asynccontextmanager
async def working(settings: Mapping[str, Any]) -> AsyncIterator[CloudWorker]:
    """A worker in this process, stopped and its work handed back afterwards."""
    async with cloud_worker(Settings(**settings)) as worker:
        task = asyncio.create_task(worker.loop())
        try:
            yield worker
        finally:
            task.cancel()
            await asyncio.wait([task])
            await worker.source.hand_back()


def environment_of(settings: Mapping[str, Any]) -> dict[str, str]:
    """The same settings for another process."""
    return dict(os.environ) | {f"DRIFTLINE_{name.upper()}": str(value) for name, value in settings.items()}
