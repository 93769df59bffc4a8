"""The product as programs in each profile: its processes and stores can be lost, stopped, hung and restarted."""

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from entrypoints.bootstrap.cloud import migrate
from entrypoints.bootstrap.settings import Settings
from tests.support.aws_stores import announce, make_bucket, make_queue
from tests.support.cloud import SECRET
from tests.support.cloud_stack import in_turn, program
from tests.support.server_process import Server
from tests.support.servers import (
    ACCESS_KEY,
    REGION,
    SECRET_KEY,
    endpoint_of,
    mongo_uri_of,
    postgres_dsn_of,
    redis_url_of,
    start_aws,
    start_mongo,
    start_postgres,
    start_redis,
)

APIS = 2
WORKERS = 2
HOLD_SECONDS = 3  # the least that the setting takes: so soon another worker takes up what a dead one left
MANY = 100_000  # sign-ins and registrations: every user of a run comes from one address
COMMON = {
    "bcrypt_cost": 4,
    "processing_memory": "256MB",
    "registrations_per_address": MANY,
    "login_attempts_per_address": MANY,
    "login_attempts": MANY,
    "log_level": "warning",
}


@dataclass
class Product:
    """A running profile.

    Attributes:
        profile: its name.
        settings: those of every process; also for opening the stores beside it.
        url: where it answers. In the cloud profile connections go to the API processes in turn.
    """

    profile: str
    settings: dict[str, Any]
    url: str
    apis: list[Server]
    workers: list[Server] = field(default_factory=list)
    stores: dict[str, Server] = field(default_factory=dict)

    @property
    def processes(self) -> list[Server]:
        """The product's own processes."""
        return [*self.apis, *self.workers]


@asynccontextmanager
async def embedded(_folder: Path) -> AsyncIterator[Product]:
    """One process over a data folder of its own."""
    server = await asyncio.to_thread(program, "serve", COMMON)
    try:
        await asyncio.to_thread(server.until_ready)
        settings = COMMON | {"profile": "embedded", "data_dir": server.folder}
        yield Product("embedded", settings, f"http://127.0.0.1:{server.port}", [server])
    finally:
        await asyncio.to_thread(server.close)


@asynccontextmanager
async def cloud(folder: Path) -> AsyncIterator[Product]:
    """Stores of its own, API processes behind one address, and workers."""
    os.environ |= {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY}
    async with AsyncExitStack() as stack:
        stores = await _stores(stack)
        settings = await _settings(stores, folder)
        await migrate(Settings(**settings))
        programs = [program(command, settings) for command in (*["serve"] * APIS, *["worker"] * WORKERS)]
        for one in programs:
            stack.push_async_callback(asyncio.to_thread, one.close)
        for one in programs:
            await asyncio.to_thread(one.until_ready)
        url = await stack.enter_async_context(in_turn(itertools.cycle([one.port for one in programs[:APIS]])))
        yield Product("cloud", settings, url, programs[:APIS], programs[APIS:], stores)


async def _stores(stack: AsyncExitStack) -> dict[str, Server]:
    starts: dict[str, Callable[[], Server]] = {
        "MongoDB": start_mongo,
        "PostgreSQL": lambda: start_postgres(durable=True),
        "Valkey": start_redis,
        "S3 and SQS": start_aws,
    }
    started = await asyncio.gather(*(asyncio.to_thread(start) for start in starts.values()))
    for one in started:
        stack.push_async_callback(asyncio.to_thread, one.close)
    return dict(zip(starts, started, strict=True))


async def _settings(stores: dict[str, Server], folder: Path) -> dict[str, Any]:
    endpoint = endpoint_of(stores["S3 and SQS"])
    bucket, (queue, _dead) = await make_bucket(endpoint), await make_queue(endpoint)
    await announce(endpoint, bucket, queue)
    return COMMON | {
        "profile": "cloud",
        "data_dir": folder,
        "jwt_secret": SECRET,
        "postgres_dsn": postgres_dsn_of(stores["PostgreSQL"]),
        "mongo_uri": mongo_uri_of(stores["MongoDB"]).replace("/?", "/faults?"),
        "redis_url": redis_url_of(stores["Valkey"]),
        "s3_bucket": bucket,
        "s3_endpoint_url": endpoint,
        "sqs_queue_url": queue,
        "aws_region": REGION,
        "worker_hold_seconds": HOLD_SECONDS,
    }


PROFILES = {"embedded": embedded, "cloud": cloud}
