"""All ports on one page: what the domain asks of the world. Adapters inherit them and are named by technology.

Everything here is asked in the domain's words. An adapter raises only errors of ``domain.errors``: a driver's own
error becomes ``UnavailableError`` (or the refusal it means) at the door, ``raise ... from error``.
"""

from abc import abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, TypeVar

from domain.accounts import Claims, RefreshSession, User
from domain.analysis import Analysis
from domain.annotations import Annotation
from domain.announcements import AnnouncedUpload, UploadForm
from domain.appending import TableShape
from domain.caching import CacheEntry
from domain.dataset import Dataset, Revision, Roles
from domain.ingestion import IngestReport, Preview
from domain.progress import Progress
from domain.reports import Report, ReportStage, unheard
from domain.samples import Sample
from domain.suggestions import Stretch
from domain.summary import Floats, Ints, MetricProfile, SeriesAnswer, SeriesQuestion
from domain.value import Value

T = TypeVar("T")


# --- the world itself ----------------------------------------------------------------------------------


class Clock(Protocol):
    """What time is it?"""

    @abstractmethod
    def now(self) -> datetime:
        """The time in UTC, aware."""


class Identifiers(Protocol):
    """What shall this be called?"""

    @abstractmethod
    def new(self) -> str:
        """An identifier never given before (a UUID)."""

    @abstractmethod
    def secret(self) -> str:
        """An unguessable token of at least 256 bits, safe in a cookie."""


class Offload(Protocol):
    """Who computes what would stop everybody else? Runs a function away from the event loop, bounded."""

    @abstractmethod
    async def run(self, work: Callable[[], T]) -> T:
        """Return what ``work`` returns, or raise what it raises."""

    @abstractmethod
    async def run_reporting(
        self, work: Callable[[Callable[[float, str], None]], T], heard: Callable[[float, str], Awaitable[None]]
    ) -> T:
        """As ``run``; what ``work`` reports on its way (fraction, message) is awaited as ``heard`` on the loop."""


class Scratch(Protocol):
    """Where may I put something for a moment?"""

    @abstractmethod
    def folder(self) -> AbstractAsyncContextManager[Path]:
        """An empty local folder that is gone, with all in it, when the context ends."""


# --- accounts ------------------------------------------------------------------------------------------


class Users(Protocol):
    """Who has an account?"""

    @abstractmethod
    async def add(self, user: User) -> None:
        """Raises EmailTakenError if the address is in use in any upper or lower case."""

    @abstractmethod
    async def by_email(self, email: str) -> User | None:
        """Compared case-insensitively."""

    @abstractmethod
    async def by_id(self, user_id: str) -> User | None: ...

    @abstractmethod
    async def record_login(self, user_id: str, at: datetime) -> None: ...


class RefreshSessions(Protocol):
    """Which refresh tokens are good?"""

    @abstractmethod
    async def begin(self, session: RefreshSession) -> None:
        """Store the first token of a family."""

    @abstractmethod
    async def rotate(self, token_hash: str, successor: RefreshSession, now: datetime) -> RefreshSession:
        """Use up a token and store its successor, as one step; return the session that was used.

        ``successor.family_id`` and ``successor.user_id`` are replaced by those of the used session. The first use of
        a token uses up every other token of its family; a repeated one within the grace (``domain.accounts.is_theft``)
        uses up none and does not renew the grace.

        Raises:
            InvalidTokenError: unknown or revoked.
            ExpiredTokenError: past its time.
            TokenReusedError: used before, and longer ago than the grace; the whole family has been revoked.
        """

    @abstractmethod
    async def revoke_family(self, token_hash: str) -> None:
        """End the family this token belongs to; an unknown token is no error."""

    @abstractmethod
    async def revoke_user(self, user_id: str) -> None:
        """End every session of a user."""

    @abstractmethod
    async def expired(self, before: datetime) -> int:
        """How many tokens ended before this time and are still kept."""

    @abstractmethod
    async def forget_expired(self, before: datetime) -> None:
        """Drop them; a token that ended later keeps its answer."""


