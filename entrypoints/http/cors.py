"""Cross-origin resource sharing (WHATWG Fetch section 3.2): which other origins' pages may call this API.

Litestar's own middleware replaces the ``Vary`` header of an answer, which cached analyses need.
"""

from typing import Any, Final

from litestar.types import Send

ALLOWED_METHODS: Final = b"GET, HEAD, POST, PUT, PATCH, DELETE"
ALLOWED_HEADERS: Final = b"Authorization, Content-Type, If-None-Match, X-Request-Id"
EXPOSED_HEADERS: Final = b"Content-Disposition, ETag, Retry-After, X-Cache, X-Request-Id"
PREFLIGHT_SECONDS: Final = b"7200"  # Chromium's upper bound

Headers = tuple[tuple[bytes, bytes], ...]


class CrossOrigin:
    """The allowed origins, and what answers to them carry."""

    def __init__(self, origins: frozenset[str]) -> None:
        self._origins = frozenset(origin.encode() for origin in origins)

    def headers_for(self, scope: Any) -> Headers:
        """What is added to the answer of this request; nothing without an allowed ``Origin``."""
        if not self._origins:
            return ()
        origin = _header(scope, b"origin")
        if origin not in self._origins:
            return ((b"vary", b"Origin"),)
        return (
            (b"access-control-allow-origin", origin),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", EXPOSED_HEADERS),
            (b"vary", b"Origin"),
        )

    def is_preflight(self, scope: Any) -> bool:
        """Whether a browser asks on behalf of an allowed origin if a call is possible."""
        return (
            bool(self._origins)
            and scope["method"] == "OPTIONS"
            and _header(scope, b"origin") in self._origins
            and bool(_header(scope, b"access-control-request-method"))
        )

    def allows(self, scope: Any) -> bool:
        """Whether this request comes from an allowed origin's page."""
        return _header(scope, b"origin") in self._origins


async def answer_preflight(send: Send) -> None:
    """Every method and header that the API knows is possible."""
    headers = [
        (b"access-control-allow-methods", ALLOWED_METHODS),
        (b"access-control-allow-headers", ALLOWED_HEADERS),
        (b"access-control-max-age", PREFLIGHT_SECONDS),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _header(scope: Any, wanted: bytes) -> bytes:
    return next((value for name, value in scope["headers"] if name == wanted), b"")
