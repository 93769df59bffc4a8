"""What does a cached analysis cost, against a handler that returns the same bytes from memory?

The floor is a handler of the same app that checks the same token. Budget (docs/decisions/0011): at least 80 % of its
throughput, 45 % where every hit goes to Redis. Starts a real server (one Granian process), uploads a dataset, and
loads both with wrk (Debian's package) in turn, many short times; prints the median of the paired ratios. On a busy
machine the ratio of the server's CPU time per request is the steadier figure, so it is printed too.

    python -m benchmarks.cached_read [--profile cloud [--without-copy]] [--rounds 9] [--seconds 1]

``--profile cloud`` runs over real PostgreSQL, MongoDB, Valkey and an S3 emulator; ``--without-copy`` gives the process
no memory for bodies of its own.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from litestar import Litestar, Request, get
from litestar.response.base import ASGIResponse
from msgspec.structs import asdict as as_dict

from domain.analysis.settings import AnalysisSettings
from entrypoints.bootstrap.settings import Settings
from entrypoints.http import serve
from entrypoints.http.app import create_app
from entrypoints.http.context import OpenRunning, Options, state_of, user_id_of
from entrypoints.logs import configure
from tests.support.cloud import cloud_settings, working
from tests.support.servers import ACCESS_KEY, SECRET_KEY

BUDGET = 0.8
BUDGET_WITHOUT_COPY = 0.45
PORT = 8765
BASE = f"http://127.0.0.1:{PORT}"
ACCOUNT = {"email": "bench@example.com", "password": "correct horse battery"}
POINTS = 2000  # what a chart holds
COMPRESSED = [("content-encoding", "gzip")]

memory: dict[str, bytes] = {}


@get("/bench/fill/{dataset_id:str}")
async def fill(request: Request[Any, Any, Any], dataset_id: str) -> None:
    entry, _ = await state_of(request).running.use_cases.serve_analysis(
        user_id_of(request), dataset_id, "value", AnalysisSettings()
    )
    memory["body"] = entry.body


@get("/bench/floor/{dataset_id:str}", query_parameters=None)
async def floor(request: Request[Any, Any, Any]) -> ASGIResponse:
    user_id_of(request)
    return ASGIResponse(body=memory["body"], headers=COMPRESSED)


@get("/bench/open")
async def without_token() -> ASGIResponse:
    return ASGIResponse(body=memory["body"], headers=COMPRESSED)


def server(settings: Settings) -> None:
    """Run the product with three more handlers."""

    def with_floor(open_running: OpenRunning, options: Options) -> Litestar:
        app = create_app(open_running, options)
        for handler in (fill, floor, without_token):
            app.register(handler)
        return app

    serve.create_app = with_floor  # type: ignore[attr-defined] # this process is the benchmark's own
    configure("warning", "json")
    asyncio.run(serve.serve(settings, lambda _: None))
    os._exit(0)


def call(path: str, token: str = "", body: bytes | None = None, kind: str = "application/json") -> tuple[bytes, str]:
    """The body and the entity tag of an answer."""
    request = urllib.request.Request(BASE + path, body, {"Content-Type": kind, "Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read(), answer.headers["ETag"] or ""


def prepare(warm: str = "/bench/fill/{}") -> tuple[str, str]:
    """Make an account with one dataset and ask for ``warm``; return its token and the dataset's id."""
    for _ in range(600):
        try:
            call("/api/health/live")
            break
        except urllib.error.URLError:
            time.sleep(0.1)
    account = json.dumps(ACCOUNT).encode()
    call("/api/auth/register", body=account)
    token = json.loads(call("/api/auth/login", body=account)[0])["accessToken"]
    days = (time.strftime("%Y-%m-%d", time.gmtime(86400 * day)) for day in range(POINTS))
    rows = "".join(f"{day},{(number * 7919) % 1000 / 7:.4f}\n" for number, day in enumerate(days))
    head = '--b\r\nContent-Disposition: form-data; name="file"; filename="bench.csv"\r\n\r\nday,value\n'
    form = (head + rows + "\r\n--b--\r\n").encode()
    made = json.loads(call("/api/datasets/upload", token, form, "multipart/form-data; boundary=b")[0])["datasetId"]
    while json.loads(call(f"/api/datasets/{made}", token)[0])["status"] != "cached":
        time.sleep(0.05)
    call(warm.format(made), token)
    return token, made