class PasswordHasher(Protocol):
    """Is this the password? Slow on purpose, so it runs off the event loop and bounded."""

    @abstractmethod
    async def hash(self, password: str) -> str: ...

    @abstractmethod
    async def verify(self, password: str, password_hash: str | None) -> bool:
        """With None (unknown user) it takes the same time and answers False."""


class AccessTokens(Protocol):
    """Who does this token speak for?"""

    @abstractmethod
    def issue(self, user_id: str, now: datetime, lifetime: timedelta) -> str: ...

    @abstractmethod
    def verify(self, token: str, now: datetime) -> Claims:
        """Raises InvalidTokenError, ExpiredTokenError."""


class RateLimiter(Protocol):
    """May this be tried again?"""

    @abstractmethod
    async def hit(self, key: str, limit: int, window: timedelta) -> None:
        """Count one attempt. Raises RateLimitedError(retryAfterSeconds=...) above ``limit`` per window."""


# --- datasets ------------------------------------------------------------------------------------------


class DatasetPage(Value, frozen=True):
    """A stretch of a list, and how long the whole list is."""

    items: tuple[Dataset, ...]
    total: int


class ReportPage(Value, frozen=True):
    """A stretch of a list, and how long the whole list is."""

    items: tuple[Report, ...]
    total: int


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
    async def list(self, user_id: str, limit: int, offset: int) -> DatasetPage:
        """Newest versions, the latest upload first."""

    @abstractmethod
    async def versions(self, user_id: str, dataset_id: str) -> tuple[Dataset, ...]:
        """Every version, the newest first. Raises DatasetNotFoundError."""

    @abstractmethod
    async def find(self, dataset_id: str) -> Dataset | None:
        """The newest version, whoever owns it, for workers."""

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


class StoredBlob(Value, frozen=True):
    """What was written: its size in bytes and the SHA-256 of its content (hex)."""

    size_bytes: int
    sha256: str


class KeptBlob(Value, frozen=True):
    """A blob as a list shows it."""

    key: str
    size_bytes: int
    written_at: datetime


class Blobs(Protocol):
    """Where do files lie? Keys are the domain's (``domain.dataset.source_key``), never a client's."""

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


class UploadForms(Protocol):
    """How does a browser send a file straight to the store?"""

    @abstractmethod
    async def origin(self) -> str:
        """Scheme and host that every form is sent to: a page must be allowed to send there."""

    @abstractmethod
    async def form(self, key: str, size_bytes: int, lifetime: timedelta) -> UploadForm:
        """Allow whoever holds the form to write this one key, with exactly so many bytes, for a while."""


class DownloadLinks(Protocol):
    """Where can a file be fetched without an account, for a while?"""

    @abstractmethod
    async def link(self, key: str, file_name: str, media_type: str, lifetime: timedelta) -> str:
        """An address that gives whoever holds it this one file, as a download of that name, until it expires."""


class LinkedFile(Value, frozen=True):
    """The file that a link stands for, and what to call it."""

    key: str
    file_name: str
    media_type: str


class LinkedFiles(Protocol):
    """Which file is this link to? Where the service hands out itself what ``DownloadLinks`` gave an address of."""

    @abstractmethod
    async def opened(self, token: str) -> LinkedFile:
        """Return what the last part of such an address stands for.

        Raises:
            NotFoundError: nobody gave this link.
            LinkExpiredError: it has ended.
        """


class Announcements(Protocol):
    """Which files may be on their way? One per key; the store forgets it after ``REMEMBERED``."""

    @abstractmethod
    async def add(self, announced: AnnouncedUpload) -> None:
        """Expect this file."""

    @abstractmethod
    async def find(self, dataset_id: str, key: str) -> AnnouncedUpload | None:
        """What the file under this key is to become."""

    @abstractmethod
    async def of_version(self, user_id: str, dataset_id: str, version: int) -> AnnouncedUpload | None:
        """The latest one by this user that is to become this version."""

    @abstractmethod
    async def forget(self, dataset_id: str, key: str) -> None:
        """It is here, or will not be taken any more. Unknown is no error."""


