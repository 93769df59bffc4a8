"""Is health answered, and are event streams carried, while thousands of connections are open?

Starts a real server (one process, embedded profile), opens event streams of an upload that is kept from being read
(its reading process is stopped) and connections that send half a request, and asks for health all the while.

    python -m benchmarks.connections [--streams 2000] [--half-sent 500] [--seconds 10]

To reach: every answer about health within a second; every stream is carried, or refused with 429 or 503 and
Retry-After. All connections come from one address.
"""

import argparse
import asyncio
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections import Counter
from http import HTTPStatus
from pathlib import Path

import psutil

from benchmarks.cached_read import PORT, call, prepare
from benchmarks.overload import Connection, server

LONGEST_SECONDS = 1.0
AT_ONCE = 50  # connections opened at a time
FORM = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nday,value\n2024-01-01,1\r\n--b--\r\n'
)


async def opened(request: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    writer.write(request)
    await writer.drain()
    return reader, writer


async def stream(token: str, dataset: str) -> tuple[int, asyncio.StreamReader, asyncio.StreamWriter]:
    """Open an event stream; return its status once its head is there."""
    head = f"GET /api/datasets/{dataset}/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n"
    reader, writer = await opened(head.encode())
    return int((await reader.readuntil(b"\r\n\r\n"))[9:12]), reader, writer


async def measured(token: str, dataset: str, asked: argparse.Namespace) -> bool:
    half = [await opened(b"GET /api/datasets HTTP/1.1\r\nhost: x\r\n") for _ in range(asked.half_sent)]
    streams = []
    for _ in range(0, asked.streams, AT_ONCE):
        streams += await asyncio.gather(*(stream(token, dataset) for _ in range(AT_ONCE)))
    health, times, end = Connection(""), [], time.perf_counter() + asked.seconds
    while time.perf_counter() < end:
        begun = time.perf_counter()
        fresh = Connection("")  # a new connection and a kept one: both have to be answered
        for connection in (health, fresh):
            assert await connection.ask("GET", "/api/health/live") == HTTPStatus.OK
        fresh.close()
        times.append(time.perf_counter() - begun)
        await asyncio.sleep(0.05)
    statuses = Counter(status for status, _, _ in streams)
    alive = sum(not reader.at_eof() for status, reader, _ in streams if status == HTTPStatus.OK)
    print(f"  streams answered {dict(statuses)}, {alive} still open; {len(half)} half-sent requests")
    print(f"  health, two answers: median {1e3 * statistics.median(times):.1f} ms, longest {1e3 * max(times):.1f} ms")
    for _, writer in half + [(reader, writer) for _, reader, writer in streams]:
        writer.close()
    return max(times) <= LONGEST_SECONDS and alive == statuses[HTTPStatus.OK]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--streams", type=int, default=2_000)
    parser.add_argument("--half-sent", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=10)
    asked = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory(prefix="driftline-bench-") as folder:
        process = multiprocessing.get_context("spawn").Process(target=server, args=(Path(folder),))
        process.start()
        readers: list[psutil.Process] = []
        try:
            token, _ = prepare("/api/analytics/{}?metric=value")
            readers = psutil.Process(process.pid).children(recursive=True)
            for reader in readers:
                reader.suspend()
            made, _ = call("/api/datasets/upload", token, FORM, "multipart/form-data; boundary=b")
            holds = asyncio.run(measured(token, made.decode().split('"datasetId":"')[1][:36], asked))
        finally:
            for reader in readers:
                reader.resume()
            process.terminate()
            process.join()
    return int(not holds)


if __name__ == "__main__":
    raise SystemExit(main())
