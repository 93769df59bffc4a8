"""The built page: compressed beforehand, hashed assets for ever, the page itself revalidated each time."""

import asyncio
import hashlib
import mimetypes
import re
from pathlib import Path
from typing import Any, Final

from litestar import Request, route
from litestar.enums import HttpMethod
from litestar.exceptions import NotFoundException
from litestar.response import Response

from entrypoints.http.context import AppState

IMMUTABLE: Final = "public, max-age=31536000, immutable"  # RFC 8246; the name changes with the content
REVALIDATE: Final = "no-cache"
ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))  # the smaller one first
_HASHED: Final = re.compile(r"[-.][A-Za-z0-9_-]{8,}\.\w+$")  # Vite: name-8chars.ext, in assets/
TYPES: Final = {
    # Not left to the machine's own tables: a wrong one there, and nosniff keeps scripts from running.
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".html": "text/html",
    ".json": "application/json",
    ".map": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}
MISSING: Final = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Driftline</title>
<body style="font-family:system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem">
<h1>The page has not been built yet</h1>
<p>The server runs, but there is no built page. Build it with <code>make run</code>, or by hand with
<code>npm ci &amp;&amp; npm run build</code> in the folder <code>frontend</code>, then reload.</p>
<p>The API works meanwhile: see <a href="/api/docs">/api/docs</a>.</p></body></html>
"""


@route(
    ["/", "/{path:path}"],
    http_method=[HttpMethod.GET, HttpMethod.HEAD],
    include_in_schema=False,
    query_parameters=None,
)
async def page(request: Request[Any, Any, Any], state: AppState) -> Response[bytes]:
    """A file of the build, or the page itself for a path that only the page knows."""
    path = request.scope["path"].lstrip("/")
    if path == "api" or path.startswith("api/"):
        raise NotFoundException
    root = state.options.frontend
    file = await asyncio.to_thread(_find, root, path)
    if file is None and "." not in path.rpartition("/")[2]:
        file = await asyncio.to_thread(_find, root, "index.html")
        if file is None:
            return _answer(request, MISSING, "text/html", {"cache-control": REVALIDATE}, status=503)
    if file is None:
        raise NotFoundException
    return await asyncio.to_thread(_serve, request, file, _caching(root, file))


def _find(root: Path, path: str) -> Path | None:
    try:
        # A link or a ".." that leads outside is no file of ours.
        candidate = (root / (path or "index.html")).resolve()
        return candidate if candidate.is_relative_to(root.resolve()) and candidate.is_file() else None
    except (OSError, ValueError):  # a name that no file system takes: too long, or with a NUL
        return None


def _caching(root: Path, file: Path) -> str:
    inside = file.relative_to(root.resolve())
    return IMMUTABLE if inside.parts[0] == "assets" and _HASHED.search(file.name) else REVALIDATE


def _serve(request: Request[Any, Any, Any], file: Path, caching: str) -> Response[bytes]:
    accepted = request.headers.get("accept-encoding", "")
    headers = {"cache-control": caching, "vary": "Accept-Encoding"}
    source = file
    for encoding, suffix in ENCODINGS:
        compressed = file.with_name(file.name + suffix)
        if encoding in accepted and compressed.is_file():
            source = compressed
            headers["content-encoding"] = encoding
            break
    content = source.read_bytes()
    headers["etag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if request.headers.get("if-none-match") == headers["etag"]:
        headers.pop("content-encoding", None)
        return Response(b"", status_code=304, headers=headers)
    kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return _answer(request, content, kind, headers)


def _answer(
    request: Request[Any, Any, Any], content: bytes, kind: str, headers: dict[str, str], *, status: int = 200
) -> Response[bytes]:
    if request.method == "HEAD":
        headers["content-length"] = str(len(content))
        content = b""
    return Response(content, media_type=kind, headers=headers, status_code=status)
