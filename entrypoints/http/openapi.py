"""The OpenAPI document of the API, as it is described by its handlers and completed here."""

from functools import cache
from typing import Any, Final

import msgspec
from litestar import Litestar
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, License, SecurityScheme, Server, Tag

from domain.reports.report import MEDIA_TYPES
from entrypoints.http.handlers.auth import COOKIE
from entrypoints.http.problems import MEDIA_TYPE, Problem
from entrypoints.http.routes import api
from entrypoints.http.schemas import RequestBody
from entrypoints.version import program_version

DOWNLOADS: Final = frozenset({"getReport", "readLinkedReport"})  # a file of the report's own format
EVENT_STREAM: Final = "text/event-stream"
_ABOUT: Final = """Upload a dataset, see what in it is abnormal, how sure that is, and why.

Sign in with `POST /api/auth/login` and send the access token as `Authorization: Bearer`. Every failure is an
`application/problem+json` (RFC 9457) whose `code` is stable. Another user's dataset is a 404, as if it did not exist.
"""


@cache
def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document of the API. Needs no server, no file and no settings."""
    app = Litestar(
        route_handlers=[api()],
        openapi_config=OpenAPIConfig(
            title="Driftline",
            version=program_version(),
            description=_ABOUT,
            license=License(name="Apache-2.0", identifier="Apache-2.0"),
            servers=[Server(url="/")],
            use_handler_docstrings=True,
            components=Components(
                security_schemes={
                    "accessToken": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT"),
                    "refreshCookie": SecurityScheme(type="apiKey", name=COOKIE, security_scheme_in="cookie"),
                }
            ),
            tags=[
                Tag(name="Accounts", description="Who is asking."),
                Tag(name="Datasets", description="From a file to rows."),
                Tag(name="Versions", description="What changed since the last file."),
                Tag(name="Analyses", description="From rows to explained anomalies."),
                Tag(name="Verdicts", description="What the anomalies were."),
                Tag(name="Calendar", description="Holidays and events that explain days."),
                Tag(name="Samples", description="Try it without a file of your own."),
                Tag(name="Health", description="For those who run it."),
            ],
        ),
    )
    return _completed(app.openapi_schema.to_schema())


def _completed(described: dict[str, Any]) -> dict[str, Any]:
    """Say what the framework's generator cannot: see the comments."""
    schemas = described["components"]["schemas"]
    requests = {kind.__name__ for kind in _bodies(RequestBody)}
    for name, schema in schemas.items():
        # A default is for those who leave a field out; answers hold every field.
        if name not in requests and schema.get("properties"):
            schema["required"] = sorted(set(schema["properties"]) - ({"field"} if name == Problem.__name__ else set()))
    paths = {path.replace("{dataset_id}", "{datasetId}"): item for path, item in described["paths"].items()}
    for method, operation in ((method, operation) for item in paths.values() for method, operation in item.items()):
        for parameter in operation.get("parameters", ()):
            if parameter["name"] == "dataset_id":
                parameter["name"] = "datasetId"
        _complete_responses(method, operation)
    completed: dict[str, Any] = _with_any_of({**described, "paths": paths})
    return completed


def _bodies(kind: type[RequestBody]) -> list[type[RequestBody]]:
    return [kind, *(body for part in kind.__subclasses__() for body in _bodies(part))]


def _complete_responses(method: str, operation: dict[str, Any]) -> None:
    problem = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}}
    responses = operation["responses"]
    if operation["operationId"] in DOWNLOADS:
        responses["200"]["content"] = {kind.partition(";")[0]: {"schema": {}} for kind in MEDIA_TYPES.values()}
    for content in (response.get("content", {}) for response in responses.values()):
        if EVENT_STREAM in content:
            content[EVENT_STREAM]["schema"] = _event(content[EVENT_STREAM]["schema"])
    responses.get("204", {}).pop("content", None)
    if operation["operationId"] not in {"live", "ready"}:
        for status, description in _of_every_call(method, operation).items():
            responses.setdefault(status, {"description": description, "content": problem})


def _event(data: dict[str, Any]) -> dict[str, Any]:
    """One event of a stream, as a browser reads it: its data are JSON."""
    return {
        "type": "object",
        "required": ["event", "data"],
        "properties": {
            "event": {"type": "string", "const": "progress"},
            "data": {"type": "string", "contentMediaType": "application/json", "contentSchema": data},
        },
    }


def _with_any_of(part: Any) -> Any:
    """``oneOf`` wants exactly one to match, but a whole number is an integer and a number."""
    if isinstance(part, dict):
        return {"anyOf" if name == "oneOf" else name: _with_any_of(inner) for name, inner in part.items()}
    return [_with_any_of(inner) for inner in part] if isinstance(part, list) else part


def _of_every_call(method: str, operation: dict[str, Any]) -> dict[str, str]:
    """What any call of this kind may answer, beside what its handler says."""
    answers = {
        "400": "`invalid_input`: An unknown parameter, or a value that is not possible.",
        "500": "`internal`: A failure of the server; its log has it under the request id.",
        "503": "`unavailable`: A store does not answer; try again after `Retry-After` seconds.",
    }
    if method != "get":
        answers["403"] = "`cross_site`: Another site's page asked for this, and the settings do not allow its origin."
    if "requestBody" in operation:
        answers["413"] = "`body_too_large`: More than the server takes."
    return answers


@cache
def rendered() -> bytes:
    """The document as JSON, indented, ending with a line break: what is committed for the page's types."""
    return msgspec.json.format(msgspec.json.encode(document()), indent=2) + b"\n"
