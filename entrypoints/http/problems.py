"""Every failure as RFC 9457 problem+json. This module alone turns an error's class into an HTTP number."""

import re
from collections import defaultdict
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final

import msgspec
import structlog
from litestar import Request
from litestar.exceptions import HTTPException, LitestarException, MethodNotAllowedException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.response import Response

from domain import errors
from domain.analysis.settings import AnalysisSettings
from domain.detection.settings import Reported
from domain.feedback.verdict import VerdictKind
from domain.reports.report import ReportFormat
from domain.timeseries.aggregation import Aggregate, Granularity
from entrypoints.parameters import option_fields

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_UNAVAILABLE: Final = 5  # seconds; a store that is restarted is back by then (test-services.md: 0.1-4 s)
RETRY_AFTER_PROCESSING: Final = 2  # seconds; most files are read and analysed within that
CLIENT_GONE: Final = "client disconnected prematurely"  # Litestar's words, at a broken chunk too
DECODING: Final = "deserializing"  # msgspec's word, for JSON that is nested beyond Python's own limit
INTERNAL: Final = "internal"

STATUS: Final[dict[type[errors.DriftlineError], HTTPStatus]] = {
    errors.DriftlineError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.RefusedError: HTTPStatus.BAD_REQUEST,
    errors.UnauthenticatedError: HTTPStatus.UNAUTHORIZED,
    errors.EmailTakenError: HTTPStatus.CONFLICT,
    errors.RateLimitedError: HTTPStatus.TOO_MANY_REQUESTS,
    errors.SlowSenderError: HTTPStatus.REQUEST_TIMEOUT,
    errors.NotFoundError: HTTPStatus.NOT_FOUND,
    errors.LinkExpiredError: HTTPStatus.GONE,
    errors.ConflictError: HTTPStatus.CONFLICT,
    errors.UnsupportedError: HTTPStatus.NOT_IMPLEMENTED,
    errors.UploadTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.TooManyPointsError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnusableFileError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
}

# What the framework refuses before a use case is asked.
FRAMEWORK_CODES: Final[dict[int, str]] = {
    HTTPStatus.BAD_REQUEST: errors.InvalidInputError.code,
    HTTPStatus.UNAUTHORIZED: errors.UnauthenticatedError.code,
    HTTPStatus.FORBIDDEN: "cross_site",
    HTTPStatus.NOT_FOUND: "route_not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "body_too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
}

# msgspec says only that a value is not among the choices: these are the fields that have some.
CHOICES: Final[dict[str, type[StrEnum]]] = {
    "granularity": Granularity,
    "aggregate": Aggregate,
    "direction": Reported,
    "verdict": VerdictKind,
    "format": ReportFormat,
}
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
METHODS_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
# msgspec names Python's types; a sender of JSON knows others.
PLAIN_TYPES: Final = {"str": "text", "int": "a whole number", "float": "a number", "bool": "true or false"}
_TYPE: Final = re.compile(r"`(\w+)`")
BOUNDS: Final = {"<=": "most", ">=": "least"}
_BOUND: Final = re.compile(r" (<=|>=) (-?\d+)(?:\.0)?(?![\d.])")
_AT: Final = " - at `$"  # the path of the value follows, and a backtick
_MISSING: Final = re.compile(r"Object missing required field `(.+)`")
_UNKNOWN: Final = re.compile(r"Object contains unknown field `(.+)`")

# What every call that needs a user may answer.
SIGNED_IN: Final = (
    errors.InvalidInputError,
    errors.UnauthenticatedError,
    errors.InvalidTokenError,
    errors.ExpiredTokenError,
)

log = structlog.get_logger("driftline.http")


class ClientGoneError(Exception):
    """The client hung up while its request was being read: there is no one left to answer."""


