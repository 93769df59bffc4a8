"""What handlers are given: the use cases, who is calling, and the few settings HTTP itself needs."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol, cast

from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.exceptions import PermissionDeniedException
from litestar.params import FromPath

from domain.errors import UnauthenticatedError
from entrypoints.bootstrap.settings import Settings
from entrypoints.bootstrap.wiring import Ports, UseCases
from entrypoints.http.cors import CrossOrigin
from entrypoints.http.metrics import Metrics
from entrypoints.http.query import pairs
from entrypoints.http.schemas import Readiness
from entrypoints.tracing import Tracing
from entrypoints.worker.loop import WorkerLoop

Cases = NamedDependency[UseCases]
UserId = NamedDependency[str]
DatasetId = FromPath[str]

BEARER: Final = b"bearer "
SITE: Final = b"sec-fetch-site"  # every browser says by it who asks (W3C Fetch Metadata)
CROSS_SITE: Final = b"cross-site"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})  # RFC 9110 section 9.2.1: they change nothing


class Running(Protocol):
    """What is open while the server runs, whatever the profile."""

    @property
    def settings(self) -> Settings:
        """As the process was started with."""

    @property
    def ports(self) -> Ports:
        """One adapter for each port."""

    @property
    def use_cases(self) -> UseCases:
        """What handlers call."""

    @property
    def worker(self) -> WorkerLoop | None:
        """What processes uploads in this process; None where another one does."""

    @property
    def tracing(self) -> Tracing | None:
        """Who is told what was done; None where it is not wanted."""


class Options(NamedTuple):
    """The settings of the HTTP side.

    Attributes:
        max_upload_bytes: largest file.
        frontend: folder of the built page.
        behind_tls: cookies over HTTPS only, and HSTS.
        cors_origins: whose pages may call the API from another origin.
    """

    max_upload_bytes: int
    frontend: Path
    behind_tls: bool = False
    cors_origins: frozenset[str] = frozenset()


OpenRunning = Callable[[], AbstractAsyncContextManager[Running]]


class AppState(State):
    """What the app carries: see the attributes' types."""

    running: Running
    options: Options
    metrics: Metrics
    started: asyncio.Event
    stopping: asyncio.Event
    working: asyncio.Task[None] | None
    readiness: tuple[float, Readiness] | None


def state_of(request: Request[Any, Any, Any]) -> AppState:
    """The app's state itself: what Litestar injects as ``state`` is a copy made for each request."""
    return cast("AppState", request.app.state)


def provide_use_cases(request: Request[Any, Any, Any]) -> UseCases:
    """The use cases of the running server."""
    return state_of(request).running.use_cases


def user_id_of(request: Request[Any, Any, Any]) -> str:
    """Who is calling, by the bearer token.

    Raises:
        UnauthenticatedError: no token, or one that does not hold.
    """
    state = state_of(request)
    for name, value in request.scope["headers"]:
        if name == b"authorization":
            if value[: len(BEARER)].lower() != BEARER:
                break
            return state.running.use_cases.authenticate(value[len(BEARER) :].decode("latin-1").strip()).user_id
    raise UnauthenticatedError("Sign in first: this needs the header 'Authorization: Bearer <access token>'.")


async def check_request(request: Request[Any, Any, Any]) -> None:
    """Refuse what no handler wants: undeclared query parameters, and changes asked for by another site.

    A hook and no guard: for guards Litestar copies the handler at each request, a tenth of what a cached read takes.
    A handler declares its parameters by ``query_parameters=``; None means that it reads the query itself.

    Raises:
        InvalidInputError: an unknown parameter is a typing error, not something to pass over.
        PermissionDeniedException: a page of another site cannot read our answers unless its origin is allowed; without
            this check its forms could still sign a visitor in to another account.
    """
    scope = request.scope
    if scope["query_string"]:
        known = request.route_handler.opt.get("query_parameters", frozenset())
        if known is not None:
            pairs(scope["query_string"], known)
    if (
        scope["method"] not in SAFE
        and (SITE, CROSS_SITE) in scope["headers"]
        and not CrossOrigin(state_of(request).options.cors_origins).allows(scope)
    ):
        raise PermissionDeniedException("Another site asked for this. Use Driftline's own page, or no browser.")


def client_of(request: Request[Any, Any, Any]) -> str:
    """The caller's network address, for rate limits."""
    return request.client.host if request.client else "unknown"