class TableReader(Protocol):
    """What is in this file? Blocking: call through ``Offload``."""

    @abstractmethod
    def preview(self, path: Path, roles: Roles, like: TableShape | None = None) -> Preview:
        """From the head of a file (it may be cut anywhere). Raises as ``ingest`` does."""

    @abstractmethod
    def ingest(
        self, path: Path, roles: Roles, into: Path, report: Callable[[float, str], None], like: TableShape | None = None
    ) -> IngestReport:
        """Read it all into a Parquet table and a CSV of rejects inside the folder ``into``.

        Memory stays flat whatever the size. ``report(fraction, message)`` is called on the way. With ``like`` the
        columns are not chosen but those of an earlier version, whatever their order in the file.

        Raises:
            UnusableFileError and its kin: what was found, where, what to do.
            ColumnsDifferError: the file's columns are not those of ``like``.
        """

    @abstractmethod
    def append(self, earlier: Path, added: IngestReport, into: Path) -> IngestReport:
        """Make one table of two, inside the folder ``into``: ``added`` wins wherever both have a time.

        ``earlier`` is the table of a report whose columns ``added`` was read like. Memory stays flat.
        """


class Records(Protocol):
    """What do the rows say? The aggregation question is answered close to the data."""

    @abstractmethod
    async def store(self, dataset: Dataset, report: IngestReport) -> None:
        """Keep the rows of a version; doing it again replaces them."""

    @abstractmethod
    async def profile(self, dataset: Dataset, metric: str) -> MetricProfile:
        """Raises MetricNotFoundError; NoUsableRowError if it has no finite value."""

    @abstractmethod
    async def series(self, question: SeriesQuestion) -> SeriesAnswer:
        """The aggregation question."""

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
    async def held(self) -> frozenset[tuple[str, int]]:
        """Of which datasets and versions there is anything, half stored ones too."""


class Samples(Protocol):
    """What can be tried without a file of one's own?"""

    @abstractmethod
    def all(self) -> tuple[Sample, ...]:
        """Every sample, the simplest first."""

    @abstractmethod
    def content(self, name: str) -> bytes:
        """The file of a sample, the same bytes every time. Raises NotFoundError."""


# --- analyses ------------------------------------------------------------------------------------------


class Analyses(Protocol):
    """Which analyses were made? One per (dataset, version, metric, settings field)."""

    @abstractmethod
    async def save(self, field: str, analysis: Analysis) -> None:
        """Replaces an older one under the same field."""

    @abstractmethod
    async def get(self, dataset_id: str, version: int, metric: str, field: str) -> Analysis | None: ...

    @abstractmethod
    async def delete(self, dataset_id: str, version: int | None = None) -> None: ...

    @abstractmethod
    async def held(self) -> frozenset[tuple[str, int]]:
        """Of which datasets and versions there is any."""


class Annotations(Protocol):
    """What did the user say of this metric's anomalies? One per (dataset, metric, instant)."""

    @abstractmethod
    async def put(self, annotation: Annotation) -> None:
        """Replaces an older one of the same instant."""

    @abstractmethod
    async def remove(self, dataset_id: str, metric: str, at: datetime) -> None:
        """Unknown is no error."""

    @abstractmethod
    async def of_metric(self, dataset_id: str, metric: str) -> tuple[Annotation, ...]:
        """In order of time."""

    @abstractmethod
    async def delete(self, dataset_id: str) -> None:
        """Forget all of a dataset."""

    @abstractmethod
    async def held(self) -> frozenset[str]:
        """Of which datasets there is any."""