@dataclass(frozen=True)
class Load:
    """One kind of request to one server."""

    pid: int
    path: str
    headers: tuple[str, ...]

    def __call__(self, seconds: int) -> tuple[float, float]:
        """Requests per second, and the server's CPU seconds per request."""
        process = psutil.Process(self.pid)
        headers = [part for header in ("Accept-Encoding: gzip", *self.headers) for part in ("-H", header)]
        before = process.cpu_times()
        command = ["wrk", "-t1", "-c16", f"-d{seconds}s", *headers, BASE + self.path]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        after = process.cpu_times()
        done = re.search(r"(\d+) requests in", output)
        rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
        if done is None or rate is None or ("Non-2xx" in output and "If-None-Match" not in str(self.headers)):
            raise SystemExit(output)
        return float(rate[1]), (after.user + after.system - before.user - before.system) / int(done[1])


def measure(pid: int, prepared: tuple[str, str], rounds: int, seconds: int, budget: float) -> None:
    token, made = prepared
    signed = f"Authorization: Bearer {token}"
    path = f"/api/analytics/{made}?metric=value"
    body, tag = call(path, token)
    cached, base = Load(pid, path, (signed,)), Load(pid, f"/bench/floor/{made}", (signed,))
    cached(seconds)
    pairs = [(base(seconds), cached(seconds)) for _ in range(rounds)]
    rows = {
        "floor: token check, same bytes from memory": [one for one, _ in pairs],
        "cached analysis": [other for _, other in pairs],
        "cached analysis, 304": [Load(pid, path, (signed, f"If-None-Match: {tag}"))(seconds) for _ in range(3)],
        "no token check, same bytes": [Load(pid, "/bench/open", ())(seconds) for _ in range(3)],
    }
    print(f"analysis of {len(body):,} bytes of JSON, served compressed; one server process, 16 connections")
    for name, measured in rows.items():
        rate, work = (statistics.median(values) for values in zip(*measured, strict=True))
        print(f"  {name:<45} {rate:>8,.0f} requests/s {1e6 * work:>6.0f} us of CPU each")
    ratios = [other[0] / one[0] for one, other in pairs]
    works = [one[1] / other[1] for one, other in pairs]
    ratio = statistics.median(ratios)
    verdict = "within" if ratio >= budget else "BELOW"
    print(f"cached / floor = {ratio:.2f} ({min(ratios):.2f} to {max(ratios):.2f}; budget >= {budget}, {verdict})")
    print(f"by CPU time    = {statistics.median(works):.2f} ({min(works):.2f} to {max(works):.2f})")


@asynccontextmanager
async def embedded_settings(folder: Path) -> AsyncIterator[Settings]:
    yield Settings(data_dir=folder, port=PORT, bcrypt_cost=4)


@asynccontextmanager
async def cloud(folder: Path, changes: dict[str, Any]) -> AsyncIterator[Settings]:
    """A cloud of its own, whose worker runs in this process until the dataset is there."""
    os.environ |= {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY}
    async with cloud_settings(folder, port=PORT, **changes) as made:
        yield Settings(**made)


async def run(arguments: argparse.Namespace, folder: Path) -> None:
    changes = {"cache_bytes": 1} if arguments.without_copy else {}
    place = cloud(folder, changes) if arguments.profile == "cloud" else embedded_settings(folder)
    async with place as settings:
        process = multiprocessing.get_context("spawn").Process(target=server, args=(settings,))
        process.start()
        assert process.pid is not None
        try:
            async with working(as_dict(settings)) if arguments.profile == "cloud" else nullcontext():
                prepared = await asyncio.to_thread(prepare)
            budget = BUDGET_WITHOUT_COPY if arguments.without_copy else BUDGET
            await asyncio.to_thread(measure, process.pid, prepared, arguments.rounds, arguments.seconds, budget)
        finally:
            process.terminate()
            process.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--profile", choices=["embedded", "cloud"], default="embedded")
    parser.add_argument("--without-copy", action="store_true", help="cloud: every hit goes to Redis")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=1)
    arguments = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("This needs wrk: apt-get install wrk")
    with tempfile.TemporaryDirectory(prefix="driftline-bench-") as folder:
        asyncio.run(run(arguments, Path(folder)))


if __name__ == "__main__":
    main()
