"""What the domain asks of datasets: their versions, files, rows and how they are read."""

from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from domain.analysis.suggested_reasons import Stretch
from domain.datasets.dataset import Dataset, Revision
from domain.datasets.dataset_query import DatasetQuery
from domain.datasets.ingest_result import IngestResult, Preview
from domain.datasets.parse_options import ParseOptions
from domain.datasets.pending_upload import PendingUpload, PresignedUpload
from domain.datasets.sample import Sample
from domain.datasets.table_schema import TableShape
from domain.datasets.waiting_line import WaitingUpload
from domain.struct import Struct
from domain.timeseries.aggregation import MetricProfile, SeriesAnswer, SeriesQuestion
from domain.timeseries.group_sums import GroupQuestion, GroupSums

EVERY: Final = DatasetQuery()
MOST_WAITING: Final = 10_000  # uploads; 1 MB of what is asked for of each


class DatasetPage(Struct, frozen=True):
    """A stretch of a list, how long the whole list is, and how many bytes the files of the whole list have."""

    items: tuple[Dataset, ...]
    total: int
    size_bytes: int


class Datasets(Protocol):
    """Which datasets are there, and how do they stand? Lookups with ``user_id`` filter by owner in the query.

    A dataset under deletion is seen by ``find`` and ``unfinished`` only.
    """

    @abstractmethod
    async def add(self, dataset: Dataset) -> None:
        """Store version 1 of a new dataset."""

    @abstractmethod
    async def get(self, user_id: str, dataset_id: str) -> Dataset:
        """The newest version. Raises DatasetNotFoundError."""

    @abstractmethod
    async def get_version(self, user_id: str, dataset_id: str, version: int) -> Dataset:
        """Raises DatasetNotFoundError."""

    @abstractmethod
    async def list(self, user_id: str, limit: int, offset: int, query: DatasetQuery = EVERY) -> DatasetPage:
        """Newest versions; ``total`` counts all that the query chooses. The latest upload first if nothing is said."""

    @abstractmethod
    async def versions(self, user_id: str, dataset_id: str) -> tuple[Dataset, ...]:
        """Every version, the newest first. Raises DatasetNotFoundError."""

    @abstractmethod
    async def find(self, dataset_id: str) -> Dataset | None:
        """The newest version, of any owner: for workers."""

    @abstractmethod
    async def replace(self, dataset: Dataset, expected: Revision) -> None:
        """Compare-and-set on (version, status) of the newest version, as one step.

        With ``dataset.version == expected.version + 1`` the expected version stays listed as an older one.

        Raises:
            StaleVersionError: the newest version is not as expected, or the dataset is gone.
        """

    @abstractmethod
    async def rename(self, user_id: str, dataset_id: str, name: str) -> Dataset:
        """Rename every version. Raises DatasetNotFoundError."""

    @abstractmethod
    async def remove(self, dataset_id: str) -> None:
        """Forget every version: the last step of a deletion. Unknown is no error."""

    @abstractmethod
    async def unfinished(self) -> tuple[Dataset, ...]:
        """Newest versions that are uploaded, processing or deleting: what a restart has to take up again."""

    @abstractmethod
    async def waiting(self) -> tuple[WaitingUpload, ...]:
        """Newest versions that are uploaded and not begun, the earliest upload first; at most ``MOST_WAITING``."""

    @abstractmethod
    async def miscounted(self, method: int) -> tuple[Dataset, ...]:
        """Newest versions that can be asked and whose anomalies were not counted by this method (see ``Dataset``)."""


class StoredBlob(Struct, frozen=True):
    """What was written: its size in bytes and the SHA-256 of its content (hex)."""

    size_bytes: int
    sha256: str


class KeptBlob(Struct, frozen=True):
    """A blob as a list shows it."""

    key: str
    size_bytes: int
    written_at: datetime


class Blobs(Protocol):
    """Where do files lie? Keys are the domain's (``domain.datasets.dataset.source_key``), never a client's."""

    @abstractmethod
    async def write(self, key: str, chunks: AsyncIterator[bytes]) -> StoredBlob:
        """All or nothing: on any error (raised by ``chunks`` too) the key is as it was before."""

    @abstractmethod
    async def write_file(self, key: str, path: Path) -> StoredBlob:
        """As ``write``, from a local file (which stays)."""

    @abstractmethod
    def read(self, key: str) -> AsyncIterator[bytes]:
        """In chunks. Raises NotFoundError before the first one."""

    @abstractmethod
    async def size(self, key: str) -> int | None:
        """In bytes; None if there is none."""

    @abstractmethod
    def local(self, key: str) -> AbstractAsyncContextManager[Path]:
        """The blob as a local file to read, for as long as the context lasts. Raises NotFoundError."""

    @abstractmethod
    async def delete(self, prefix: str) -> int:
        """Delete every blob whose key begins with it; return how many."""

    @abstractmethod
    async def keys(self, prefix: str) -> tuple[str, ...]:
        """Sorted."""

    @abstractmethod
    async def kept(self, prefix: str) -> tuple[KeptBlob, ...]:
        """As ``keys``, with size and age."""

    @abstractmethod
    async def unfinished(self, before: datetime) -> int:
        """How many writes were begun before this time and neither finished nor given up: their writer died."""

    @abstractmethod
    async def drop_unfinished(self, before: datetime) -> None:
        """Give back the room they take."""


