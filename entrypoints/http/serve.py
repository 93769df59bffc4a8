"""One process that serves the API and the page, and stops without dropping a request."""

import asyncio
import importlib
import resource
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import structlog
from granian.constants import Interfaces
from granian.server.embed import Server
from granian.utils.proxies import wrap_asgi_with_proxy_headers
from litestar import Litestar
from litestar.types import ASGIApp

from domain.errors import ConfigurationError
from entrypoints.bootstrap.profiles import opened
from entrypoints.bootstrap.settings import Settings
from entrypoints.http.app import create_app
from entrypoints.http.context import OpenRunning, Options, Running
from entrypoints.http.request_limits import IN_ALL

BACKLOG: Final = 1024  # connections waiting to be accepted: a burst of browsers, each with six
# Connections, half-sent requests and idle ones among them: beyond this many none is accepted, health included, so it is
# twice what ``request_limits`` lets be in hand. Granian closes a connection on which no header comes for 30 seconds.
CONNECTIONS: Final = 2 * IN_ALL
SPARE_FILES: Final = 1024  # stores, files being read, the listening socket
GRACE_SECONDS: Final = 25.0  # for requests in hand when asked to stop; our compose file kills after 30

# How long a thread that computes may keep the interpreter from the event loop: 5 ms by default, at each of the turns
# that a request takes, when a cached read as a whole takes 0.2 ms (python -m benchmarks.overload).
SWITCH_SECONDS: Final = 0.0005

SLOW_TO_LOAD: Final = "scipy.stats"  # half a second; loaded once people are served, before the first analysis asks

log = structlog.get_logger("driftline.http")


async def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM, then finish the requests in hand.

    Args:
        settings: where to listen, and everything else.
        announce: told the address once requests are answered.

    Raises:
        ConfigurationError: the address cannot be listened on.
        UnavailableError: a store cannot be opened.
    """
    port = free_port(settings.host, settings.port)
    sys.setswitchinterval(SWITCH_SECONDS)
    async with opened(settings) as running:
        app = create_app(_already_open(running), options_of(settings))
        server = Server(
            behind_proxies(app, settings.trusted_proxies),
            address=settings.host,
            port=port,
            interface=Interfaces.ASGI,
            backlog=BACKLOG,
            backpressure=allowed_connections(),
            websockets=False,
            log_enabled=False,
        )
        url = f"http://{_shown(settings.host)}:{port}"
        await _until_stopped(server, app, settings.drain_seconds, lambda: announce(url))


def allowed_connections() -> int:
    """Raise this process's limit of open files as far as it may go; return how many connections fit in it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return CONNECTIONS if soft == resource.RLIM_INFINITY else min(CONNECTIONS, max(64, soft - SPARE_FILES))


def behind_proxies(app: ASGIApp, trusted: str) -> ASGIApp:
    """Let the app see the visitors' own addresses where trusted proxies tell them; others could forge them."""
    if not trusted:
        return app
    believing: ASGIApp = wrap_asgi_with_proxy_headers(app, trusted)
    return believing


def options_of(settings: Settings) -> Options:
    """What the HTTP side takes from the settings."""
    return Options(
        max_upload_bytes=settings.max_upload_bytes,
        frontend=settings.frontend_dir,
        behind_tls=settings.secure_cookies,
        cors_origins=settings.allowed_origins,
    )


def _already_open(running: Running) -> OpenRunning:
    # Opened by ``serve``: what cannot be opened is then an error of the command, not of a server half started.
    @asynccontextmanager
    async def already_open() -> AsyncIterator[Running]:
        yield running

    return already_open


async def _until_stopped(server: Server, app: Litestar, drain_seconds: int, started: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    stopping: asyncio.Event = app.state.stopping
    refusing = asyncio.Event()

    def refuse() -> None:
        refusing.set()
        server.stop()  # type: ignore[no-untyped-call]  # Granian has no annotation here

    def stop() -> None:
        # Readiness says so, and event streams end, which would never end by themselves. Asked twice, no more waiting.
        loop.call_later(0 if stopping.is_set() else drain_seconds, refuse)
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    serving = asyncio.ensure_future(server.serve())
    opened = asyncio.ensure_future(app.state.started.wait())
    await asyncio.wait({serving, opened}, return_when=asyncio.FIRST_COMPLETED)
    if opened.done():
        started()
        await asyncio.to_thread(importlib.import_module, SLOW_TO_LOAD)
    opened.cancel()
    stopped = asyncio.ensure_future(refusing.wait())
    await asyncio.wait({serving, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    try:
        await asyncio.wait_for(serving, GRACE_SECONDS)
    except TimeoutError:
        log.warning("stopped with requests in hand", seconds=GRACE_SECONDS)


def free_port(host: str, port: int) -> int:
    """Return the port (a free one for 0) if one can listen there. Raises ConfigurationError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ConfigurationError(
                f"Cannot listen on {host}:{port}: {error.strerror}. Stop what is running there, or choose another "
                "port with --port or DRIFTLINE_PORT.",
                settings={"DRIFTLINE_PORT": str(port)},
            ) from error
        free: int = probe.getsockname()[1]
        return free


def _shown(host: str) -> str:
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return "localhost"
    return f"[{host}]" if ":" in host else host
