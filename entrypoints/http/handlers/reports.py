"""Reports: ask for one, follow it, download it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final

from litestar import delete, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody
from litestar.response import Response, Stream

from domain import errors
from domain.reports.report import MEDIA_TYPES, Report, ReportLink, ReportStatus
from entrypoints.http.context import AppState, Cases, UserId
from entrypoints.http.events import event_stream
from entrypoints.http.handlers.datasets import DEFAULT_PAGE, Limit, Offset
from entrypoints.http.problems import SIGNED_IN, documented
from entrypoints.http.query import settings_of
from entrypoints.http.schemas import ReportBody, ReportList, ReportResponse, report_view_of

ReportId = FromPath[str]
LOOK_AGAIN_SECONDS: Final = 0.2  # as long as a short PDF takes to typeset, and the look is one document by its key


@post(
    "/generate",
    operation_id="generateReport",
    summary="Ask for a report",
    status_code=200,
    responses=documented(
        *SIGNED_IN, errors.DatasetNotFoundError, errors.MetricNotFoundError, errors.DatasetNotReadyError
    ),
)
async def generate_report(data: JSONBody[ReportBody], use_cases: Cases, user_id: UserId) -> ReportResponse:
    """It is made in the background; `status` says when `url` can be downloaded."""
    return report_view_of(
        await use_cases.request_report(
            user_id, data.dataset_id, data.metric, settings_of(data), data.version, data.format
        )
    )


@get(
    "/",
    operation_id="listReports",
    summary="List reports",
    responses=documented(*SIGNED_IN),
    query_parameters=frozenset({"limit", "offset"}),
)
async def list_reports(
    use_cases: Cases, user_id: UserId, limit: Limit = DEFAULT_PAGE, offset: Offset = 0
) -> ReportList:
    """The latest first."""
    page = await use_cases.list_reports(user_id, limit, offset)
    return ReportList(items=tuple(map(report_view_of, page.items)), total=page.total, limit=limit, offset=offset)


@get(
    "/{report_id:str}/status",
    operation_id="getReportStatus",
    summary="Say how far a report is",
    responses=documented(*SIGNED_IN, errors.ReportNotFoundError),
)
async def get_report_status(use_cases: Cases, user_id: UserId, report_id: ReportId) -> ReportResponse:
    """`queued`, `ready`, or `failed` with the reason; `stage`, `fraction` and `message` say how far it is."""
    return report_view_of(await use_cases.get_report(user_id, report_id))


@get(
    "/{report_id:str}/events",
    operation_id="watchReport",
    summary="Follow the making of a report",
    media_type="text/event-stream",
    responses=documented(*SIGNED_IN, errors.ReportNotFoundError)
    | {
        200: ResponseSpec(
            ReportResponse,
            media_type="text/event-stream",
            description="One `progress` event per step, this object as its data; ends when ready or failed.",
            generate_examples=False,
        )
    },
)
async def watch_report(use_cases: Cases, state: AppState, user_id: UserId, report_id: ReportId) -> Response[Any]:
    """Server-sent events: the state as it is first, then every step that lasts, until it is ready or failed."""
    await use_cases.get_report(user_id, report_id)  # a 404 must come before the stream begins
    watching = following(partial(use_cases.get_report, user_id, report_id))
    return event_stream(watching, state.stopping)


@asynccontextmanager
async def following(look: Callable[[], Awaitable[Report]]) -> AsyncIterator[AsyncIterator[ReportResponse]]:
    """Yield what becomes of a report: the worker that makes it, in whichever process, writes its steps to the store."""
    yield _steps(look)


async def _steps(look: Callable[[], Awaitable[Report]]) -> AsyncIterator[ReportResponse]:
    last_view = None
    while True:
        try:
            view = report_view_of(await look())
        except errors.ReportNotFoundError:
            return  # deleted meanwhile
        if view != last_view:
            yield view
        last_view = view
        if view.status is not ReportStatus.QUEUED:
            return
        await asyncio.sleep(LOOK_AGAIN_SECONDS)


@get(
    "/{report_id:str}",
    operation_id="getReport",
    summary="Download a report",
    responses=documented(*SIGNED_IN, errors.ReportNotFoundError, errors.ConflictError),
)
async def get_report(use_cases: Cases, user_id: UserId, report_id: ReportId) -> Stream:
    """The file itself; 409 while it is being made."""
    report, chunks = await use_cases.read_report(user_id, report_id)
    return _download(chunks, MEDIA_TYPES[report.format], report.file_name)


def _download(chunks: AsyncIterator[bytes], media_type: str, file_name: str) -> Stream:
    async def content() -> AsyncIterator[bytes]:
        async for chunk in chunks:
            yield chunk

    kind = media_type.partition(";")[0]  # Litestar writes the encoding of a text behind it once more
    return Stream(content(), media_type=kind, headers={"content-disposition": f'attachment; filename="{file_name}"'})


@get(
    "/{report_id:str}/link",
    operation_id="linkReport",
    summary="Get a link to a report",
    responses=documented(*SIGNED_IN, errors.ReportNotFoundError, errors.ConflictError),
)
async def link_report(use_cases: Cases, user_id: UserId, report_id: ReportId) -> Response[ReportLink]:
    """The file without an account, for 15 minutes: what the page downloads from, and what can be handed on.

    In the cloud profile it leads straight to the store; in the embedded one it is a path of this server.
    """
    link = await use_cases.link_report(user_id, report_id)
    return Response(link, headers={"cache-control": "no-store"})


@get(
    "/linked/{token:str}",
    operation_id="readLinkedReport",
    summary="Download a report by its link (embedded profile)",
    responses=documented(errors.InvalidInputError, errors.NotFoundError, errors.LinkExpiredError),
    security=[],
)
async def read_linked_report(use_cases: Cases, token: FromPath[str]) -> Stream:
    """For the holder of the link, as long as it lasts; the cloud profile's links lead to the store instead."""
    file, chunks = await use_cases.read_linked(token)
    return _download(chunks, file.media_type, file.file_name)


@delete(
    "/{report_id:str}",
    operation_id="deleteReport",
    summary="Delete a report",
    responses=documented(*SIGNED_IN, errors.ReportNotFoundError),
)
async def delete_report(use_cases: Cases, user_id: UserId, report_id: ReportId) -> None:
    """With its file."""
    await use_cases.delete_report(user_id, report_id)
