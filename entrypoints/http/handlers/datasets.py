"""Datasets: preview, upload, list, follow, rename, delete."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any, Final

from litestar import Request, delete, get, patch, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, QueryParameter
from litestar.response import Response, Stream

from domain import errors
from domain.datasets.dataset import MAX_NAME_CHARACTERS, Dataset
from domain.datasets.dataset_query import MAX_SEARCH_CHARACTERS, DatasetOrder, checked_query
from domain.datasets.ingest_result import PREVIEW_BYTES, Preview
from domain.datasets.progress import Progress
from domain.feedback.verdict import MAX_REASON_CHARACTERS
from domain.use_cases.datasets.datasets import MAX_PAGE
from domain.use_cases.uploads.upload import UploadRequest
from entrypoints.bootstrap.wiring import UseCases
from entrypoints.http.context import AppState, Cases, DatasetId, UserId
from entrypoints.http.events import event_stream
from entrypoints.http.operations import PreviewOperation, UploadOperation
from entrypoints.http.problems import SIGNED_IN, documented
from entrypoints.http.schemas import (
    MAX_WHOLE,
    DatasetList,
    DatasetResponse,
    Limits,
    RenameBody,
    UploadResponse,
    uploaded_view_of,
    view_of,
)
from entrypoints.http.uploads import MultipartUpload, content_of, head_of, spooled

DEFAULT_PAGE: Final = 50
UNREADABLE: Final = (
    errors.EmptyFileError,
    errors.NoDataRowsError,
    errors.BinaryFileError,
    errors.MalformedFileError,
    errors.SeveralTablesError,
    errors.NoTimeColumnError,
    errors.NoNumericColumnError,
    errors.ColumnNotFoundError,
    errors.AmbiguousDateError,
)
Limit = Annotated[int, QueryParameter(ge=1, le=MAX_PAGE, description="How many at most.")]
Offset = Annotated[int, QueryParameter(ge=0, le=MAX_WHOLE, description="How many to pass over.")]
Search = Annotated[
    str, QueryParameter(max_length=MAX_SEARCH_CHARACTERS, description="A part of the name or file name, in any case.")
]
States = Annotated[list[str] | None, QueryParameter(description="Only datasets in one of these states; repeatable.")]
Order = Annotated[DatasetOrder, QueryParameter(description="What to sort by; `-` before it: the greatest first.")]
Version = Annotated[
    int | None, QueryParameter(ge=1, le=MAX_WHOLE, description="An older version; the newest without it.")
]

AwaitedVersion = Annotated[
    int | None,
    QueryParameter(
        ge=1,
        le=MAX_WHOLE,
        description="Wait for this version, whose file may still be on its way to the store; the newest without.",
    ),
]


@post(
    "/preview",
    operation_id="previewFile",
    summary="See what is in a file",
    status_code=200,
    operation_class=PreviewOperation,
    responses=documented(*SIGNED_IN, errors.UploadTooLargeError, *UNREADABLE),
)
async def preview_file(
    request: Request[Any, Any, Any],
    state: AppState,
    use_cases: Cases,
    user_id: UserId,  # noqa: ARG001 - declared so that only a signed-in user can have files read
) -> Preview:
    """Tell format, columns, types and samples from a file's head. Nothing is kept.

    The first 4 MiB are enough: send `file.slice(0, 4194304)`.
    """
    form = MultipartUpload(request, state.options.max_upload_bytes)
    await form.start()
    async with spooled(head_of(form.chunks(), PREVIEW_BYTES), state.running.ports.temp_workspace) as path:
        return await use_cases.preview_file(path, form.parse_options())


@get(
    "/limits",
    operation_id="getLimits",
    summary="How large a file may be",
    responses=documented(*SIGNED_IN),
)
async def get_limits(
    state: AppState,
    use_cases: Cases,
    user_id: UserId,  # noqa: ARG001 - asked for like everywhere else
) -> Limits:
    """Sizes of files, previews, names and reasons, and whether files may go straight to the store."""
    return Limits(
        max_upload_bytes=state.options.max_upload_bytes,
        preview_bytes=PREVIEW_BYTES,
        direct_upload=use_cases.prepare_direct_upload.is_offered,
        max_name_characters=MAX_NAME_CHARACTERS,
        max_reason_characters=MAX_REASON_CHARACTERS,
    )


@post(
    "/upload",
    operation_id="uploadDataset",
    summary="Upload a file",
    status_code=200,
    operation_class=UploadOperation,
    responses=documented(
        *SIGNED_IN,
        errors.DatasetNotFoundError,
        errors.StaleVersionError,
        errors.DatasetNotReadyError,
        errors.ConflictError,
        errors.UploadTooLargeError,
        errors.ColumnsDifferError,
        *UNREADABLE,
    ),
)
async def upload_dataset(
    request: Request[Any, Any, Any], state: AppState, use_cases: Cases, user_id: UserId
) -> UploadResponse:
    """Store a file as a new dataset, or with `datasetId` as the next version of one.

    With `mode=append` its rows join those of the newest version: same columns in any order, earlier rows at a time
    that the file has are replaced. A file whose columns differ is refused and changes nothing.

    The file is streamed to the store and processed afterwards: follow `/api/datasets/{datasetId}/events`. Fields may
    come in any order; putting them before the file saves the server one copy.
    """
    form = MultipartUpload(request, state.options.max_upload_bytes)
    await form.start()
    if form.fields:
        dataset = await _stored(use_cases, user_id, form, form.chunks())
    else:  # the file came first: whose next version it is may still follow
        async with spooled(form.chunks(), state.running.ports.temp_workspace) as path:
            dataset = await _stored(use_cases, user_id, form, content_of(path))
    state.metrics.upload_bytes.inc(dataset.size_bytes)
    return uploaded_view_of(dataset)


async def _stored(use_cases: UseCases, user_id: str, form: MultipartUpload, chunks: AsyncIterator[bytes]) -> Dataset:
    dataset_id = form.one("datasetId")

    def described() -> UploadRequest:
        if form.one("datasetId") != dataset_id:
            raise errors.InvalidInputError(
                "datasetId came after the file although other fields came before it. Send it before the file.",
                field="datasetId",
            )
        return UploadRequest(
            dataset_name=form.one("datasetName"),
            file_name=form.file_name,
            parse_options=form.parse_options(),
            mode=form.mode(),
        )

    return await use_cases.upload_dataset(user_id, dataset_id, chunks, described)


@get(
    "/",
    operation_id="listDatasets",
    summary="List your datasets",
    responses=documented(*SIGNED_IN),
    query_parameters=frozenset({"limit", "offset", "q", "status", "sort"}),
)
async def list_datasets(
    use_cases: Cases,
    user_id: UserId,
    limit: Limit = DEFAULT_PAGE,
    offset: Offset = 0,
    q: Search = "",
    status: States = None,
    sort: Order = DatasetOrder.NEWEST,
) -> DatasetList:
    """The newest version of each, the latest upload first."""
    query = checked_query(q, tuple(status or ()), sort)
    page = await use_cases.list_datasets(user_id, limit, offset, query)
    items = tuple(map(view_of, page.items))
    return DatasetList(items=items, total=page.total, size_bytes=page.size_bytes, limit=limit, offset=offset)


@get(
    "/{dataset_id:str}",
    operation_id="getDataset",
    summary="Get a dataset",
    responses=documented(*SIGNED_IN, errors.DatasetNotFoundError),
    query_parameters=frozenset({"version"}),
)
async def get_dataset(
    use_cases: Cases, user_id: UserId, dataset_id: DatasetId, version: Version = None
) -> DatasetResponse:
    """Its newest version, or the one asked for."""
    return view_of(await use_cases.get_dataset(user_id, dataset_id, version))


@patch(
    "/{dataset_id:str}",
    operation_id="renameDataset",
    summary="Rename a dataset",
    responses=documented(*SIGNED_IN, errors.DatasetNotFoundError),
)
async def rename_dataset(
    data: JSONBody[RenameBody], use_cases: Cases, user_id: UserId, dataset_id: DatasetId
) -> DatasetResponse:
    """Give it another name, in all its versions."""
    return view_of(await use_cases.rename_dataset(user_id, dataset_id, data.dataset_name))


@delete(
    "/{dataset_id:str}",
    operation_id="deleteDataset",
    summary="Delete a dataset",
    responses=documented(*SIGNED_IN, errors.DatasetNotFoundError, errors.StaleVersionError),
)
async def delete_dataset(use_cases: Cases, user_id: UserId, dataset_id: DatasetId) -> None:
    """Delete it with all versions and everything computed from them. It cannot be undone."""
    await use_cases.delete_dataset(user_id, dataset_id)


@post(
    "/{dataset_id:str}/reprocess",
    operation_id="reprocessDataset",
    summary="Read the file again",
    status_code=200,
    responses=documented(*SIGNED_IN, errors.DatasetNotFoundError, errors.IllegalMoveError, errors.StaleVersionError),
)
async def reprocess_dataset(use_cases: Cases, user_id: UserId, dataset_id: DatasetId) -> DatasetResponse:
    """Process the newest version's file once more, after a failure or to be sure. Follow it by its events."""
    return view_of(await use_cases.reprocess_dataset(user_id, dataset_id))


