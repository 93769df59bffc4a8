"""What handlers are given: the use cases, who is calling, and the few settings HTTP itself needs."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath

from domain.errors import UnauthenticatedError
from entrypoints.bootstrap.wiring import Ports, UseCases
from entrypoints.http.metrics import Metrics
from entrypoints.http.query import pairs
from entrypoints.worker.loop import WorkerLoop

Cases = NamedDependency[UseCases]
UserId = NamedDependency[str]
DatasetId = FromPath[str]

BEARER: Final = b"bearer "


class Running(Protocol):
    """What is open while the server runs, whatever the profile."""

    @property
    def ports(self) -> Ports:
        """One adapter for each port."""

    @property
    def use_cases(self) -> UseCases:
        """What handlers call."""

    @property
    def worker(self) -> WorkerLoop | None:
        """What processes uploads in this process; None where another one does."""


class Options(NamedTuple):
    """The settings of the HTTP side.

    Attributes:
        max_upload_bytes: largest file.
        frontend: folder of the built page.
        behind_tls: cookies over HTTPS only, and HSTS.
    """

    max_upload_bytes: int
    frontend: Path
    behind_tls: bool = False


OpenRunning = Callable[[], AbstractAsyncContextManager[Running]]


class AppState(State):
    """What the app carries: see the attributes' types."""

    running: Running
    options: Options
    metrics: Metrics
    started: asyncio.Event
    stopping: asyncio.Event


def provide_use_cases(state: AppState) -> UseCases:
    """The use cases of the running server."""
    return state.running.use_cases


def provide_user_id(request: Request[Any, Any, Any], state: AppState) -> str:
    """Who is calling, by the bearer token.

    Raises:
        UnauthenticatedError: no token, or one that does not hold.
    """
    for name, value in request.scope["headers"]:
        if name == b"authorization":
            if value[: len(BEARER)].lower() != BEARER:
                break
            return state.running.use_cases.identify(value[len(BEARER) :].decode("latin-1").strip()).user_id
    raise UnauthenticatedError("Sign in first: this needs the header 'Authorization: Bearer <access token>'.")


def refuse_unknown_query(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """A guard: a query parameter that the handler does not declare (``query_parameters=``) is a typing error."""
    if query_string := connection.scope["query_string"]:
        known = handler.opt.get("query_parameters", frozenset())
        if known is not None:
            pairs(query_string, known)


def client_of(request: Request[Any, Any, Any]) -> str:
    """The caller's network address, for rate limits."""
    return request.client.host if request.client else "unknown"