class Problem(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """RFC 9457. Further members carry the facts that ``detail`` mentions (``field``, ``metrics``, ``limitBytes`` ...).

    Attributes:
        type: a URN made of ``code``.
        code: stable name of the kind of problem; rely on this one.
        request_id: what the server's log calls this request.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str = ""
    field: str | None = None


def status_of(error: type[errors.DriftlineError]) -> HTTPStatus:
    """The HTTP status of a class of errors: that of its nearest ancestor in ``STATUS``."""
    return next(STATUS[ancestor] for ancestor in error.__mro__ if ancestor in STATUS)


def documented(*kinds: type[errors.DriftlineError]) -> dict[int, ResponseSpec]:
    """The problems an operation may answer with, for OpenAPI: one response per status, one example per code."""
    by_status: defaultdict[int, list[type[errors.DriftlineError]]] = defaultdict(list)
    for kind in kinds:
        by_status[status_of(kind)].append(kind)
    return {
        status: ResponseSpec(
            data_container=Problem,
            description="; ".join(f"`{kind.code}`: {_first_sentence(kind)}" for kind in same),
            media_type=MEDIA_TYPE,
            generate_examples=False,
            examples=[Example(id=kind.code, summary=kind.code, value=_example(kind, status)) for kind in same],
        )
        for status, same in sorted(by_status.items())
    }


def on_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer for any exception a handler let through."""
    if isinstance(error, errors.DriftlineError):
        return _ours(request, error)
    if isinstance(error, HTTPException) and error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        return _framework(request, error)
    if isinstance(error, ClientGoneError) or (isinstance(error, HTTPException) and error.detail == CLIENT_GONE):
        return _answer(
            request,
            HTTPStatus.BAD_REQUEST,
            "client_gone",
            "The body is broken or was not sent to its end.",
        )
    if isinstance(error, RecursionError) and DECODING in str(error):
        return _answer(request, HTTPStatus.BAD_REQUEST, "malformed_body", "The JSON is nested too deeply.")
    return _internal(request, error)


def _ours(request: Request[Any, Any, Any], error: errors.DriftlineError) -> Response[bytes]:
    status = status_of(type(error))
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return _internal(request, error)
    headers: dict[str, str] = {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = "Bearer"
    elif status == HTTPStatus.TOO_MANY_REQUESTS:
        headers["retry-after"] = str(error.details.get("retryAfterSeconds", 60))
    elif isinstance(error, errors.DatasetNotReadyError) and "failure" not in error.details:
        headers["retry-after"] = str(RETRY_AFTER_PROCESSING)
    elif status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["retry-after"] = str(error.details.get("retryAfterSeconds", RETRY_AFTER_UNAVAILABLE))
        log.warning("unavailable", dependency=error.details.get("dependency"), cause=repr(error.__cause__))
        log.warning("dependency unavailable", error=error.message, **error.details)
    return _answer(request, status, error.code, error.message, error.details, headers)


def _framework(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    status = HTTPStatus(error.status_code)
    code = FRAMEWORK_CODES.get(status, status.phrase.lower().replace(" ", "_"))
    headers = dict(error.headers or {})
    details: dict[str, object] = {}
    path = request.scope["path"]
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        errors = [_field_error(entry) for entry in error.extra]
        detail = " ".join(text for _, text in errors)
        if errors and errors[0][0]:
            details["field"] = errors[0][0]
    elif isinstance(error, MethodNotAllowedException):
        allowed = ", ".join(_allowed(request, path))
        headers["allow"] = allowed
        detail = f"{request.method} is not possible on {path}; use {allowed}."
    elif status == HTTPStatus.NOT_FOUND:
        detail = f"There is nothing at {path}. The paths are listed at /api/docs."
    else:
        detail = _parse_error(error.detail)
        if status == HTTPStatus.BAD_REQUEST and request.method in METHODS_WITH_BODY:
            code = "malformed_body"
    return _answer(request, status, code, detail, details, headers)


def _internal(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    log.error("unexpected error", path=request.scope["path"], exc_info=_cause(error))
    return _answer(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        INTERNAL,
        "Something went wrong on our side; it has been logged. Try again, and mention the request id if it stays.",
    )


def _cause(error: Exception) -> BaseException:
    # Litestar wraps what happens after a response began; the cause is what one wants to read.
    return error.__cause__ if isinstance(error, LitestarException) and error.__cause__ else error


def _answer(
    request: Request[Any, Any, Any],
    status: HTTPStatus,
    code: str,
    detail: str,
    details: dict[str, object] | None = None,
    headers: dict[str, str] | None = None,
) -> Response[bytes]:
    body: dict[str, object] = {
        "type": f"urn:driftline:problem:{code}",
        "title": _title(code),
        "status": int(status),
        "detail": detail,
        "instance": request.scope["path"],
        "code": code,
        "requestId": request.scope["state"].get("request_id", ""),
    }
    body |= {name: fact for name, fact in (details or {}).items() if name not in body}
    return Response(
        msgspec.json.encode(body),
        status_code=int(status),
        media_type=MEDIA_TYPE,
        headers={"cache-control": "no-store", **(headers or {})},
    )


def _field_error(entry: Any) -> tuple[str, str]:
    # One of Litestar's {key, message, source}: say which field, and what it should be.
    message = str(entry.get("message", ""))
    field = str(entry.get("key", ""))
    before, mark, place = message.rpartition(_AT)
    if mark and place.endswith("`"):
        field, message = place[:-1].removeprefix(".") or field, before
    if missing := _MISSING.match(message):
        return missing[1], f"{missing[1]} is missing."
    if unknown := _UNKNOWN.match(message):
        return unknown[1], f"{unknown[1]} is not a field of this request."
    if message.startswith("Invalid enum value") and field in CHOICES:
        return field, f"{field}: {message[19:]} is not possible; choose one of {choices(CHOICES[field])}."
    if field == "data":  # Litestar's name for the body as a whole
        return "", "The body must be a JSON object."
    if _BOUND.search(message) and (limits := _limits(field)):
        return field, f"{field}: {limits}."
    message = _BOUND.sub(lambda bound: f" of at {BOUNDS[bound[1]]} {bound[2]}", message)
    return field, f"{field}: {_TYPE.sub(_plain_type, message).lower()}."


def _limits(field: str) -> str:
    """The range of a setting, in the words in which queries are refused; empty for other fields."""
    return next((option.range for option in option_fields(AnalysisSettings) if option.body_name == field), "")


def _plain_type(match: re.Match[str]) -> str:
    return PLAIN_TYPES.get(match[1], match[1])


def choices(kind: type[StrEnum]) -> str:
    """The values of an enumeration as a message names them."""
    return ", ".join(kind)


def _parse_error(detail: str) -> str:
    return detail.removeprefix("400: ").rstrip(".") + "."


def _allowed(request: Request[Any, Any, Any], path: str) -> list[str]:
    router = request.app.asgi_router
    methods = []
    for method in METHODS:
        try:
            router.handle_routing(path=path, method=method)
        except HTTPException:
            continue
        methods.append(method)
    return methods


def _title(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _first_sentence(kind: type[errors.DriftlineError]) -> str:
    return (kind.__doc__ or kind.code).split(". ")[0].split("\n")[0].rstrip(".")


def _example(kind: type[errors.DriftlineError], status: int) -> dict[str, object]:
    return {
        "type": f"urn:driftline:problem:{kind.code}",
        "title": _title(kind.code),
        "status": int(status),
        "detail": _first_sentence(kind) + ".",
        "instance": "/api/...",
        "code": kind.code,
        "requestId": "5f2a9c1e7b3d4e60",
    }
