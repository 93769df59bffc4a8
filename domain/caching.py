"""Cache policy: what is kept, under which key, for how long, and what each change throws away.

The cache keeps finished response bodies: one hash per (dataset, metric), one field per settings. An entry knows
the dataset version it belongs to, and a write for an older version is refused.
"""

import hashlib
from datetime import timedelta
from enum import StrEnum
from typing import Final

import msgspec

from domain.analysis import AnalysisSettings
from domain.value import Value

LIFETIME: Final = timedelta(days=7)  # a body can always be had again in seconds; a week spares the weekly reader
MAX_FIELDS: Final = 64  # settings kept per (dataset, metric): a dial pulled to and fro must not fill the memory


class CacheEntry(Value, frozen=True):
    """A finished body: JSON, gzip-compressed once so that a hit costs no encoding. ``etag`` is quoted."""

    version: int
    etag: str
    body: bytes


class Change(StrEnum):
    """What happens to a dataset that its cached analyses may not survive."""

    NEW_VERSION = "new_version"
    RERUN = "rerun"
    DELETED = "deleted"
    ANNOTATED = "annotated"
    RENAMED = "renamed"


def cache_key(dataset_id: str, metric: str) -> str:
    """``analytics:{datasetId}:{metric}``."""
    return f"analytics:{dataset_id}:{metric}"


def cache_field(settings: AnalysisSettings, version: int | None = None) -> str:
    """Digest of the settings (and of an older version, if one was asked for): stable across processes."""
    canonical = msgspec.json.encode([settings, version], order="deterministic")
    return hashlib.sha256(canonical).hexdigest()[:32]


def etag_of(body: bytes) -> str:
    """A strong entity tag of the uncompressed body (RFC 9110 section 8.8.3)."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def survives(change: Change) -> bool:
    """Whether cached bodies of a dataset stay true after a change. None of today's changes leaves them true."""
    return change not in Change
