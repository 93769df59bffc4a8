"""What crashes, lost messages and failing disks may leave behind, by kind, and whose a blob is."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.struct import Struct

GRACE: Final = timedelta(hours=1)  # an upload is registered milliseconds after its file; a job takes minutes
# A file without a dataset may also be the sign of a database that was restored from an older backup: the product itself
# clears it only after a week, in which a person can notice.
SOURCE_GRACE: Final = timedelta(days=7)
WRITE_GRACE: Final = timedelta(days=1)  # no upload takes a day


class OrphanKind(StrEnum):
    """A kind of leftover; the value is its stable name."""

    DELETION = "deletion"
    STUCK_DATASET = "stuck_dataset"
    STUCK_REPORT = "stuck_report"
    MISCOUNTED = "miscounted"
    LOST_REPORT = "lost_report"
    UNHEARD_UPLOAD = "unheard_upload"
    ORPHANED_FILE = "orphaned_file"
    ORPHANED_SOURCE = "orphaned_source"
    STRANGE_FILE = "strange_file"
    ORPHANED_ROWS = "orphaned_rows"
    ORPHANED_ANALYSES = "orphaned_analyses"
    ORPHANED_VERDICTS = "orphaned_verdicts"
    ORPHANED_CACHE = "orphaned_cache"
    EXPIRED_SESSIONS = "expired_sessions"
    BROKEN_WRITES = "broken_writes"
    DAMAGED_ROWS = "damaged_rows"
    CHANGED_SOURCE = "changed_source"


@dataclass(frozen=True, slots=True)
class Orphan:
    """One leftover: which, in words, and what repairs it (None: a person has to decide)."""

    kind: OrphanKind
    what: str
    repair: Callable[[], Awaitable[object]] | None
    written_at: datetime | None = None  # of a file


class FileOfDataset(Struct, frozen=True):
    """A blob that belongs to a version of a dataset."""

    user_id: str
    dataset_id: str
    version: int
    is_source: bool


class FileOfReport(Struct, frozen=True):
    """A blob that is a report's document."""

    report_id: str


_DATASET: Final = re.compile(
    r"users/(?P<user>[^/]+)/datasets/(?P<dataset>[^/]+)/v(?P<version>\d+)/(?:(?P<source>[^/]+/source)|.+)"
)
_REPORT: Final = re.compile(r"users/[^/]+/reports/(?P<report>[^/.]+)\.[a-z]+")


def owner_of(key: str) -> FileOfDataset | FileOfReport | None:
    """What a blob's key says of its owner; None for a key that is none of ours."""
    if match := _DATASET.fullmatch(key):
        return FileOfDataset(
            user_id=match["user"],
            dataset_id=match["dataset"],
            version=int(match["version"]),
            is_source=match["source"] is not None,
        )
    if match := _REPORT.fullmatch(key):
        return FileOfReport(report_id=match["report"])
    return None
