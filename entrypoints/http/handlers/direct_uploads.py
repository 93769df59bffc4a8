"""Uploads straight to the store: the form for one file."""

from typing import Annotated

from litestar import post
from litestar.params import JSONBody
from msgspec import Meta

from domain import errors
from domain.datasets.parse_options import ParseOptions
from domain.datasets.table_schema import UploadMode
from domain.use_cases.uploads.direct_upload import Withdrawal
from domain.use_cases.uploads.upload import UploadRequest
from entrypoints.http.context import Cases, UserId
from entrypoints.http.problems import SIGNED_IN, documented
from entrypoints.http.schemas import MAX_SIZE, MAX_WHOLE, ParseOptionsBody, RequestBody
from entrypoints.http.tickets import UploadTicket
from entrypoints.http.uploads import check_of_added_rows, plain_name
from entrypoints.parameters import body_to, option_fields


class UploadUrlBody(ParseOptionsBody, frozen=True, kw_only=True):
    """A file that is going to be sent straight to the store (cloud profile).

    What can be said of it is what `POST /api/datasets/upload` takes; `datasetId` makes it the next version of one,
    and with `mode` `append` its rows join those that are there.
    """

    file_name: str
    size_bytes: Annotated[int, Meta(ge=-MAX_SIZE, le=MAX_SIZE)]
    dataset_name: str | None = None
    dataset_id: str | None = None
    mode: UploadMode = UploadMode.REPLACE


class WithdrawBody(RequestBody, frozen=True, kw_only=True):
    """Which upload: as its ticket says."""

    dataset_id: str
    version: Annotated[int, Meta(ge=1, le=MAX_WHOLE)]
    upload_id: str


@post(
    "/upload-url",
    operation_id="createUploadUrl",
    summary="Upload straight to the store (cloud profile)",
    status_code=200,
    responses=documented(
        *SIGNED_IN,
        errors.DatasetNotFoundError,
        errors.UploadTooLargeError,
        errors.EmptyFileError,
        errors.DatasetNotReadyError,
        errors.ConflictError,
        errors.UnsupportedError,
    ),
)
async def create_upload_url(data: JSONBody[UploadUrlBody], use_cases: Cases, user_id: UserId) -> UploadTicket:
    """Get a form by which a browser sends one file to the store itself, without passing through this server.

    `directUpload` in `/api/datasets/limits` says whether that is offered. Rows to append are looked at when they are
    there: columns that differ make the version fail, with the reason.
    """
    request = UploadRequest(
        dataset_name=data.dataset_name,
        file_name=plain_name(data.file_name, "fileName"),
        parse_options=_parse_options_of(data),
        mode=data.mode,
    )
    announced, form = await use_cases.prepare_direct_upload(user_id, data.dataset_id, request, data.size_bytes)
    return UploadTicket(
        dataset_id=announced.dataset_id,
        version=announced.version,
        upload_id=announced.upload_id,
        url=form.url,
        fields=form.fields,
        size_bytes=announced.size_bytes,
        expires_at=announced.expires_at,
    )


@post(
    "/upload-url/withdraw",
    operation_id="withdrawUpload",
    summary="Withdraw an upload straight to the store, unless its file is there",
    status_code=200,
    responses=documented(*SIGNED_IN, errors.UnsupportedError),
)
async def withdraw_upload(data: JSONBody[WithdrawBody], use_cases: Cases, user_id: UserId) -> Withdrawal:
    """Ask what became of a file when the store's answer was lost, or take back what is not to be sent any more.

    `arrived`: it is there, as `version`; follow that as after a 204. If not, it will not be taken any more, even if
    its last bytes are still on their way: send it by another way, and it becomes one version. Safe to ask twice.
    """
    return await use_cases.withdraw_upload(user_id, data.dataset_id, data.version, data.upload_id)


def _parse_options_of(data: UploadUrlBody) -> ParseOptions:
    if data.mode is UploadMode.APPEND:
        options = option_fields(ParseOptions)
        check_of_added_rows({option.field: option.body_name for option in options if getattr(data, option.field)})
    return body_to(ParseOptions, data)
