"""A worker's own small address for those who watch it: metrics and health, in a thread of their own.

The answers to ``live`` and ``ready`` come from the event loop that does the work: one that hangs answers neither.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Future
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final

import msgspec
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from typing_extensions import override

from domain.errors import ConfigurationError, DriftlineError
from domain.ports.system import Dependency
from entrypoints.readiness import OK, PING_SECONDS, answers_of

ANSWER_SECONDS: Final = 5.0  # a loop that is busy for longer is one to worry about

Answer = tuple[int, str, bytes]


@contextlib.asynccontextmanager
async def listening(
    host: str,
    port: int,
    registry: CollectorRegistry,
    dependencies: tuple[Dependency, ...],
    refresh: Callable[[], Awaitable[object]],
) -> AsyncIterator[int]:
    """Answer GET /metrics, /api/health/live and /api/health/ready; yield the port.

    Args:
        host: address to listen on.
        port: 0 takes a free one.
        registry: what is exposed.
        dependencies: who must answer for the worker to be ready.
        refresh: brings figures up to date that are needed only when they are scraped.

    Raises:
        ConfigurationError: the address cannot be listened on.
    """
    answers: dict[str, Callable[[], Awaitable[Answer]]] = {
        "/metrics": partial(_metrics, registry, refresh),
        "/api/health/live": _live,
        "/api/health/ready": partial(_ready, dependencies),
    }
    loop = asyncio.get_running_loop()
    try:
        server = ThreadingHTTPServer((host, port), _handler(loop, answers))
    except OSError as error:
        raise ConfigurationError(
            f"Cannot listen on {host}:{port}: {error.strerror}. Choose another DRIFTLINE_METRICS_PORT.",
            settings={"DRIFTLINE_METRICS_PORT": str(port)},
        ) from error
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="listener", daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()


def _handler(
    loop: asyncio.AbstractEventLoop, answers: dict[str, Callable[[], Awaitable[Answer]]]
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = answers.get(self.path.partition("?")[0])
            status, kind, body = (404, "text/plain", b"There is nothing here.\n") if answer is None else _asked(answer)
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(body)

        @override
        def log_message(self, *_arguments: Any) -> None:
            """Nothing: it is asked every few seconds."""

    def _asked(answer: Callable[[], Awaitable[Answer]]) -> Answer:
        answered: Future[Answer] = asyncio.run_coroutine_threadsafe(_awaited(answer), loop)
        try:
            return answered.result(ANSWER_SECONDS)
        except TimeoutError:
            answered.cancel()
            return 503, "text/plain", f"The worker does not answer within {ANSWER_SECONDS:g} s.\n".encode()

    return Handler


async def _awaited(answer: Callable[[], Awaitable[Answer]]) -> Answer:
    return await answer()


async def _metrics(registry: CollectorRegistry, refresh: Callable[[], Awaitable[object]]) -> Answer:
    with contextlib.suppress(DriftlineError, TimeoutError):  # the rest is worth having all the same
        await asyncio.wait_for(refresh(), PING_SECONDS)
    return 200, CONTENT_TYPE_PLAIN_0_0_4, generate_latest(registry)


async def _live() -> Answer:
    return 200, "application/json", b'{"status":"live"}'


async def _ready(dependencies: tuple[Dependency, ...]) -> Answer:
    named = await answers_of(dependencies)
    ready = all(answer == OK for answer in named.values())
    body = msgspec.json.encode({"status": "ready" if ready else "unavailable", "dependencies": named})
    return (200 if ready else 503), "application/json", body
