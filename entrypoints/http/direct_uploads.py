"""Uploads straight to the store: the form for one file."""

from datetime import datetime

from litestar import post
from litestar.params import JSONBody

from domain import errors
from domain.dataset import Encoding, FileFormat, Roles, TypedColumn
from domain.use_cases.uploads import UploadRequest
from domain.value import Value
from entrypoints.http.context import Cases, UserId
from entrypoints.http.problems import SIGNED_IN, documented
from entrypoints.http.schemas import Body
from entrypoints.http.uploads import delimiter_of, plain_name


class UploadUrlBody(Body, frozen=True, kw_only=True):
    """A file that is going to be sent straight to the store (cloud profile).

    What can be said of it is what `POST /api/datasets/upload` takes; `datasetId` makes it the next version of one.
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
    decimal_comma: bool | None = None
    format: FileFormat | None = None
    encoding: Encoding | None = None
    column_types: tuple[TypedColumn, ...] = ()


class UploadTicket(Value, frozen=True):
    """Where to send the file: multipart/form-data to `url`, every one of `fields` first, the file last as `file`.

    No Authorization header, no cookie. 204 means it is there; then follow
    `/api/datasets/{datasetId}/events?version={version}`. The store takes exactly `sizeBytes` bytes, begun before
    `expiresAt`; until the file is there no list shows anything of it.
    """

    dataset_id: str
    version: int
    url: str
    fields: dict[str, str]
    size_bytes: int
    expires_at: datetime


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
        errors.UnsupportedError,
    ),
)
async def create_upload_url(data: JSONBody[UploadUrlBody], use_cases: Cases, user_id: UserId) -> UploadTicket:
    """Get a form by which a browser sends one file to the store itself, without passing through this server.

    `directUpload` in `/api/datasets/limits` says whether that is offered.
    """
    request = UploadRequest(
        dataset_name=data.dataset_name, file_name=plain_name(data.file_name, "fileName"), roles=_roles_of(data)
    )
    announced, form = await use_cases.announce_upload(user_id, data.dataset_id, request, data.size_bytes)
    return UploadTicket(
        dataset_id=announced.dataset_id,
        version=announced.version,
        url=form.url,
        fields=form.fields,
        size_bytes=announced.size_bytes,
        expires_at=announced.expires_at,
    )


def _roles_of(data: UploadUrlBody) -> Roles:
    return Roles(
        time_column=data.time_column or None,
        metric_columns=tuple(name for name in data.metric_columns if name),
        time_zone=data.time_zone or "UTC",
        day_first=data.day_first,
        delimiter=delimiter_of(data.delimiter or ""),
        decimal_comma=data.decimal_comma,
        format=data.format,
        encoding=data.encoding,
        column_types=data.column_types,
    )
