"""Datasets: versions, states, and the moves between them.

    uploaded -> processing -> processed <-> cached
                processing -> failed
    processed | cached | failed -> processing          (run again)
    any -> uploaded, version + 1                       (a new file supersedes whatever was going on)
    any -> deleting                                    (a tombstone, so that a crash half way is finished later)

A ``Dataset`` is one version. The stores keep one per (id, version); the newest is *the* dataset. Every change is
a compare-and-set on its ``Revision``: a late worker of an old version fails there.
"""

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from domain.errors import IllegalMoveError
from domain.value import Value

NOBODY: Final = "local"  # stands where identifiers would if a file is analysed on the spot and nothing is kept
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


class ColumnType(StrEnum):
    """What the cells of a column are."""

    TIME = "time"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"
    EMPTY = "empty"


class FileFormat(StrEnum):
    """By content, never by name; a user may say otherwise."""

    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    NDJSON = "ndjson"
    PARQUET = "parquet"


class Encoding(StrEnum):
    """What a text may be said to be in: those that office programs still write, by their IANA names."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    WINDOWS_1250 = "windows-1250"
    WINDOWS_1251 = "windows-1251"
    WINDOWS_1252 = "windows-1252"
    ISO_8859_1 = "iso-8859-1"
    ISO_8859_15 = "iso-8859-15"
    SHIFT_JIS = "shift_jis"
    GB18030 = "gb18030"
    BIG5 = "big5"
    EUC_KR = "euc-kr"


class Column(Value, frozen=True):
    """A column of the file. ``unit`` is the sign its numbers carried ("₹", "$", "%"), if one did."""

    name: str
    type: ColumnType
    unit: str | None = None


class Failure(Value, frozen=True):
    """Why a version could not be processed; ``code`` is that of ``domain.errors``."""

    code: str
    message: str


class Appended(Value, frozen=True):
    """What adding rows to an earlier version did: earlier rows at a time that the new file has gave way."""

    added_rows: int
    kept_rows: int
    replaced_rows: int
    replaced_times: int


class DataQuality(Value, frozen=True):
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


class TypedColumn(Value, frozen=True):
    """What the user said a column is."""

    name: str
    type: ColumnType


class Roles(Value, frozen=True):
    """What the user said of the file; None or empty means: decide from the file."""

    time_column: str | None = None
    metric_columns: tuple[str, ...] = ()
    time_zone: str = "UTC"
    day_first: bool | None = None
    delimiter: str | None = None
    header_line: int | None = None  # 1-based; 0 if the file has no header
    decimal_comma: bool | None = None
    format: FileFormat | None = None
    encoding: Encoding | None = None
    column_types: tuple[TypedColumn, ...] = ()

    def type_of(self, column: str) -> ColumnType | None:
        """What the user said this column is."""
        return next((said.type for said in self.column_types if said.name == column), None)


class Revision(Value, frozen=True):
    """What a change expects to find: the guard of every compare-and-set."""

    version: int
    status: Status


class Dataset(Value, frozen=True):
    """One version of a user's dataset.

    ``source_key`` is the blob of the file as it came (``s3FilePath`` of design.md section 4); ``sha256`` is of
    those bytes, empty until somebody has read them (a browser may send them straight to the store). ``columns``,
    ``time_column`` and ``metric_columns`` are known once it is processed. With ``appended_to`` its rows are those of
    that version and, over them, those of its own file.
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
    roles: Roles = msgspec.field(default_factory=Roles)
    processed_at: datetime | None = None
    columns: tuple[Column, ...] = ()
    time_column: str | None = None
    metric_columns: tuple[str, ...] = ()
    time_zone: str = "UTC"
    row_count: int | None = None
    rejected_rows: int | None = None
    first_time: datetime | None = None
    last_time: datetime | None = None
    quality: DataQuality | None = None
    failure: Failure | None = None
    # Small facts that a list shows without opening an analysis: of the first metric, at the default settings.
    anomaly_count: int | None = None
    sparkline: tuple[float, ...] = ()
    appended_to: int | None = None

    @property
    def revision(self) -> Revision:
        """The guard for the next compare-and-set."""
        return Revision(version=self.version, status=self.status)

    @property
    def is_ready(self) -> bool:
        """Whether its records can be asked."""
        return self.status in {Status.PROCESSED, Status.CACHED}


class NewFile(Value, frozen=True):
    """A file that was stored and is to become a version."""

    file_name: str
    source_key: str
    size_bytes: int
    sha256: str
    uploaded_at: datetime
    roles: Roles
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
        roles=file.roles,
        time_zone=file.roles.time_zone,
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
        roles=file.roles,
        time_zone=file.roles.time_zone,
        appended_to=file.appended_to,
    )


def source_key(user_id: str, dataset_id: str, version: int, upload_id: str) -> str:
    """Where the file of a version is kept. The client's file name is never part of it.

    Two uploads that race for the same version number have keys of their own (``upload_id``), so that the loser
    of the compare-and-set never harms the winner's file.
    """
    return f"{version_prefix(user_id, dataset_id, version)}{upload_id}/source"


def earlier_key(dataset: Dataset) -> str:
    """Where a version made by adding rows keeps the rows it was added to, so that it needs no other version."""
    return f"{dataset.source_key.removesuffix('source')}earlier"


def rejects_key(user_id: str, dataset_id: str, version: int) -> str:
    """Where the rows that could not be used are kept, as CSV: line, column, value, reason."""
    return f"{version_prefix(user_id, dataset_id, version)}rejects.csv"


def points_key(dataset: Dataset, metric: str, field: str) -> str:
    """Where all points of an analysis are kept, for zooming; ``field`` is ``domain.caching.cache_field``."""
    name = hashlib.sha256(metric.encode()).hexdigest()[:16]  # a column's name may hold anything
    return f"{version_prefix(dataset.user_id, dataset.id, dataset.version)}points/{name}-{field}"


def version_prefix(user_id: str, dataset_id: str, version: int) -> str:
    """What every blob of one version begins with."""
    return f"{dataset_prefix(user_id, dataset_id)}v{version}/"


def dataset_prefix(user_id: str, dataset_id: str) -> str:
    """What every blob of a dataset begins with."""
    return f"users/{user_id}/datasets/{dataset_id}/"
