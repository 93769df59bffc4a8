"""A span around each request, where traces are asked for."""

from http import HTTPStatus
from typing import Any, Final

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from entrypoints.http.middleware import POLLED, UNMATCHED
from entrypoints.tracing import Tracing

TRACEPARENT: Final = b"traceparent"  # W3C Trace Context: the caller's span, which ours becomes a part of


class Traced:
    """Wraps the app, the edge included: the log line of a request carries its trace."""

    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        self._app = app
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != ScopeType.HTTP or scope["path"] in POLLED:
            await self._app(scope, receive, send)
            return
        parent = next((value.decode("latin-1") for name, value in scope["headers"] if name == TRACEPARENT), "")
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with self._tracing.span(scope["method"], kind="server", parent=parent) as span:
            with structlog.contextvars.bound_contextvars(trace_id=f"{span.get_span_context().trace_id:032x}"):
                await self._app(scope, receive, sending)
            _describe(span, scope, status)


def _describe(span: Any, scope: Any, status: int) -> None:
    """By OpenTelemetry's semantic conventions for HTTP servers; the path is left out, for it names datasets."""
    from opentelemetry.trace import StatusCode  # noqa: PLC0415 - an extra of the package

    route = scope.get("path_template") or UNMATCHED
    span.update_name(f"{scope['method']} {route}")
    span.set_attributes(
        {"http.request.method": scope["method"], "http.route": route, "http.response.status_code": status}
    )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        span.set_status(StatusCode.ERROR)
