"""Reports: an analysis as a document that leaves the product."""

import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.analysis import AnalysisSettings
from domain.dataset import Failure
from domain.value import Value

MAX_FILE_NAME: Final = 80  # characters; mail programs and dialogs cut longer names
_PLAIN: Final = re.compile(r"[A-Za-z0-9]+")


class ReportFormat(StrEnum):
    """What a report may be."""

    PDF = "pdf"
    HTML = "html"
    CSV = "csv"
    JSON = "json"


MEDIA_TYPES: Final = {
    ReportFormat.PDF: "application/pdf",
    ReportFormat.HTML: "text/html; charset=utf-8",
    ReportFormat.CSV: "text/csv; charset=utf-8",
    ReportFormat.JSON: "application/json",
}


LINK_LIFETIME: Final = timedelta(minutes=15)  # to begin a download; S3 looks at the time once


class ReportLink(Value, frozen=True):
    """An address that gives a report to whoever holds it, until it expires."""

    url: str
    expires_at: datetime


class ReportStatus(StrEnum):
    """Where a report stands."""

    QUEUED = "queued"
    READY = "ready"
    FAILED = "failed"


class Report(Value, frozen=True):
    """One report that was asked for: what of, in which form, and what became of it.

    It is a document of its own: it stays when its dataset gets a new version or goes.
    """

    id: str
    user_id: str
    dataset_id: str
    dataset_name: str
    version: int
    metric: str
    format: ReportFormat
    settings: AnalysisSettings
    status: ReportStatus
    created_at: datetime
    finished_at: datetime | None = None
    size_bytes: int | None = None
    failure: Failure | None = None

    @property
    def key(self) -> str:
        """The blob that holds the document."""
        return f"{report_prefix(self.user_id)}{self.id}.{self.format}"

    @property
    def file_name(self) -> str:
        """What to call it on the reader's disk: ``sales-revenue-v2.pdf``, in letters that every disk takes."""
        words = "-".join(_PLAIN.findall(f"{self.dataset_name} {self.metric}"))[:MAX_FILE_NAME] or "report"
        return f"{words}-v{self.version}.{self.format}"


def report_prefix(user_id: str) -> str:
    """What the blobs of a user's reports begin with."""
    return f"users/{user_id}/reports/"
