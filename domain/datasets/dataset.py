"""Datasets: versions, states, and the moves between them.

    uploaded -> processing -> processed <-> cached
                processing -> failed
    processed | cached | failed -> processing          (run again)
    any -> uploaded, version + 1                       (a new file supersedes whatever was going on)
    any -> deleting                                    (a tombstone, so that a crash half way is finished later)

A ``Dataset`` is one version. The stores keep one per (id, version); the newest is *the* dataset. Every change is
a compare-and-set on its ``Revision``: a late worker of an old version fails there.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from domain.datasets.columns import Column
from domain.datasets.dimensions import Dimension
from domain.datasets.parse_options import ParseOptions
from domain.errors import IllegalMoveError
from domain.struct import Struct

NOT_STORED: Final = "local"  # in place of identifiers where a file is analysed on the spot and nothing is stored
MAX_NAME_CHARACTERS: Final = 200  # fits one line of the widest page; longer names are cut by every list


class Status(StrEnum):
    """Where a dataset version stands."""

    UPLOADED = "uploaded"
    PROCESSING = "processing"
    PROCESSED = "processed"
    CACHED = "cached"
    FAILED = "failed"
    DELETING = "deleting"


MOVES: Final[dict[Status, frozenset[Status]]] = {
    Status.UPLOADED: frozenset({Status.PROCESSING, Status.DELETING}),
    Status.PROCESSING: frozenset({Status.PROCESSED, Status.FAILED, Status.DELETING}),
    Status.PROCESSED: frozenset({Status.CACHED, Status.PROCESSING, Status.DELETING}),
    Status.CACHED: frozenset({Status.PROCESSED, Status.PROCESSING, Status.DELETING}),
    Status.FAILED: frozenset({Status.PROCESSING, Status.DELETING}),
    Status.DELETING: frozenset(),
}


class Failure(Struct, frozen=True):
    """Why a version could not be processed; ``code`` is that of ``domain.errors``."""

    code: str
    message: str


class Appended(Struct, frozen=True):
    """What adding rows to an earlier version did: earlier rows at a time that the new file has gave way."""

    added_rows: int
    kept_rows: int
    replaced_rows: int
    replaced_times: int


class DataQuality(Struct, frozen=True):
    """What was found while reading, counted in rows unless said otherwise. Nothing of it is silent.

    Where rows were added to an earlier version, rejected and unordered rows are those of the new file; everything
    else is said of all rows.
    """

    total_rows: int
    usable_rows: int
    rejected_rows: int
    duplicate_rows: int = 0
    duplicate_times: int = 0
    out_of_order_rows: int = 0
    missing_cells: int = 0
    notes: tuple[str, ...] = ()
    appended: Appended | None = None


class Revision(Struct, frozen=True):
    """What a change expects to find: the guard of every compare-and-set."""

    version: int
    status: Status


class Dataset(Struct, frozen=True):
    """One version of a user's dataset.

    ``source_key`` is the blob of the file as it came; ``sha256`` is of those bytes, empty until they were read (a
    browser may send them straight to the store). ``columns``, ``time_column`` and ``metric_columns`` are known once it
    is processed. With ``appended_to`` its rows are those of that version and, over them, those of its own file.
    """

    id: str
    user_id: str
    dataset_name: str
    version: int
    status: Status
    file_name: str
    source_key: str
    size_bytes: int
    sha256: str
    uploaded_at: datetime
    created_at: datetime
    parse_options: ParseOptions = msgspec.field(default_factory=ParseOptions)
    processed_at: datetime | None = None
    columns: tuple[Column, ...] = ()
    time_column: str | None = None
    metric_columns: tuple[str, ...] = ()
    dimensions: tuple[Dimension, ...] = ()  # () also in versions read before they were counted
    time_zone: str = "UTC"
    row_count: int | None = None
    rejected_rows: int | None = None
    first_time: datetime | None = None
    last_time: datetime | None = None
    quality: DataQuality | None = None
    failure: Failure | None = None
    # Small facts that a list shows without opening an analysis, all at the default settings: the open anomalies of the
    # metrics that are analysed on arrival, and the shape of the first one.
    anomaly_count: int | None = None
    # ``domain.analysis.cache_key.METHOD`` when they were counted; None: a verdict came since, they are to be counted.
    counted_by_method: int | None = None
    sparkline: tuple[float, ...] = ()
    appended_to: int | None = None
    # Runs of processing that began and whose process ended without a word; an orderly end sets it back.
    interrupted_runs: int = 0

    @property
    def revision(self) -> Revision:
        """The guard for the next compare-and-set."""
        return Revision(version=self.version, status=self.status)

    @property
    def is_ready(self) -> bool:
        """Whether its records can be asked."""
        return self.status in {Status.PROCESSED, Status.CACHED}


class NewFile(Struct, frozen=True):
    """A file that was stored and is to become a version."""

    file_name: str
    source_key: str
    size_bytes: int
    sha256: str
    uploaded_at: datetime
    parse_options: ParseOptions
    appended_to: int | None = None


def move(dataset: Dataset, to: Status, **changes: object) -> Dataset:
    """Move to another state, changing other fields with it.

    Raises:
        IllegalMoveError: the lifecycle has no such move.
    """
    if to not in MOVES[dataset.status]:
        raise IllegalMoveError(
            f"A dataset that is {dataset.status} cannot become {to}.",
            **{"from": str(dataset.status), "to": str(to)},
        )
    return msgspec.structs.replace(dataset, status=to, **changes)


def first_version(user_id: str, dataset_id: str, name: str | None, file: NewFile) -> Dataset:
    """Begin a dataset from its first file; without a name it is called as the file."""
    return Dataset(
        id=dataset_id,
        user_id=user_id,
        dataset_name=(name or file.file_name).strip(),
        version=1,
        status=Status.UPLOADED,
        file_name=file.file_name,
        source_key=file.source_key,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        uploaded_at=file.uploaded_at,
        created_at=file.uploaded_at,
        parse_options=file.parse_options,
        time_zone=file.parse_options.time_zone,
    )


def next_version(dataset: Dataset, file: NewFile) -> Dataset:
    """Begin version n+1 from a new file; what was learnt from the old file is forgotten.

    Raises:
        IllegalMoveError: the dataset is being deleted.
    """
    if dataset.status is Status.DELETING:
        raise IllegalMoveError("A dataset that is being deleted takes no new version.")
    return Dataset(
        id=dataset.id,
        user_id=dataset.user_id,
        dataset_name=dataset.dataset_name,
        version=dataset.version + 1,
        status=Status.UPLOADED,
        created_at=dataset.created_at,
        file_name=file.file_name,
        source_key=file.source_key,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        uploaded_at=file.uploaded_at,
        parse_options=file.parse_options,
        time_zone=file.parse_options.time_zone,
        appended_to=file.appended_to,
    )


def source_key(user_id: str, dataset_id: str, version: int, upload_id: str) -> str:
    """Where the file of a version is kept. The client's file name is never part of it.

    Two uploads that race for the same version number have keys of their own (``upload_id``), so that the loser
    of the compare-and-set never harms the winner's file.
    """
    return f"{version_prefix(user_id, dataset_id, version)}{upload_id}/source"


def version_prefix(user_id: str, dataset_id: str, version: int) -> str:
    """What every blob of one version begins with."""
    return f"{dataset_prefix(user_id, dataset_id)}v{version}/"


def dataset_prefix(user_id: str, dataset_id: str) -> str:
    """What every blob of a dataset begins with."""
    return f"users/{user_id}/datasets/{dataset_id}/"
