"""Analyses: compute, read, zoom. A finished body is served as it is kept: no parsing, no encoding on a hit."""

import gzip
import re
from collections.abc import AsyncIterator
from http import HTTPStatus
from itertools import chain
from time import perf_counter
from typing import Any, Final, cast

from litestar import Request, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody
from litestar.response import Stream
from litestar.response.base import ASGIResponse
from litestar.types import Message, Receive, Scope, Send
from typing_extensions import override

from domain import errors
from domain.analysis.analysis import Analysis, SeriesView
from domain.analysis.cache_key import CacheEntry
from entrypoints.http.context import AppState, Cases, DatasetId, UserId, state_of, user_id_of
from entrypoints.http.operations import AnalysisOperation, SeriesOperation
from entrypoints.http.problems import SIGNED_IN, documented
from entrypoints.http.query import analysis_query, series_query, settings_of
from entrypoints.http.schemas import RunBody
from entrypoints.http.waiting import until_processed

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
_WEIGHT: Final = re.compile(rb"[01](\.\d{0,3})?")  # RFC 9110 section 12.4.2
BODY: Final = {
    200: ResponseSpec(Analysis, description="The analysis; `X-Cache: hit|miss`.", generate_examples=False),
}
SERIES_COLUMNS: Final = ("time", "value", "expected", "lower", "upper", "rollingAverage")
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
    query = analysis_query(request.scope["query_string"])
    entry, hit = await state.running.use_cases.serve_analysis(
        user_id, dataset_id, query.metric, query.settings, query.version
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
    summary="Compute an analysis again",
    status_code=200,
    responses=documented(*REFUSALS) | BODY,
)
async def run_analysis(
    data: JSONBody[RunBody], request: Request[Any, Any, Any], state: AppState, use_cases: Cases, user_id: UserId
) -> ASGIResponse:
    """Compute it whatever is kept, and renew the cache.

    Straight after an upload it waits up to 25 seconds for the file to be processed; after that 409 with `Retry-After`.
    """
    started = perf_counter()
    await until_processed(use_cases, user_id, data.dataset_id, state.stopping)
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
    query = series_query(request.scope["query_string"])
    which = query.analysis
    return await use_cases.get_series(
        user_id, dataset_id, which.metric, which.settings, which.version, query.start, query.end, query.points
    )


@get(
    "/{dataset_id:str}/series.csv",
    operation_id="exportSeries",
    summary="Download a series as CSV",
    operation_class=SeriesOperation,
    media_type="text/csv",
    responses=documented(*REFUSALS)
    | {200: ResponseSpec(str, media_type="text/csv", description=",".join(SERIES_COLUMNS), generate_examples=False)},
    query_parameters=None,
)
async def export_series(
    request: Request[Any, Any, Any], use_cases: Cases, user_id: UserId, dataset_id: DatasetId
) -> Stream:
    """Every point of a time range with its expected range; ``points`` is not used."""
    query = series_query(request.scope["query_string"])
    which = query.analysis
    parts = await use_cases.export_series(
        user_id, dataset_id, which.metric, which.settings, which.version, query.start, query.end
    )
    first = next(parts, None)  # a time that is none fails here, while the answer can still be a refusal

    async def content() -> AsyncIterator[str]:
        yield ",".join(SERIES_COLUMNS) + "\r\n"
        for part in chain(() if first is None else (first,), parts):
            yield _csv_lines(part)

    headers = {"content-disposition": 'attachment; filename="series.csv"'}
    return Stream(content(), media_type="text/csv; charset=utf-8", headers=headers)


def _csv_lines(part: SeriesView) -> str:
    """Write points as lines. Times and numbers only: no cell can be a formula or needs quotes."""
    columns = (part.value, part.expected, part.lower, part.upper, part.rolling)
    lines = (
        ",".join((time, *("" if cell is None else repr(cell) for cell in cells)))
        for time, *cells in zip(part.time, *columns, strict=True)
    )
    return "".join(f"{line}\r\n" for line in lines)


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
    lowered = header.lower()
    if b"q=0" not in lowered.replace(b" ", b""):
        return b"gzip" in lowered or lowered.strip() == b"*"
    weights = dict(map(_coding_and_weight, lowered.split(b",")))
    return weights.get(b"gzip", weights.get(b"*", 0.0)) > 0


def _coding_and_weight(entry: bytes) -> tuple[bytes, float]:
    """One entry of an Accept-Encoding; a weight that is no number counts as none given."""
    coding, _, parameter = entry.partition(b";")
    name, _, value = parameter.partition(b"=")
    weight = float(value) if name.strip() == b"q" and _WEIGHT.fullmatch(value.strip()) else 1.0
    return coding.strip(), weight


def etag_matches(header: bytes, etag: bytes) -> bool:
    """Whether an If-None-Match names this tag (weak comparison, RFC 9110 section 13.1.2)."""
    if header.strip() == b"*":
        return True
    return any(tag.strip().removeprefix(b"W/") == etag for tag in header.split(b","))
