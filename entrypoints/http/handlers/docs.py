"""The OpenAPI document and a page to try it out, without any other server: Swagger UI comes with a PyPI package."""

import asyncio
import importlib.util
from pathlib import Path
from typing import Final

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Response

from entrypoints.http.openapi import rendered

ASSETS: Final = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}
A_DAY: Final = "public, max-age=86400"  # they change with a release of the package only
PAGE: Final = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Driftline API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body style="margin:0">
<main id="docs"></main>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
"""
# A file of its own: the Content-Security-Policy runs no script that stands in the page.
START: Final = b"""SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
"""


@get("/api/openapi.json", include_in_schema=False)
async def openapi_json() -> Response[bytes]:
    """The document."""
    return Response(
        await asyncio.to_thread(rendered), media_type="application/json", headers={"cache-control": "no-cache"}
    )


@get("/api/docs", include_in_schema=False)
async def docs_page() -> Response[bytes]:
    """The page that shows it."""
    return Response(PAGE, media_type="text/html", headers={"cache-control": "no-cache"})


@get("/api/docs/{name:str}", include_in_schema=False)
async def docs_asset(name: FromPath[str]) -> Response[bytes]:
    """One of the page's own files."""
    if name == "start.js":
        return Response(START, media_type="text/javascript", headers={"cache-control": "no-cache"})
    if name not in ASSETS:
        raise NotFoundException
    content = await asyncio.to_thread((_assets() / name).read_bytes)
    return Response(content, media_type=ASSETS[name], headers={"cache-control": A_DAY})


def _assets() -> Path:
    # Found, not imported: the package's own code would pull in templates for other frameworks.
    spec = importlib.util.find_spec("swagger_ui")
    if spec is None or spec.origin is None:
        raise NotFoundException
    return Path(spec.origin).parent / "static"
