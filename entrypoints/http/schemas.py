"""What goes over the wire where it is not the domain's own value as it stands."""

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
from msgspec import defstruct

from domain.analysis.settings import AnalysisSettings
from domain.datasets.column_names import headline, unit_in
from domain.datasets.columns import Column
from domain.datasets.dataset import DataQuality, Dataset, Failure, Status
from domain.datasets.dimensions import Dimension
from domain.datasets.parse_options import ParseOptions
from domain.datasets.sample import Sample
from domain.feedback.verdict import Verdict, VerdictKind
from domain.reports.report import Report, ReportFormat, ReportStage, ReportStatus
from domain.struct import Struct
from domain.timeseries.aggregation import Granularity
from entrypoints.parameters import body_fields

MAX_WHOLE: Final = 2**31 - 1  # of versions and offsets: every store takes it, even two of them added
MAX_SIZE: Final = 2**63 - 1  # of a size in bytes: what the stores' integers hold


class RequestBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A request body: an unknown field is a typing error and is refused."""


class Credentials(RequestBody, frozen=True):
    """An e-mail address and a password (10 characters to 72 bytes)."""

    email: Annotated[str, msgspec.Meta(examples=["name@example.com"])]
    password: Annotated[str, msgspec.Meta(examples=["correct horse battery"])]


class AccessToken(Struct, frozen=True):
    """Send it as ``Authorization: Bearer``. ``expiresIn`` is in seconds. The refresh token is in a cookie."""

    access_token: str
    expires_in: int
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the name of a scheme, no secret


class UploadResponse(Struct, frozen=True):
    """A file was stored and is being processed; follow ``/api/datasets/{datasetId}/events``."""

    dataset_id: str
    dataset_name: str
    version: int
    status: Literal["processing"] = "processing"


class Metric(Struct, frozen=True):
    """A metric as people call it: ``temperature_c`` is ``title`` "Temperature" in ``unit`` "°C"."""

    name: str
    title: str
    unit: str | None


class DatasetResponse(Struct, frozen=True):
    """One version of a dataset as its owner sees it."""

    id: str
    dataset_name: str
    version: int
    status: Status
    file_name: str
    size_bytes: int
    sha256: str
    uploaded_at: datetime
    created_at: datetime
    processed_at: datetime | None
    columns: tuple[Column, ...]
    time_column: str | None
    metric_columns: tuple[str, ...]
    metrics: tuple[Metric, ...]
    dimensions: tuple[Dimension, ...]
    time_zone: str
    row_count: int | None
    rejected_rows: int | None
    first_time: datetime | None
    last_time: datetime | None
    quality: DataQuality | None
    failure: Failure | None
    anomaly_count: int | None
    sparkline: tuple[float, ...]
    parse_options: ParseOptions
    appended_to: int | None


class DatasetList(Struct, frozen=True):
    """A stretch of the list; ``total`` and ``sizeBytes`` (of the newest files) are of all that were asked for."""

    items: tuple[DatasetResponse, ...]
    total: int
    size_bytes: int
    limit: int
    offset: int


class VersionList(Struct, frozen=True):
    """Every version, the newest first."""

    items: tuple[DatasetResponse, ...]


class RenameBody(RequestBody, frozen=True):
    """Another name for a dataset."""

    dataset_name: str


class RestoreBody(RequestBody, frozen=True):
    """Which version to bring back."""

    version: Annotated[int, msgspec.Meta(ge=1, le=MAX_WHOLE)]


class VerdictBody(RequestBody, frozen=True):
    """What an anomaly was. ``date`` as the analysis shows it; ``verdict`` null takes an earlier one back.

    ``granularity`` is that of the analysis which shows the date (``settings.granularity``): the verdict applies to its
    bucket there. Without it the default analysis is meant. ``where`` is that of the analysis, too: a verdict on a
    segment is not one on all rows.
    """

    metric: str
    date: str
    verdict: VerdictKind | None
    reason: str | None = None
    granularity: Granularity | None = None
    where: tuple[str, ...] = ()


class VerdictResponse(Struct, frozen=True):
    """What is said of one time of a metric; ``verdict`` is null after it was taken back.

    ``since`` and ``until`` (excluded) are the bucket it applies to; null for one kept before that was noted.
    """

    metric: str
    date: str
    verdict: VerdictKind | None
    reason: str | None
    created_at: datetime | None
    since: datetime | None
    until: datetime | None
    where: tuple[str, ...]


class VerdictList(Struct, frozen=True):
    """In order of time."""

    items: tuple[VerdictResponse, ...]


class SampleList(Struct, frozen=True):
    """What can be loaded."""

    items: tuple[Sample, ...]


if TYPE_CHECKING:  # their fields are those of the settings, read by ``entrypoints.parameters.body_to``

    class SettingsBody(RequestBody, frozen=True):
        """What a user may choose of an analysis."""

    class ParseOptionsBody(RequestBody, frozen=True):
        """How a file is to be read."""

else:
    SettingsBody = defstruct(
        "SettingsBody", body_fields(AnalysisSettings), bases=(RequestBody,), frozen=True, kw_only=True
    )
    ParseOptionsBody = defstruct(
        "ParseOptionsBody", body_fields(ParseOptions), bases=(RequestBody,), frozen=True, kw_only=True
    )


class RunBody(SettingsBody, frozen=True, kw_only=True):
    """Which analysis to compute again; the first metric without ``metric``."""

    dataset_id: str
    metric: str | None = None


class Limits(Struct, frozen=True):
    """What this server takes, so that a page can say so before anything is sent.

    `directUpload` says whether `POST /api/datasets/upload-url` is offered.
    """

    max_upload_bytes: int
    preview_bytes: int
    direct_upload: bool
    max_name_characters: int
    max_reason_characters: int


class Readiness(Struct, frozen=True):
    """``status`` is "ready" if every dependency answered; each says "ok" or what is wrong."""

    status: Literal["ready", "unavailable"]
    dependencies: dict[str, str]


class Liveness(Struct, frozen=True):
    """The process answers."""

    status: Literal["live"] = "live"


def view_of(dataset: Dataset) -> DatasetResponse:
    """Show a dataset without what only stores need to know, its metrics with their titles and units."""
    shown = {name: getattr(dataset, name) for name in DatasetResponse.__struct_fields__ if name != "metrics"}
    return DatasetResponse(**shown, metrics=metrics_of(dataset))


def metrics_of(dataset: Dataset) -> tuple[Metric, ...]:
    """Name the metrics for people; two that would be called the same keep the names of their columns."""
    columns = {column.name: column for column in dataset.columns}
    views = [
        Metric(name=name, title=headline(name), unit=(columns[name].unit if name in columns else None) or unit_in(name))
        for name in dataset.metric_columns
    ]
    called = Counter((view.title, view.unit) for view in views)
    return tuple(
        view if called[view.title, view.unit] == 1 else Metric(name=view.name, title=view.name, unit=view.unit)
        for view in views
    )


def uploaded_view_of(dataset: Dataset) -> UploadResponse:
    """Show a version that was just stored."""
    return UploadResponse(dataset_id=dataset.id, dataset_name=dataset.dataset_name, version=dataset.version)


def verdict_view_of(verdict: Verdict) -> VerdictResponse:
    """Show a verdict without whose it is: it is always the caller's."""
    return msgspec.convert(verdict, VerdictResponse, from_attributes=True)


