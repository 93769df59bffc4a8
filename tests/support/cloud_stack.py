"""The cloud profile as programs: every store, API processes behind one address, one worker.

    python -m tests.support.cloud_stack [--apis 2]

Prints one line of JSON when it serves: ``url`` (connections go to the API processes in turn, as behind Nginx) and
``store`` (the bucket's own address). A line ``kill`` on its standard input loses every API and worker process at once
(kill -9), ``start`` starts them again; each is answered by a line ``done``. Runs until its standard input ends;
everything it started dies with it.
"""

import argparse
import asyncio
import itertools
import json
import os
import sys
import sysconfig
import tempfile
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from tests.support.cloud import cloud_settings, environment_of
from tests.support.server_process import Server, free_port
from tests.support.servers import ACCESS_KEY, SECRET_KEY, aws_endpoint

DRIFTLINE = Path(sysconfig.get_path("scripts")) / "driftline"
CHUNK = 64 * 1024
HOLD_SECONDS = "3"  # after so long the worker takes up what it had in hand when it was killed; 60 s elsewhere
MANY = "1000"  # a run of the browser's tests makes more accounts than one address may otherwise


def program(command: str, settings: Mapping[str, Any]) -> Server:
    """``driftline serve`` or ``driftline worker`` with these settings, launched but not waited for."""
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="dl-app-", dir="/tmp"))
    variables = environment_of(settings) | {"DRIFTLINE_PORT": str(port), "DRIFTLINE_DATA_DIR": str(folder)}

    def answers() -> None:
        if command == "serve":
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health/live", timeout=5).close()

    server = Server(command, [DRIFTLINE, command], port=port, folder=folder, ready=answers, variables=variables)
    return server.launch()


@asynccontextmanager
async def stack(apis: int) -> AsyncIterator[tuple[dict[str, str], list[Server]]]:
    """Everything, for as long as the context lasts: where it is, and the product's own processes."""
    os.environ |= {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY}
    with tempfile.TemporaryDirectory(prefix="dl-stack-") as folder, ExitStack() as started:
        async with cloud_settings(
            Path(folder), registrations_per_address=MANY, login_attempts_per_address=MANY,
            worker_hold_seconds=HOLD_SECONDS,
        ) as settings:  # fmt: skip
            programs = [program(command, settings) for command in (*["serve"] * apis, "worker")]
            for one in programs:
                started.callback(one.close)
                one.until_ready()
            ports = itertools.cycle([one.port for one in programs[:apis]])
            async with in_turn(ports) as url:
                yield {"url": url, "store": f"{aws_endpoint()}/{settings['s3_bucket']}"}, programs
            started.close()  # before the database they use is dropped


@asynccontextmanager
async def in_turn(ports: Iterator[int]) -> AsyncIterator[str]:
    """An address whose connections go to these ports, one after the other."""

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            their_reader, their_writer = await asyncio.open_connection("127.0.0.1", next(ports))
        except ConnectionError:
            writer.close()
            return
        await asyncio.gather(_pipe(reader, their_writer), _pipe(their_reader, writer))

    server = await asyncio.start_server(forward, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
    writer.close()


async def main(apis: int) -> None:
    async with stack(apis) as (served, programs):
        print(json.dumps(served), flush=True)  # noqa: T201 - how its parent hears of it
        while line := await asyncio.to_thread(sys.stdin.readline):
            await asyncio.to_thread({"kill": lose, "start": begin}[line.strip()], programs)
            print("done", flush=True)  # noqa: T201 - as above


def lose(programs: list[Server]) -> None:
    for one in programs:
        one.kill9()


def begin(programs: list[Server]) -> None:
    for one in programs:
        one.launch()
    for one in programs:
        one.until_ready()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--apis", type=int, default=2, help="API processes behind the one address")
    asyncio.run(main(parser.parse_args().apis))