class Reports(Protocol):
    """Which reports were asked for? Lookups with ``user_id`` filter by owner in the query."""

    @abstractmethod
    async def put(self, report: Report) -> None:
        """Store a new report, or its newer state."""

    @abstractmethod
    async def advance(self, report: Report) -> bool:
        """Store the newer state of a report that is still there; False if it was removed meanwhile."""

    @abstractmethod
    async def get(self, user_id: str, report_id: str) -> Report:
        """Raises ReportNotFoundError."""

    @abstractmethod
    async def find(self, report_id: str) -> Report | None:
        """Whoever owns it, for workers."""

    @abstractmethod
    async def list(self, user_id: str, limit: int, offset: int) -> ReportPage:
        """The latest first."""

    @abstractmethod
    async def remove(self, user_id: str, report_id: str) -> None:
        """Raises ReportNotFoundError."""

    @abstractmethod
    async def unfinished(self) -> tuple[Report, ...]:
        """What is still queued: a restart takes it up again."""

    @abstractmethod
    async def finished(self) -> tuple[Report, ...]:
        """What is ready, whoever owns it: each should have its file."""


class AnalysisCache(Protocol):
    """Is the finished body at hand? A cache that is down is a miss, never an error."""

    @abstractmethod
    async def get(self, dataset_id: str, metric: str, field: str) -> CacheEntry | None: ...

    @abstractmethod
    async def put(self, dataset_id: str, metric: str, field: str, entry: CacheEntry) -> bool:
        """False if refused: a newer version's entry or invalidation was seen before.

        Inside ``once`` also if the dataset was invalidated (by another task) since that began: the body may lack
        what was changed.
        """

    @abstractmethod
    async def invalidate(self, dataset_id: str, min_version: int) -> None:
        """Drop every entry of a dataset and refuse writes for versions below ``min_version`` from now on."""

    @abstractmethod
    async def held(self) -> frozenset[str]:
        """Of which datasets there is any entry, in whichever process. Raises UnavailableError."""

    @abstractmethod
    def once(self, dataset_id: str, metric: str, field: str) -> AbstractAsyncContextManager[None]:
        """One computation at a time per entry: others wait here until the first is through (bounded)."""


class Thinner(Protocol):
    """Which points must be drawn?"""

    @abstractmethod
    def choose(self, values: Floats, limit: int, keep: Sequence[int]) -> Ints:
        """About ``limit`` ascending positions, with every extreme, the ends and all of ``keep`` among them."""


# --- reports -------------------------------------------------------------------------------------------


class ReportRenderer(Protocol):
    """How does an analysis look as a document? One adapter for each ``domain.reports.ReportFormat``."""

    @abstractmethod
    def render(self, analysis: Analysis, dataset: Dataset, entering: Callable[[ReportStage], None] = unheard) -> bytes:
        """The finished file: the same input gives the same bytes. Blocking: call through ``Offload``.

        ``entering`` is told each of the form's steps (``domain.reports.STAGES``) as it begins.
        """


# --- work and news -------------------------------------------------------------------------------------


class Job(Value, frozen=True):
    """Process this version (or finish deleting the dataset); with ``report_id`` make that report instead."""

    dataset_id: str
    version: int
    report_id: str | None = None


class Jobs(Protocol):
    """Who does the slow part? Delivery is at least once, unordered, possibly doubled."""

    @abstractmethod
    async def submit(self, job: Job) -> None: ...

    @abstractmethod
    async def pending(self) -> int:
        """About how many wait or are being done."""


class News(Protocol):
    """How far is it? Best effort: a listener may miss news and must be able to ask for the state instead."""

    @abstractmethod
    async def publish(self, progress: Progress) -> None: ...

    @abstractmethod
    def listen(self, dataset_id: str) -> AbstractAsyncContextManager[AsyncIterator[Progress]]:
        """Everything published while the context lasts; the last known report first."""


class Dependency(Protocol):
    """Are you there? Asked by the readiness check."""

    name: str

    @abstractmethod
    async def ping(self) -> None:
        """Raises UnavailableError."""