class ReportBody(SettingsBody, frozen=True, kw_only=True):
    """Which report to make: of one metric (the first without ``metric``), at the settings of an analysis."""

    dataset_id: str
    format: ReportFormat = ReportFormat.PDF
    metric: str | None = None
    version: Annotated[int, msgspec.Meta(ge=1, le=MAX_WHOLE)] | None = None


class ReportResponse(Struct, frozen=True):
    """A report, how far it is, and where to download it once it is ``ready``.

    ``fraction`` is the share of the form's steps that are done, ``message`` says the present one in words.
    """

    report_id: str
    url: str
    status: ReportStatus
    stage: ReportStage
    fraction: float
    message: str
    dataset_id: str
    dataset_name: str
    version: int
    metric: str
    metric_title: str
    format: ReportFormat
    file_name: str
    created_at: datetime
    finished_at: datetime | None
    size_bytes: int | None
    failure: Failure | None


class ReportList(Struct, frozen=True):
    """A page of reports."""

    items: tuple[ReportResponse, ...]
    total: int
    limit: int
    offset: int


def report_view_of(report: Report) -> ReportResponse:
    """Show a report without its keys."""
    return ReportResponse(
        report_id=report.id,
        url=f"/api/reports/{report.id}",
        status=report.status,
        stage=report.stage,
        fraction=round(report.fraction, 3),
        message=report.message,
        dataset_id=report.dataset_id,
        dataset_name=report.dataset_name,
        version=report.version,
        metric=report.metric,
        metric_title=headline(report.metric),
        format=report.format,
        file_name=report.file_name,
        created_at=report.created_at,
        finished_at=report.finished_at,
        size_bytes=report.size_bytes,
        failure=report.failure,
    )
