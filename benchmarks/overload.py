"""How long does a cached read take while far more is asked for than can be done?

Starts a real server (one process, embedded profile), and asks for one cached analysis 100 times a second on
connections of their own: first alone, then while 256 clients ask for analyses that are not stored yet and 32 sign
in, each again as soon as it is answered or as ``Retry-After`` says. Prints both distributions and the ratio of their
99th percentiles, measured in one run; beyond the limits the storm is answered 503.

    python -m benchmarks.overload [--seconds 10] [--clients 256] [--sign-ins 32]

Budget (docs/operation.md): p99 under the storm at most 3 times the quiet one. Client and server share the machine.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import statistics
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from benchmarks.cached_read import ACCOUNT, PORT, prepare
from entrypoints.bootstrap.settings import Settings
from entrypoints.http.serve import serve
from entrypoints.logs import configure

BUDGET = 3.0
READS_PER_SECOND = 100
READERS = 8


@dataclass
class Connection:
    """One kept-alive connection; far less work for this process than a client library."""

    head: str
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    retry_after: float = 0.0

    async def ask(self, method: str, path: str, body: bytes = b"") -> int:
        """Send a request, read the whole answer, return its status; note when to come back."""
        if self.writer is None or self.reader is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", PORT)
        length = f"content-type: application/json\r\ncontent-length: {len(body)}\r\n" if body else ""
        self.writer.write(f"{method} {path} HTTP/1.1\r\nhost: x\r\n{self.head}{length}\r\n".encode() + body)
        head = await self.reader.readuntil(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
        await self.reader.readexactly(int(fields.get(b"content-length", b"0")))
        self.retry_after = float(fields.get(b"retry-after", b"0"))
        return int(head[9:12])

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()


@dataclass
class Storm:
    """Everything that is asked for at once."""

    token: str
    dataset: str
    answered: Counter[tuple[str, int]] = field(default_factory=Counter)
    asked: int = 0

    async def analyses(self) -> None:
        """Ask for one analysis after the other, each at a sensitivity of its own."""
        connection = Connection(f"authorization: Bearer {self.token}\r\naccept-encoding: gzip\r\n")
        while True:
            self.asked += 1
            path = f"/api/analytics/{self.dataset}?metric=value&sensitivity={self.asked / 1e6:.6f}"
            await self._count("analysis", connection, await connection.ask("GET", path))

    async def sign_ins(self) -> None:
        """Sign in over and over."""
        connection = Connection("")
        while True:
            status = await connection.ask("POST", "/api/auth/login", json.dumps(ACCOUNT).encode())
            await self._count("sign-in", connection, status)

    async def _count(self, what: str, connection: Connection, status: int) -> None:
        self.answered[what, status] += 1
        if connection.retry_after:  # not all at the same moment
            await asyncio.sleep(connection.retry_after * random.uniform(0.8, 1.2))


async def read(token: str, dataset: str, seconds: float) -> list[float]:
    """Read a cached analysis at a fixed rate; return the seconds that each took, from when it was due."""
    connections = [Connection(f"authorization: Bearer {token}\r\naccept-encoding: gzip\r\n") for _ in range(READERS)]
    path, times = f"/api/analytics/{dataset}?metric=value", []

    async def reader(connection: Connection, first: float) -> None:
        due, end = first, first + seconds
        while due < end:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            assert await connection.ask("GET", path) == HTTPStatus.OK
            times.append(time.perf_counter() - due)
            due += READERS / READS_PER_SECOND
        connection.close()

    begun = time.perf_counter()
    await asyncio.gather(*(reader(one, begun + n / READS_PER_SECOND) for n, one in enumerate(connections)))
    return times


async def measured(token: str, dataset: str, asked: argparse.Namespace) -> bool:
    await read(token, dataset, 1)
    quiet = await read(token, dataset, asked.seconds)
    storm = Storm(token, dataset)
    tasks = [asyncio.create_task(storm.analyses()) for _ in range(asked.clients)]
    tasks += [asyncio.create_task(storm.sign_ins()) for _ in range(asked.sign_ins)]
    await asyncio.sleep(2)
    busy = await read(token, dataset, asked.seconds)
    for task in tasks:
        task.cancel()
    for name, times in (("quiet", quiet), (f"{asked.clients} + {asked.sign_ins} clients", busy)):
        p50, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
        print(f"  {name:<20} {len(times):>6} reads, p50 {1e3 * p50:6.1f} ms, p99 {1e3 * p99:6.1f} ms")
    listed = ", ".join(f"{what} {status}: {count}" for (what, status), count in sorted(storm.answered.items()))
    ratio = statistics.quantiles(busy, n=100)[98] / statistics.quantiles(quiet, n=100)[98]
    print(f"  the storm was answered: {listed}")
    print(f"p99 under the storm / quiet = {ratio:.1f} (budget <= {BUDGET}, {'within' if ratio <= BUDGET else 'ABOVE'})")
    return ratio <= BUDGET


def server(folder: Path) -> None:
    many = 1_000_000
    settings = Settings(data_dir=folder, port=PORT, login_attempts=many, login_attempts_per_address=many)
    configure("error", "json")
    asyncio.run(serve(settings, lambda _: None))
    os._exit(0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--clients", type=int, default=256)
    parser.add_argument("--sign-ins", type=int, default=32)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="driftline-bench-") as folder:
        process = multiprocessing.get_context("spawn").Process(target=server, args=(Path(folder),))
        process.start()
        try:
            token, dataset = prepare("/api/analytics/{}?metric=value")
            asyncio.run(measured(token, dataset, asked))
        finally:
            process.terminate()
            process.join()


if __name__ == "__main__":
    main()
