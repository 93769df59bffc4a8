"""How much memory does a large upload cost the server? Budget: 150 MB above idle for 1 GB, whatever the form's order.

Starts a real server, sends a file made on the fly, and samples the resident memory of the server's processes until
it has answered.

    uv run python benchmarks/upload_memory.py [--megabytes 1024]
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

MB = 1024 * 1024
BUDGET_MB = 150  # issue 2, point 4
BOUNDARY = "driftline-benchmark"
ROWS = b"".join(b"2024-01-01T%02d:%02d:00,%d\n" % (i // 60 % 24, i % 60, i) for i in range(40_000))


def field(name: str, value: str) -> bytes:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


FILE_HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="big.csv"\r\nContent-Type: text/csv\r\n\r\n'
).encode()
END = f"--{BOUNDARY}--\r\n".encode()


def form(size: int, *, file_first: bool) -> tuple[int, Iterator[bytes]]:
    """The length of a form with one file of ``size`` bytes, and its bytes."""
    name = field("datasetName", "Big")

    def content() -> Iterator[bytes]:
        if not file_first:
            yield name
        yield FILE_HEAD
        left = size
        while left > 0:
            yield ROWS[:left]
            left -= min(left, len(ROWS))
        yield b"\r\n"
        if file_first:
            yield name
        yield END

    return len(name) + len(FILE_HEAD) + size + 2 + len(END), content()


class Memory(threading.Thread):
    """Samples the resident memory of a process and its children, in bytes."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._process = psutil.Process(pid)
        self.peak = 0
        self.done = threading.Event()

    def now(self) -> int:
        family = [self._process, *self._process.children(recursive=True)]
        return sum(process.memory_info().rss for process in family)

    def run(self) -> None:
        while not self.done.wait(0.02):
            self.peak = max(self.peak, self.now())


def call(port: int, method: str, path: str, body: object = None, **headers: str) -> dict[str, object]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    content = json.dumps(body) if isinstance(body, dict) else body
    connection.request(method, path, content, {"Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status >= http.client.BAD_REQUEST:
        raise SystemExit(f"{method} {path}: {answer.status} {text.decode()}")
    return json.loads(text)


def upload(port: int, token: str, size: int, *, file_first: bool) -> float:
    length, content = form(size, file_first=file_first)
    started = time.perf_counter()
    call(
        port,
        "POST",
        "/api/datasets/upload",
        content,
        **{
            "Authorization": f"Bearer {token}",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Content-Length": str(length),
        },
    )
    return time.perf_counter() - started


def measure(megabytes: int, *, file_first: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="driftline-bench-") as folder:
        environment = os.environ | {
            "DRIFTLINE_DATA_DIR": folder,
            "DRIFTLINE_MAX_UPLOAD_BYTES": str(4 * 1024 * MB),
            "DRIFTLINE_LOG_LEVEL": "error",
        }
        command = [sys.executable, "-c", "from entrypoints.cli import main; main()", "serve", "--port", "0"]
        server = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
        )
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline().split("http://")[1].split()[0].rpartition(":")[2])
            account = {"email": "bench@example.com", "password": "correct horse battery"}
            call(port, "POST", "/api/auth/register", account)
            token = str(call(port, "POST", "/api/auth/login", account)["accessToken"])
            memory = Memory(server.pid)
            idle = memory.now()
            memory.start()
            seconds = upload(port, token, megabytes * MB, file_first=file_first)
            memory.done.set()
            memory.join()
        finally:
            server.kill()  # what was uploaded is not worth processing
            server.wait()
    order = "file, then fields" if file_first else "fields, then file"
    grown = (memory.peak - idle) / MB
    verdict = "within" if grown <= BUDGET_MB else "OVER"
    print(
        f"{megabytes:,} MB ({order}): {idle / MB:.0f} MB idle, {memory.peak / MB:.0f} MB at most: +{grown:.0f} MB "
        f"({grown / BUDGET_MB:.2f} of the budget of {BUDGET_MB} MB, {verdict}); {megabytes / seconds:.0f} MB/s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=1024)
    megabytes = parser.parse_args().megabytes
    for file_first in (False, True):
        measure(megabytes, file_first=file_first)


if __name__ == "__main__":
    main()
