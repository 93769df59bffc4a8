"""How many requests are in hand at once, in all and per address, and how slowly a body may come.

Beyond a limit a request is answered at once, with 503 or 429 and Retry-After: what waits unanswered looks like an
outage to a load balancer, and cannot be told from one by a person. Health and metrics are always answered.
"""

import asyncio
from collections import Counter
from typing import Any, Final

from litestar import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from domain.errors import DriftlineError, OverloadedError, RateLimitedError, SlowSenderError
from entrypoints.http.problems import METHODS_WITH_BODY, on_error

# One process carries 2,000 followed uploads, each an open event stream, and as many requests again beside them.
IN_ALL: Final = 4_096
PER_ADDRESS: Final = IN_ALL // 2  # an office behind one address; it cannot take the other half
RETRY_SECONDS: Final = 5
SLOW_SECONDS: Final = 30.0  # without one byte of a body: longer than a phone needs to change cells
ALWAYS: Final = frozenset({"/api/health/live", "/api/health/ready", "/metrics"})


class RequestLimits:
    """Wraps the routes, inside what gives every answer its headers and its log line."""

    def __init__(self, app: ASGIApp, in_all: int = IN_ALL, per_address: int = PER_ADDRESS) -> None:
        self._app = app
        self._in_all = in_all
        self._per_address = per_address
        self._of_address: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, or refuse it."""
        if scope["type"] != ScopeType.HTTP or scope["path"] in ALWAYS:
            await self._app(scope, receive, send)
            return
        client = scope["client"]
        address = client[0] if client else ""
        if (refusal := self._refusal(address)) is not None:
            await _answer(scope, refusal, send)
            return
        self._of_address[address] += 1
        try:
            await self._app(scope, _impatient(receive) if scope["method"] in METHODS_WITH_BODY else receive, send)
        finally:
            self._of_address[address] -= 1
            if not self._of_address[address]:
                del self._of_address[address]

    def _refusal(self, address: str) -> DriftlineError | None:
        if self._of_address[address] >= self._per_address:
            return RateLimitedError(
                f"{self._per_address:,} requests from this address are in hand already. Try again in a moment.",
                retryAfterSeconds=RETRY_SECONDS,
            )
        if self._of_address.total() >= self._in_all:
            return OverloadedError(
                "The server has as many requests in hand as it can answer. Try again in a moment.",
                retryAfterSeconds=RETRY_SECONDS,
            )
        return None


def _impatient(receive: Receive) -> Receive:
    """Return the same body; a client that sends none of it for ``SLOW_SECONDS`` is refused."""
    ended = False

    async def receiving() -> Any:
        nonlocal ended
        if ended:  # what is waited for is no longer the body, but the client hanging up
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), SLOW_SECONDS)
        except TimeoutError as error:
            raise SlowSenderError(
                f"No byte of the request came for {SLOW_SECONDS:g} seconds, so it was given up. Send it again."
            ) from error
        ended = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return receiving


async def _answer(scope: Scope, error: DriftlineError, send: Send) -> None:
    response = on_error(Request(scope), error)
    content = bytes(response.content)
    headers = {"content-type": str(response.media_type), "content-length": str(len(content)), **response.headers}
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": int(response.status_code or 503), "headers": encoded})
    await send({"type": "http.response.body", "body": content, "more_body": False})
