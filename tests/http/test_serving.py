"""``driftline serve`` as a process of its own: says where it is, stops without dropping anybody, starts again."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.served import PASSWORD, SALES, events, settled, until_async, upload

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-c", "from entrypoints.cli import main; main()")


async def start(folder: Path, *arguments: str, **settings: str) -> Process:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DRIFTLINE_")}
    environment |= {"DRIFTLINE_DATA_DIR": str(folder), "DRIFTLINE_BCRYPT_COST": "4", **settings}
    return await asyncio.create_subprocess_exec(
        *COMMAND, *arguments, env=environment, cwd=ROOT, stdout=PIPE, stderr=PIPE
    )


@asynccontextmanager
async def serving(folder: Path, **settings: str) -> AsyncIterator[tuple[Process, str]]:
    process = await start(folder, "serve", "--port", "0", DRIFTLINE_LOG_LEVEL="error", **settings)
    assert process.stdout
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
        assert line.startswith("Driftline is at http://127.0.0.1:"), line
        yield process, line.split()[3]
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def stopped(process: Process) -> int:
    return await asyncio.wait_for(process.wait(), 60)


@asynccontextmanager
async def signed_in(url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=url, timeout=60, verify=False) as client:
        account = {"email": "ada@example.com", "password": PASSWORD}
        await client.post("/api/auth/register", json=account)
        token = (await client.post("/api/auth/login", json=account)).json()["accessToken"]
        client.headers["authorization"] = f"Bearer {token}"
        yield client


async def test_more_connections_than_browsers_ever_open_do_not_keep_health_from_answering(tmp_path: Path) -> None:
    async with serving(tmp_path) as (_, url), httpx.AsyncClient(base_url=url, timeout=60) as client:
        host, port = urlsplit(url).hostname, urlsplit(url).port
        half_sent = [await asyncio.open_connection(host, port) for _ in range(700)]
        for _, writer in half_sent:
            writer.write(b"GET /api/health/live HTTP/1.1\r\nhost: x\r\n")
        assert (await client.get("/api/health/live")).status_code == 200
        for _, writer in half_sent:
            writer.close()


async def refuses(host: str | None, port: int | None) -> bool:
    """Whether new connections are refused there."""
    try:
        _, writer = await asyncio.open_connection(host, port)
    except ConnectionRefusedError:
        return True
    writer.close()
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_request_in_hand_is_finished_before_the_server_stops(tmp_path: Path, number: signal.Signals) -> None:
    async with serving(tmp_path) as (process, url):
        async with signed_in(url) as client:
            where = urlsplit(url)
            reader, writer = await asyncio.open_connection(where.hostname, where.port)
            boundary = "b"
            form = (
                f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="s.csv"\r\n\r\n'.encode()
                + SALES
                + f"\r\n--{boundary}--\r\n".encode()
            )
            head = (
                f"POST /api/datasets/upload HTTP/1.1\r\nHost: x\r\nAuthorization: {client.headers['authorization']}\r\n"
                f"Content-Type: multipart/form-data; boundary={boundary}\r\nContent-Length: {len(form)}\r\n\r\n"
            )
            writer.write(head.encode() + form[:80])
            await writer.drain()
            await asyncio.sleep(0.3)  # long enough to be in a handler's hands
            process.send_signal(number)
            assert await until_async(partial(refuses, where.hostname, where.port))
            writer.write(form[80:])
            status = await asyncio.wait_for(reader.readline(), 30)
            writer.close()
            await writer.wait_closed()
        assert b"200" in status
        assert await stopped(process) == 0


async def test_event_streams_do_not_keep_a_server_from_stopping_and_work_left_is_taken_up_again(tmp_path: Path) -> None:
    rows = b"at,value\n" + b"".join(
        b"2024-01-%02dT%02d:%02d:%02d,%d\n" % (i // 86400 + 1, i // 3600 % 24, i // 60 % 60, i % 60, i % 97)
        for i in range(200_000)
    )
    async with serving(tmp_path) as (process, url):
        async with signed_in(url) as client:
            made = (await upload(client, rows, "big.csv")).json()
            async for _ in events(client, made["datasetId"]):
                process.terminate()
        assert await stopped(process) == 0
    async with serving(tmp_path) as (process, url):
        async with signed_in(url) as client:
            done = await settled(client, made["datasetId"])
            assert done["status"] == "cached"
            assert done["rowCount"] == 200_000
        process.terminate()
        assert await stopped(process) == 0


async def test_a_server_asked_to_stop_says_so_before_it_refuses_anybody(tmp_path: Path) -> None:
    async with serving(tmp_path, DRIFTLINE_DRAIN_SECONDS="300") as (process, url):
        async with signed_in(url) as client:
            assert (await client.get("/api/health/ready")).status_code == 200
            process.terminate()

            async def told() -> bool:
                return (await client.get("/api/health/ready")).status_code == 503

            assert await until_async(told)
            assert (await client.get("/api/health/ready")).json()["dependencies"] == {"server": "stopping"}
            assert (await client.get("/api/health/live")).status_code == 200
            assert (await upload(client)).status_code == 200
        process.terminate()  # asked again, it waits no longer
        assert await stopped(process) == 0


async def test_a_port_in_use_is_a_sentence_and_not_a_traceback(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = await start(tmp_path, "serve", "--port", str(taken.getsockname()[1]))
        _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 2
    assert b"Cannot listen" in said
    assert b"--port" in said
    assert b"Traceback" not in said


async def test_wrong_settings_are_all_named_at_once(tmp_path: Path) -> None:
    process = await start(tmp_path, "serve", DRIFTLINE_PORT="many", DRIFTLINE_MAX_UPLOAD_BYTE="5")
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 2
    assert b"DRIFTLINE_PORT" in said
    assert b"DRIFTLINE_MAX_UPLOAD_BYTES" in said  # did you mean
    assert b"Traceback" not in said


async def test_the_openapi_command_needs_no_folder_and_no_settings(tmp_path: Path) -> None:
    process = await start(tmp_path / "none", "openapi")
    printed, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
    assert printed == (ROOT / "frontend" / "src" / "api" / "openapi.json").read_bytes()
    assert not (tmp_path / "none").exists()
