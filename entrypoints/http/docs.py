"""The OpenAPI document and a page to try it out, without any other server: Swagger UI comes with a PyPI package."""

import asyncio
import importlib.util
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
from litestar import Litestar, Router, get
from litestar.di import Provide
from litestar.exceptions import NotFoundException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, License, SecurityScheme, Server, Tag
from litestar.params import FromPath
from litestar.response import Response

from entrypoints.http import analytics, annotations, auth, datasets, health, reports, samples, versions
from entrypoints.http.context import provide_use_cases, user_id_of
from entrypoints.http.problems import MEDIA_TYPE, Problem
from entrypoints.http.schemas import Body, SettingsBody

DOCUMENT_VERSION: Final = "1.0.0"  # of the API, not of the program
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
_ABOUT: Final = """Upload a dataset, see what in it is abnormal, how sure that is, and why.

Sign in with `POST /api/auth/login` and send the access token as `Authorization: Bearer`. Every failure is an
`application/problem+json` (RFC 9457) whose `code` is stable. Somebody else's dataset is a 404, as if it did not exist.
"""


def api() -> Router:
    """All documented routes, with what their handlers are given."""
    return Router(
        "/api",
        route_handlers=[
            auth.ROUTER,
            datasets.ROUTER,
            versions.ROUTER,
            analytics.ROUTER,
            annotations.ROUTER,
            reports.ROUTER,
            samples.ROUTER,
            health.ROUTER,
        ],
        dependencies={
            "use_cases": Provide(provide_use_cases, sync_to_thread=False),
            "user_id": Provide(user_id_of, sync_to_thread=False),
        },
    )


@cache
def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document of the API. Needs no server, no file and no settings."""
    app = Litestar(
        route_handlers=[api()],
        openapi_config=OpenAPIConfig(
            title="Driftline",
            version=DOCUMENT_VERSION,
            description=_ABOUT,
            license=License(name="Apache-2.0", identifier="Apache-2.0"),
            servers=[Server(url="/")],
            use_handler_docstrings=True,
            components=Components(
                security_schemes={
                    "accessToken": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT"),
                    "refreshCookie": SecurityScheme(type="apiKey", name=auth.COOKIE, security_scheme_in="cookie"),
                }
            ),
            tags=[
                Tag(name="Accounts", description="Who is asking."),
                Tag(name="Datasets", description="From a file to rows."),
                Tag(name="Versions", description="What changed since the last file."),
                Tag(name="Analyses", description="From rows to explained anomalies."),
                Tag(name="Verdicts", description="What the anomalies were."),
                Tag(name="Samples", description="Try it without a file of your own."),
                Tag(name="Health", description="For those who run it."),
            ],
        ),
    )
    return _completed(app.openapi_schema.to_schema())


def _completed(described: dict[str, Any]) -> dict[str, Any]:
    """Say what the framework's generator cannot: see the comments."""
    schemas = described["components"]["schemas"]
    requests = {kind.__name__ for kind in (*Body.__subclasses__(), *SettingsBody.__subclasses__())}
    for name, schema in schemas.items():
        # A default is for those who leave a field out; answers hold every field.
        if name not in requests and schema.get("properties"):
            schema["required"] = sorted(set(schema["properties"]) - ({"field"} if name == Problem.__name__ else set()))
    problem = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}}
    paths = {path.replace("{dataset_id}", "{datasetId}"): item for path, item in described["paths"].items()}
    for operation in (operation for item in paths.values() for operation in item.values()):
        for parameter in operation.get("parameters", ()):
            if parameter["name"] == "dataset_id":
                parameter["name"] = "datasetId"
        responses = operation["responses"]
        responses.get("204", {}).pop("content", None)
        if operation["operationId"] not in {"live", "ready"}:
            responses["default"] = {"description": "Any other failure, `internal` among them.", "content": problem}
    return {**described, "paths": paths}


@cache
def rendered() -> bytes:
    """The document as JSON, indented, ending with a line break: what is committed for the page's types."""
    return msgspec.json.format(msgspec.json.encode(document()), indent=2) + b"\n"


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