class PresignedUploads(Protocol):
    """How does a browser send a file straight to the store?"""

    @abstractmethod
    async def origin(self) -> str:
        """Scheme and host that every form is sent to: a page must be allowed to send there."""

    @abstractmethod
    async def form(self, key: str, size_bytes: int, lifetime: timedelta) -> PresignedUpload:
        """Allow the holder of the form to write this one key, with exactly so many bytes, for a while."""


class PresignedDownloads(Protocol):
    """Where can a file be fetched without an account, for a while?"""

    @abstractmethod
    async def link(self, key: str, file_name: str, media_type: str, lifetime: timedelta) -> str:
        """An address that gives its holder this one file, as a download of that name, until it expires."""


class LinkedFile(Struct, frozen=True):
    """The file that a link stands for, and what to call it."""

    key: str
    file_name: str
    media_type: str


class SignedLinks(Protocol):
    """Which file is this link to? Where the service hands out itself what ``PresignedDownloads`` gave an address of."""

    @abstractmethod
    async def opened(self, token: str) -> LinkedFile:
        """Return what the last part of such an address stands for.

        Raises:
            NotFoundError: the link was never given.
            LinkExpiredError: it has ended.
        """


class PendingUploads(Protocol):
    """Which files may be on their way? One per key; the store forgets it after ``REMEMBERED``."""

    @abstractmethod
    async def add(self, announced: PendingUpload) -> None:
        """Expect this file."""

    @abstractmethod
    async def find(self, dataset_id: str, key: str) -> PendingUpload | None:
        """What the file under this key is to become."""

    @abstractmethod
    async def of_version(self, user_id: str, dataset_id: str, version: int) -> PendingUpload | None:
        """The latest one by this user that is to become this version."""

    @abstractmethod
    async def forget(self, dataset_id: str, key: str) -> None:
        """It is here, or will not be taken any more. Unknown is no error."""


class TableReader(Protocol):
    """What is in this file? Blocking: call through ``WorkerPool``."""

    @abstractmethod
    def preview(self, path: Path, parse_options: ParseOptions, like: TableShape | None = None) -> Preview:
        """From the head of a file (it may be cut anywhere). Raises as ``ingest`` does."""

    @abstractmethod
    def ingest(
        self,
        path: Path,
        parse_options: ParseOptions,
        into: Path,
        report: Callable[[float, str], None],
        like: TableShape | None = None,
    ) -> IngestResult:
        """Read it all into a Parquet table and a CSV of rejects inside the folder ``into``.

        Memory stays flat whatever the size. ``report(fraction, message)`` is called on the way. With ``like`` the
        columns are not chosen but those of an earlier version, whatever their order in the file.

        Raises:
            UnusableFileError and its subclasses: what was found, where, what to do.
            ColumnsDifferError: the file's columns are not those of ``like``.
        """

    @abstractmethod
    def append(self, earlier: Path, added: IngestResult, into: Path, options: ParseOptions) -> IngestResult:
        """Make one table of two, inside the folder ``into``: ``added`` wins wherever both have a time.

        ``earlier`` is the table of a report whose columns ``added`` was read like. Of ``options`` those about
        dimensions count: which columns of both together may group rows. Memory stays flat.
        """


class Records(Protocol):
    """What do the rows say? The aggregation question is answered close to the data."""

    @abstractmethod
    async def store(self, dataset: Dataset, report: IngestResult) -> None:
        """Keep the rows of a version; doing it again replaces them."""

    @abstractmethod
    async def profile(self, dataset: Dataset, metric: str) -> MetricProfile:
        """Raises MetricNotFoundError; NoUsableRowError if it has no finite value."""

    @abstractmethod
    async def series(self, question: SeriesQuestion) -> SeriesAnswer:
        """The aggregation question."""

    @abstractmethod
    async def group_sums(self, question: GroupQuestion) -> GroupSums:
        """The question where something happened.

        Raises:
            MetricNotFoundError: there is no such metric in this version.
            DimensionNotFoundError: a column was not stored as a dimension of this version.
        """

    @abstractmethod
    async def texts(self, dataset: Dataset, column: str, stretches: Sequence[Stretch]) -> tuple[tuple[str, ...], ...]:
        """What stands in a column of reasons, per stretch (instants in microseconds, the end excluded).

        Different texts in order of time, at most ``MOST_TEXTS``, each without surrounding blanks and cut after
        ``MOST_CHARACTERS``; nothing if no such column is kept.
        """

    @abstractmethod
    async def delete(self, dataset_id: str, version: int | None = None) -> None:
        """Forget a version, or all of them."""

    @abstractmethod
    async def stored_ids(self) -> frozenset[tuple[str, int]]:
        """Of which datasets and versions there is anything, half stored ones too."""

    @abstractmethod
    async def row_count(self, dataset_id: str, version: int) -> int | None:
        """How many rows of a version are there, by the store's own index; None if there are none of it.

        Raises:
            CorruptedError: they cannot be read.
        """


class Samples(Protocol):
    """What can be tried without a file of one's own?"""

    @abstractmethod
    def all(self) -> tuple[Sample, ...]:
        """Every sample, the simplest first."""

    @abstractmethod
    def content(self, name: str) -> bytes:
        """The file of a sample, the same bytes every time. Raises NotFoundError."""
