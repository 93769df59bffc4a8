"""What goes over the wire where it is not the domain's own value as it stands."""

from collections import Counter
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from domain.annotations import Annotation, Verdict
from domain.anomaly.findings import STANDARD_SENSITIVITY, Reported
from domain.column_names import headline, unit_in
from domain.dataset import Column, DataQuality, Dataset, Failure, Roles, Status
from domain.reports import Report, ReportFormat, ReportStage, ReportStatus
from domain.samples import Sample
from domain.summary import Aggregate, Granularity
from domain.value import Value


class Body(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A request body: a field nobody knows is a typing error, not something to pass over."""


class Credentials(Body, frozen=True):
    """An e-mail address and a password (10 characters to 72 bytes)."""

    email: Annotated[str, msgspec.Meta(examples=["name@example.com"])]
    password: Annotated[str, msgspec.Meta(examples=["correct horse battery"])]


class AccessToken(Value, frozen=True):
    """Send it as ``Authorization: Bearer``. ``expiresIn`` is in seconds. The refresh token is in a cookie."""

    access_token: str
    expires_in: int
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the name of a scheme, no secret


class UploadedView(Value, frozen=True):
    """A file was stored and will be processed; follow ``/api/datasets/{datasetId}/events``."""

    dataset_id: str
    dataset_name: str
    version: int
    status: Status


class MetricView(Value, frozen=True):
    """A metric as people call it: ``temperature_c`` is ``title`` "Temperature" in ``unit`` "°C"."""

    name: str
    title: str
    unit: str | None


class DatasetView(Value, frozen=True):
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
    metrics: tuple[MetricView, ...]
    time_zone: str
    row_count: int | None
    rejected_rows: int | None
    first_time: datetime | None
    last_time: datetime | None
    quality: DataQuality | None
    failure: Failure | None
    anomaly_count: int | None
    sparkline: tuple[float, ...]
    roles: Roles
    appended_to: int | None


class DatasetList(Value, frozen=True):
    """A stretch of the list, the latest upload first; ``total`` counts all."""

    items: tuple[DatasetView, ...]
    total: int
    limit: int
    offset: int


class VersionList(Value, frozen=True):
    """Every version, the newest first."""

    items: tuple[DatasetView, ...]


class RenameBody(Body, frozen=True):
    """Another name for a dataset."""

    dataset_name: str


class RestoreBody(Body, frozen=True):
    """Which version to bring back."""

    version: Annotated[int, msgspec.Meta(ge=1)]


class AnnotationBody(Body, frozen=True):
    """What an anomaly was. ``date`` as the analysis shows it; ``verdict`` null takes an earlier one back.

    ``granularity`` is that of the analysis which shows the date (``settings.granularity``): the verdict speaks of its
    bucket there. Without it the default analysis is meant.
    """

    metric: str
    date: str
    verdict: Verdict | None
    reason: str | None = None
    granularity: Granularity | None = None


class AnnotationView(Value, frozen=True):
    """What is said of one time of a metric; ``verdict`` is null after it was taken back.

    ``since`` and ``until`` (excluded) are the bucket it speaks of; null for one kept before that was noted.
    """

    metric: str
    date: str
    verdict: Verdict | None
    reason: str | None
    created_at: datetime | None
    since: datetime | None
    until: datetime | None


class AnnotationList(Value, frozen=True):
    """In order of time."""

    items: tuple[AnnotationView, ...]


class SampleList(Value, frozen=True):
    """What can be loaded."""

    items: tuple[Sample, ...]


class SettingsBody(Body, frozen=True):
    """The settings of an analysis.

    ``sensitivity`` runs from 0 (only the plainest) to 1 (everything suspicious); ``minChange`` is the least distance
    from the expected value that counts, absolute ("500") or in percent of it ("20%").
    """

    granularity: Granularity = Granularity.AUTO
    aggregate: Aggregate = Aggregate.AUTO
    sensitivity: float = STANDARD_SENSITIVITY
    direction: Reported = Reported.BOTH
    min_change: str | None = None


class RunBody(SettingsBody, frozen=True, kw_only=True):
    """Which analysis to compute anew; the first metric without ``metric``."""

    dataset_id: str
    metric: str | None = None


class Limits(Value, frozen=True):
    """What this server takes, so that a page can say so before anything is sent.

    `directUpload` says whether `POST /api/datasets/upload-url` is offered.
    """

    max_upload_bytes: int
    preview_bytes: int
    direct_upload: bool


class Readiness(Value, frozen=True):
    """``status`` is "ready" if every dependency answered; each says "ok" or what is wrong."""

    status: Literal["ready", "unavailable"]
    dependencies: dict[str, str]


class Liveness(Value, frozen=True):
    """The process answers."""

    status: Literal["live"] = "live"


def view_of(dataset: Dataset) -> DatasetView:
    """Show a dataset without what only stores need to know, its metrics with their titles and units."""
    shown = {name: getattr(dataset, name) for name in DatasetView.__struct_fields__ if name != "metrics"}
    return DatasetView(**shown, metrics=metrics_of(dataset))


def metrics_of(dataset: Dataset) -> tuple[MetricView, ...]:
    """Name the metrics for people; two that would be called the same keep the names of their columns."""
    columns = {column.name: column for column in dataset.columns}
    views = [
        MetricView(
            name=name, title=headline(name), unit=(columns[name].unit if name in columns else None) or unit_in(name)
        )
        for name in dataset.metric_columns
    ]
    called = Counter((view.title, view.unit) for view in views)
    return tuple(
        view if called[view.title, view.unit] == 1 else MetricView(name=view.name, title=view.name, unit=view.unit)
        for view in views
    )


def uploaded_view_of(dataset: Dataset) -> UploadedView:
    """Show a version that was just stored."""
    return UploadedView(
        dataset_id=dataset.id, dataset_name=dataset.dataset_name, version=dataset.version, status=dataset.status
    )


def annotation_view_of(annotation: Annotation) -> AnnotationView:
    """Show a verdict without whose it is: it is always the caller's."""
    return msgspec.convert(annotation, AnnotationView, from_attributes=True)


class ReportBody(SettingsBody, frozen=True, kw_only=True):
    """Which report to make: of one metric (the first without ``metric``), at the settings of an analysis."""

    dataset_id: str
    format: ReportFormat
    metric: str | None = None
    version: int | None = None


class ReportView(Value, frozen=True):
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


class ReportList(Value, frozen=True):
    """A page of reports."""

    items: tuple[ReportView, ...]
    total: int
    limit: int
    offset: int


def report_view_of(report: Report) -> ReportView:
    """Show a report without its keys."""
    return ReportView(
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
