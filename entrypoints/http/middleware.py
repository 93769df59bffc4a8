"""What every request passes on its way in and out: its id, the security headers, one log line, the metrics."""

import asyncio
import contextlib
import os
import re
from http import HTTPStatus
from time import perf_counter
from typing import Any, Final

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from entrypoints.http.cors import CrossOrigin, answer_preflight
from entrypoints.http.metrics import Metrics

# As strict as the charts and their PNG export allow.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; "
    "form-action 'self'"
)
CONNECT: Final = "connect-src 'self'"
HSTS: Final = "max-age=63072000; includeSubDomains"  # two years, as hstspreload.org asks
SECURITY_HEADERS: Final = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
POLLED: Final = frozenset({"/api/health/live", "/api/health/ready", "/metrics"})  # every few seconds, by machines
WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
LINGER_SECONDS: Final = 30.0  # this and the next as Nginx does it: lingering_time, lingering_timeout
LINGER_IDLE_SECONDS: Final = 5.0
UNMATCHED: Final = "unmatched"
_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")  # what may go into a log and back into a header

log = structlog.get_logger("driftline.http")


class CountedBody:
    """A request's body, with a note whether it was read to its end."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ended = False

    async def __call__(self) -> Any:
        """The next message of the body."""
        message = await self._receive()
        self._ended = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def drain(self) -> None:
        """Read and drop what is left after a refusal, for a while.

        Closing a connection on which bytes still come in resets it, and the reset overtakes our answer: the client
        would see a broken connection instead of the reason.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                while not self._ended:
                    await asyncio.wait_for(self(), LINGER_IDLE_SECONDS)


class RequestMiddleware:
    """Wraps the whole app, so that answers of the router itself (404, 405) pass here too."""

    def __init__(self, app: ASGIApp, metrics: Metrics, cross_origin: CrossOrigin, *, behind_tls: bool) -> None:
        self._app = app
        self._cross_origin = cross_origin
        self._metrics = metrics
        hsts = ((b"strict-transport-security", HSTS.encode()),) if behind_tls else ()
        self._headers: tuple[tuple[bytes, bytes], ...] = (*SECURITY_HEADERS, *hsts)

    def allow_sending_to(self, origin: str) -> None:
        """Let the page send files there: where the store takes them from browsers."""
        allowed = CONTENT_SECURITY_POLICY.replace(CONNECT, f"{CONNECT} {origin}").encode()
        self._headers = tuple(
            (name, allowed if name == b"content-security-policy" else value) for name, value in self._headers
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        request_id = _request_id(scope)
        scope["state"]["request_id"] = request_id
        structlog.contextvars.bind_contextvars(request_id=request_id)
        status = 0
        body = CountedBody(receive)
        extra = (*self._headers, *self._cross_origin.headers_for(scope), (b"x-request-id", request_id.encode()))

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _completed(message["headers"], extra)
            await send(message)

        try:
            if self._cross_origin.is_preflight(scope):
                await answer_preflight(sending)
            else:
                await self._app(scope, body if scope["method"] in WITH_BODY else receive, sending)
        finally:
            self._note(scope, status, perf_counter() - started)
            structlog.contextvars.unbind_contextvars("request_id")
        if status >= HTTPStatus.BAD_REQUEST and scope["method"] in WITH_BODY:
            await body.drain()

    def _note(self, scope: Any, status: int, seconds: float) -> None:
        route = scope.get("path_template") or UNMATCHED
        method = scope["method"]
        self._metrics.request(method, route, status, seconds)
        note = log.debug if route in POLLED else log.info
        note("request", method=method, route=route, status=int(status), ms=round(1000 * seconds, 2))


def _completed(headers: Any, extra: tuple[tuple[bytes, bytes], ...]) -> list[tuple[bytes, bytes]]:
    completed = [*headers, *extra]
    if not any(name == b"cache-control" for name, _ in headers):
        completed.append((b"cache-control", b"no-store"))
    return completed


def _request_id(scope: Any) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            text: str = value.decode()
            return text
    return os.urandom(8).hex()
