"""Nginx as the web image runs it, in front of the real API."""

import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from infrastructure import machine
from tests.support.served import Served, served
from tests.support.server_process import Server, free_port
from tests.support.source_tree import ROOT

START = ROOT / "infrastructure" / "web" / "start"
INDEX = b"<!doctype html><title>Driftline</title>"
SCRIPT = b"console.log('hello')"


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """What the web image's start is told; ``folder`` takes the place of its file system."""
    nginx = Path(machine.nginx()).parent
    return {
        "PATH": f"{nginx}:{os.environ['PATH']}",
        "WEB_RUN_DIR": str(folder / "run"),
        "WEB_PAGE_DIR": str(folder / "page"),
        "WEB_ACCESS_LOG": str(folder / "access.log"),
        "WEB_RESOLVER": "127.0.0.1",
        "WEB_WORKERS": "1",
        **settings,
    }


@contextmanager
def nginx(folder: Path, **settings: str) -> Iterator[Server]:
    """Nginx over a small built page."""
    assets = folder / "page" / "assets"
    assets.mkdir(parents=True)
    (folder / "page" / "index.html").write_bytes(INDEX)
    script = assets / "index-Ka-Zk27X.js"
    script.write_bytes(SCRIPT)
    script.with_name(script.name + ".gz").write_bytes(b"gzip, says its name")
    script.with_name(script.name + ".br").write_bytes(b"brotli, says its name")
    port = free_port()
    told = environment(folder, **{"WEB_LISTEN": f"127.0.0.1:{port}", **settings})

    def ready() -> None:
        httpx.get(f"http://127.0.0.1:{port}/healthz", verify=False).raise_for_status()

    with Server("nginx", [START], port=port, folder=folder, ready=ready, variables=told) as server:
        try:
            yield server.start()
        finally:
            server.stop()  # killed, it would leave its workers behind


@pytest.fixture(scope="package")
async def api(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(
        tmp_path_factory.mktemp("api"), trusted_proxies="127.0.0.1", registrations_per_address=3
    ) as running:
        yield running


@pytest.fixture(scope="package")
async def web(api: Served, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of Nginx in front of the API."""
    with nginx(tmp_path_factory.mktemp("web"), WEB_API=urlsplit(api.url).netloc, WEB_TRUSTED_PROXIES="127.0.0.1") as it:
        yield f"http://127.0.0.1:{it.port}"


@pytest.fixture
async def browser(web: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=web, timeout=60, verify=False) as client:
        yield client


def refused(folder: Path, **settings: str) -> str:
    """What the start says to wrong settings."""
    done = subprocess.run(
        [START, "test"], env=environment(folder, **settings), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2, done.stderr
    return done.stderr
