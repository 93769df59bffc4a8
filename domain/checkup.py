"""What crashes and lost messages may leave behind, by kind, and whose a blob is."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from domain.value import Value

GRACE: Final = timedelta(hours=1)  # an upload is registered milliseconds after its file; a job takes minutes
WRITE_GRACE: Final = timedelta(days=1)  # no upload takes a day
SESSION_GRACE: Final = timedelta(days=30)  # for so long an old token is told "expired" and not "unknown"


class Leftover(StrEnum):
    """A kind of leftover; the value is its stable name."""

    DELETION = "deletion"
    STUCK_DATASET = "stuck_dataset"
    STUCK_REPORT = "stuck_report"
    LOST_REPORT = "lost_report"
    UNHEARD_UPLOAD = "unheard_upload"
    ORPHANED_FILE = "orphaned_file"
    STRANGE_FILE = "strange_file"
    ORPHANED_ROWS = "orphaned_rows"
    ORPHANED_ANALYSES = "orphaned_analyses"
    ORPHANED_VERDICTS = "orphaned_verdicts"
    ORPHANED_CACHE = "orphaned_cache"
    EXPIRED_SESSIONS = "expired_sessions"
    BROKEN_WRITES = "broken_writes"


@dataclass(frozen=True, slots=True)
class Finding:
    """One leftover: which, in words, and what mends it (None: a person has to decide)."""

    kind: Leftover
    what: str
    mend: Callable[[], Awaitable[object]] | None


class FileOfDataset(Value, frozen=True):
    """A blob that belongs to a version of a dataset."""

    user_id: str
    dataset_id: str
    version: int
    is_source: bool


class FileOfReport(Value, frozen=True):
    """A blob that is a report's document."""

    report_id: str


_DATASET: Final = re.compile(
    r"users/(?P<user>[^/]+)/datasets/(?P<dataset>[^/]+)/v(?P<version>\d+)/(?:(?P<source>[^/]+/source)|.+)"
)
_REPORT: Final = re.compile(r"users/[^/]+/reports/(?P<report>[^/.]+)\.[a-z]+")


def owner_of(key: str) -> FileOfDataset | FileOfReport | None:
    """What a blob's key says of its owner; None for a key that is none of ours."""
    if found := _DATASET.fullmatch(key):
        return FileOfDataset(
            user_id=found["user"],
            dataset_id=found["dataset"],
            version=int(found["version"]),
            is_source=found["source"] is not None,
        )
    if found := _REPORT.fullmatch(key):
        return FileOfReport(report_id=found["report"])
    return None
