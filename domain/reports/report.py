"""Reports: an analysis as a document that leaves the product."""

import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.analysis.settings import AnalysisSettings
from domain.datasets.dataset import Failure
from domain.struct import Struct

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


class ReportLink(Struct, frozen=True):
    """An address that gives a report to its holder, until it expires."""

    url: str
    expires_at: datetime


class ReportStatus(StrEnum):
    """What became of a report; ``queued`` until it is finished, ``ReportStage`` says how far it is."""

    QUEUED = "queued"
    READY = "ready"
    FAILED = "failed"


class ReportStage(StrEnum):
    """What is being done to a report, or what became of it."""

    QUEUED = "queued"
    READING = "reading"
    DRAWING = "drawing"
    WRITING = "writing"
    TYPESETTING = "typesetting"
    STORING = "storing"
    READY = "ready"
    FAILED = "failed"


STAGE_WORDS: Final = {
    ReportStage.QUEUED: "Waiting for its turn",
    ReportStage.READING: "Reading the analysis",
    ReportStage.DRAWING: "Drawing the charts",
    ReportStage.WRITING: "Writing the document",
    ReportStage.TYPESETTING: "Typesetting the pages",
    ReportStage.STORING: "Storing the document",
    ReportStage.READY: "Ready",
    ReportStage.FAILED: "It could not be made",
}
_WRITTEN: Final = (ReportStage.READING, ReportStage.WRITING, ReportStage.STORING)
STAGES: Final = {  # what is done for each form, in this order
    ReportFormat.PDF: (ReportStage.READING, ReportStage.DRAWING, ReportStage.TYPESETTING, ReportStage.STORING),
    ReportFormat.HTML: (ReportStage.READING, ReportStage.DRAWING, ReportStage.WRITING, ReportStage.STORING),
    ReportFormat.CSV: _WRITTEN,
    ReportFormat.JSON: _WRITTEN,
}


class Report(Struct, frozen=True):
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
    entered: ReportStage = ReportStage.QUEUED  # the last step begun

    @property
    def stage(self) -> ReportStage:
        """Where it stands now."""
        if self.status is ReportStatus.QUEUED:
            return self.entered
        return ReportStage.READY if self.status is ReportStatus.READY else ReportStage.FAILED

    @property
    def fraction(self) -> float:
        """Which share of its steps is done, 0 to 1: counted, not guessed from a clock."""
        if self.status is ReportStatus.READY:
            return 1.0
        steps = STAGES[self.format]
        return steps.index(self.entered) / len(steps) if self.entered in steps else 0.0

    @property
    def message(self) -> str:
        """Where it stands, in words."""
        return STAGE_WORDS[self.stage] if self.failure is None else self.failure.message

    @property
    def key(self) -> str:
        """The blob that holds the document."""
        return f"{report_prefix(self.user_id)}{self.id}.{self.format}"

    @property
    def file_name(self) -> str:
        """What to call it on the reader's disk: ``sales-revenue-v2.pdf``, in letters that every disk takes."""
        words = "-".join(_PLAIN.findall(f"{self.dataset_name} {self.metric}"))[:MAX_FILE_NAME] or "report"
        return f"{words}-v{self.version}.{self.format}"


def unheard(_stage: ReportStage) -> None:
    """Progress that is not reported."""


def report_prefix(user_id: str) -> str:
    """What the blobs of a user's reports begin with."""
    return f"users/{user_id}/reports/"