@get(
    "/{dataset_id:str}/rejects",
    operation_id="readRejects",
    summary="Download the rows that could not be used",
    media_type="text/csv",
    responses=documented(*SIGNED_IN, errors.DatasetNotFoundError, errors.NotFoundError)
    | {
        200: ResponseSpec(
            str, media_type="text/csv", description="line, column, value, reason", generate_examples=False
        )
    },
    query_parameters=frozenset({"version"}),
)
async def read_rejects(use_cases: Cases, user_id: UserId, dataset_id: DatasetId, version: Version = None) -> Stream:
    """A CSV file: line, column, raw value and reason of each."""
    rows = await use_cases.read_rejects(user_id, dataset_id, version)
    first = await anext(aiter(rows), b"")  # what is not there fails here, while the answer can still say so

    async def content() -> AsyncIterator[bytes]:
        yield first
        async for chunk in rows:
            yield chunk

    return Stream(
        content(), media_type="text/csv", headers={"content-disposition": 'attachment; filename="rejects.csv"'}
    )


@get(
    "/{dataset_id:str}/events",
    operation_id="watchDataset",
    summary="Follow the processing",
    media_type="text/event-stream",
    responses=documented(*SIGNED_IN, errors.DatasetNotFoundError)
    | {
        200: ResponseSpec(
            Progress,
            media_type="text/event-stream",
            description="One `progress` event per step, this object as its data; ends when done or failed.",
            generate_examples=False,
        )
    },
    query_parameters=frozenset({"version"}),
)
async def watch_dataset(
    use_cases: Cases, state: AppState, user_id: UserId, dataset_id: DatasetId, version: AwaitedVersion = None
) -> Response[Any]:
    """Server-sent events: the state as it is first, then every step, until it is done or failed."""
    await use_cases.watch_dataset.state(user_id, dataset_id, version)  # a 404 must come before the stream begins
    watch = use_cases.watch_dataset
    ended = partial(watch.ended, user_id, dataset_id, version)
    place = partial(watch.place, dataset_id)
    return event_stream(watch(user_id, dataset_id, version), state.stopping, ended=ended, beside=place)
