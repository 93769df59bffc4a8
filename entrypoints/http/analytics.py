"""Analyses: compute, read, zoom. A finished body is served as it is kept: no parsing, no encoding on a hit."""

import gzip
from http import HTTPStatus
from time import perf_counter
from typing import Any, Final, cast

from litestar import Request, Router, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody
from litestar.response.base import ASGIResponse
from litestar.types import Message, Receive, Scope, Send
from typing_extensions import override

from domain import errors
from domain.analysis import Analysis, SeriesView
from domain.caching import CacheEntry
from entrypoints.http.context import AppState, Cases, DatasetId, UserId, state_of, user_id_of
from entrypoints.http.documents import AnalysisOperation, SeriesOperation
from entrypoints.http.problems import SIGNED_IN, documented
from entrypoints.http.query import analysis_query, series_query, settings_of
from entrypoints.http.schemas import RunBody

REFUSALS: Final = (
    *SIGNED_IN,
    errors.DatasetNotFoundError,
    errors.MetricNotFoundError,
    errors.DatasetNotReadyError,
    errors.TooManyPointsError,
)
SHARED_HEADERS: Final = (
    (b"cache-control", b"private, no-cache"),  # the browser may keep it, but must ask whether it still holds
    (b"vary", b"Accept-Encoding, Authorization"),
)
BODY: Final = {
    200: ResponseSpec(Analysis, description="The analysis; `X-Cache: hit|miss`.", generate_examples=False),
}
NOT_MODIFIED: Final = {304: ResponseSpec(None, description="`If-None-Match` names the current `ETag`.")}


@get(
    "/{dataset_id:str}",
    operation_id="getAnalysis",
    summary="Get an analysis",
    operation_class=AnalysisOperation,
    responses=documented(*REFUSALS) | BODY | NOT_MODIFIED,
    query_parameters=None,
)
async def get_analysis(request: Request[Any, Any, Any], dataset_id: DatasetId) -> ASGIResponse:
    """The analysis of one metric, from the cache if it is there, computed if not."""
    # Asks for nothing to be injected: two dependencies are resolved in a task group, which takes longer than the rest.
    state = state_of(request)
    started = perf_counter()
    user_id = user_id_of(request)
    asked = analysis_query(request.scope["query_string"])
    entry, hit = await state.running.use_cases.get_analysis(
        user_id, dataset_id, asked.metric, asked.settings, asked.version
    )
    if hit:
        state.metrics.cache_hits.inc()
    else:
        state.metrics.cache_misses.inc()
        state.metrics.analysis_seconds.observe(perf_counter() - started)
    return _served(request, entry, b"hit" if hit else b"miss")


@post(
    "/run",
    operation_id="runAnalysis",
    summary="Compute an analysis anew",
    status_code=200,
    responses=documented(*REFUSALS) | BODY,
)
async def run_analysis(
    data: JSONBody[RunBody], request: Request[Any, Any, Any], state: AppState, use_cases: Cases, user_id: UserId
) -> ASGIResponse:
    """Compute it whatever is kept, and renew the cache."""
    started = perf_counter()
    entry = await use_cases.run_analysis(user_id, data.dataset_id, data.metric, settings_of(data))
    state.metrics.analysis_seconds.observe(perf_counter() - started)
    return _served(request, entry, b"miss")


@get(
    "/{dataset_id:str}/series",
    operation_id="getSeries",
    summary="Zoom into a series",
    operation_class=SeriesOperation,
    responses=documented(*REFUSALS),
    query_parameters=None,
)
async def get_series(
    request: Request[Any, Any, Any], use_cases: Cases, user_id: UserId, dataset_id: DatasetId
) -> SeriesView:
    """Denser points for a stretch of time."""
    asked = series_query(request.scope["query_string"])
    which = asked.analysis
    return await use_cases.get_series(
        user_id, dataset_id, which.metric, which.settings, which.version, asked.start, asked.end, asked.points
    )


class FinishedBody(ASGIResponse):
    """An answer whose bytes are at hand; its base class would look through the headers once for each of them."""

    __slots__ = ("_start",)

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        self._start = {"type": "http.response.start", "status": status, "headers": headers}
        self.body = body

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(cast("Message", self._start))
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


def _served(request: Request[Any, Any, Any], entry: CacheEntry, outcome: bytes) -> FinishedBody:
    matches, takes_gzip = b"", False
    for name, value in request.scope["headers"]:
        if name == b"if-none-match":
            matches = value
        elif name == b"accept-encoding":
            takes_gzip = accepts_gzip(value)
    tag = entry.etag.encode()
    headers = [(b"etag", tag), (b"x-cache", outcome), *SHARED_HEADERS]
    if matches and request.method == "GET" and etag_matches(matches, tag):
        return FinishedBody(HTTPStatus.NOT_MODIFIED, headers, b"")
    body = entry.body
    if takes_gzip:
        headers.append((b"content-encoding", b"gzip"))
    else:
        body = gzip.decompress(body)
    headers.append((b"content-type", b"application/json"))
    headers.append((b"content-length", str(len(body)).encode()))
    return FinishedBody(HTTPStatus.OK, headers, body)


def accepts_gzip(header: bytes) -> bool:
    """Whether an Accept-Encoding admits gzip (RFC 9110 section 12.5.3)."""
    if b"q=0" not in header:
        return b"gzip" in header or header.strip() == b"*"
    for entry in header.split(b","):
        coding, _, parameter = entry.strip().partition(b";")
        if coding.strip() in {b"gzip", b"*"}:
            return float(parameter.strip().removeprefix(b"q=") or 1) > 0
    return False


def etag_matches(header: bytes, etag: bytes) -> bool:
    """Whether an If-None-Match names this tag (weak comparison, RFC 9110 section 13.1.2)."""
    if header.strip() == b"*":
        return True
    return any(tag.strip().removeprefix(b"W/") == etag for tag in header.split(b","))


ROUTER: Final = Router(
    "/analytics",
    route_handlers=[get_analysis, run_analysis, get_series],
    tags=["Analyses"],
    security=[{"accessToken": []}],
)
