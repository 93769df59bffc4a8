"""Cache policy: what is kept, under which key, for how long, and what each change throws away.

The cache keeps finished response bodies: one hash per (dataset, metric), one field per settings. An entry knows
the dataset version it belongs to, and a write for an older version is refused. A new version, a re-run, a rename,
a deletion and an annotation each make every entry of their dataset untrue: all of them invalidate all of it.
"""

import gzip
import hashlib
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Final

import msgspec

from domain.analysis.analysis import Analysis
from domain.analysis.settings import AnalysisSettings
from domain.feedback.verdict import Verdict
from domain.struct import Struct

LIFETIME: Final = timedelta(days=7)  # a body can always be had again in seconds; a week spares the weekly reader
MAX_FIELDS: Final = 64  # settings kept per (dataset, metric): a slider moved to and fro must not fill the memory

ACTING: Final = 1  # raise it when the same verdicts give another analysis
METHOD: Final = 11  # raise it when the same data and settings give another analysis: older ones are then not found
GZIP_LEVEL: Final = 6  # zlib's own default trade of time for size


class CacheEntry(Struct, frozen=True):
    """A finished body: JSON, gzip-compressed once so that a hit costs no encoding.

    ``user_id`` owns it: a hit is authorised by comparing, without asking any store. ``etag`` is quoted.
    """

    user_id: str
    version: int
    etag: str
    body: bytes


def entry_of(analysis: Analysis, user_id: str) -> CacheEntry:
    """Encode an analysis once: every later reader gets these bytes."""
    body = msgspec.json.encode(analysis)
    return CacheEntry(
        user_id=user_id,
        version=analysis.version,
        etag=etag_of(body),
        body=gzip.compress(body, compresslevel=GZIP_LEVEL, mtime=0),
    )


def analysis_of(entry: CacheEntry) -> Analysis:
    """Decode what ``entry_of`` encoded."""
    return msgspec.json.decode(gzip.decompress(entry.body), type=Analysis)


def cache_key(dataset_id: str, metric: str) -> str:
    """``analytics:{datasetId}:{metric}``."""
    return f"analytics:{dataset_id}:{metric}"


@lru_cache(1024)  # asked for by every read of a finished body; a page asks the same few again and again
def cache_field(settings: AnalysisSettings) -> str:
    """Digest of the settings: stable across processes."""
    return _digest([METHOD, settings])


def kept_field(settings: AnalysisSettings, verdicts: Sequence[Verdict]) -> str:
    """Under which an analysis is kept in the store: with everything that went into it beside the rows.

    A computation that was overtaken by a verdict is stored under a key that is not asked for.
    """
    return _digest([METHOD, settings, verdicts, ACTING] if verdicts else [METHOD, settings, verdicts])


def _digest(what: object) -> str:
    return hashlib.sha256(msgspec.json.encode(what, order="deterministic")).hexdigest()[:32]


def etag_of(body: bytes) -> str:
    """A strong entity tag of the uncompressed body (RFC 9110 section 8.8.3)."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'
