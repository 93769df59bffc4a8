"""Uploads straight to the store: the form for one file."""

from typing import Annotated

from litestar import post
from litestar.params import JSONBody
from msgspec import Meta

from domain import errors
from domain.appending import UploadMode
from domain.dataset import Encoding, FileFormat, Roles, TypedColumn
from domain.use_cases.direct_uploads import Withdrawal
from domain.use_cases.uploads import UploadRequest
from entrypoints.http.context import Cases, UserId
from entrypoints.http.problems import SIGNED_IN, documented
from entrypoints.http.schemas import Body
from entrypoints.http.tickets import UploadTicket
from entrypoints.http.uploads import LINE_DIGITS, delimiter_of, not_of_added_rows, plain_name


class UploadUrlBody(Body, frozen=True, kw_only=True):
    """A file that is going to be sent straight to the store (cloud profile).

    What can be said of it is what `POST /api/datasets/upload` takes; `datasetId` makes it the next version of one,
    and with `mode` `append` its rows join those that are there.
    """

    file_name: str
    size_bytes: int
    dataset_name: str | None = None
    dataset_id: str | None = None
    time_column: str | None = None
    metric_columns: tuple[str, ...] = ()
    time_zone: str | None = None
    day_first: bool | None = None
    delimiter: str | None = None
    header_line: Annotated[int, Meta(ge=0, lt=10**LINE_DIGITS)] | None = None
    decimal_comma: bool | None = None
    format: FileFormat | None = None
    encoding: Encoding | None = None
    column_types: tuple[TypedColumn, ...] = ()
    mode: UploadMode = UploadMode.REPLACE


class WithdrawBody(Body, frozen=True, kw_only=True):
    """Which upload: as its ticket says."""

    dataset_id: str
    version: int
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
        roles=_roles_of(data),
        mode=data.mode,
    )
    announced, form = await use_cases.announce_upload(user_id, data.dataset_id, request, data.size_bytes)
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


def _roles_of(data: UploadUrlBody) -> Roles:
    if data.mode is UploadMode.APPEND:
        for name, said in (
            ("timeColumn", data.time_column),
            ("metricColumns", data.metric_columns),
            ("columnTypes", data.column_types),
            ("timeZone", data.time_zone),
        ):
            if said:
                raise not_of_added_rows(name)
    return Roles(
        time_column=data.time_column or None,
        metric_columns=tuple(name for name in data.metric_columns if name),
        time_zone=data.time_zone or "UTC",
        day_first=data.day_first,
        delimiter=delimiter_of(data.delimiter or ""),
        header_line=data.header_line,
        decimal_comma=data.decimal_comma,
        format=data.format,
        encoding=data.encoding,
        column_types=data.column_types,
    )
