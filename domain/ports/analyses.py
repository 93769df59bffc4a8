"""What the domain asks of analyses: stored and cached results, verdicts, reports."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from domain.analysis.analysis import Analysis
from domain.analysis.cache_key import CacheEntry
from domain.datasets.dataset import Dataset
from domain.feedback.verdict import Verdict
from domain.reports.report import Report, ReportStage, unheard
from domain.struct import Struct
from domain.timeseries.aggregation import Floats, Ints


class Analyses(Protocol):
    """Which analyses were made? One per (dataset, version, metric, settings field)."""

    @abstractmethod
    async def save(self, field: str, analysis: Analysis) -> None:
        """Replaces an older one under the same field."""

    @abstractmethod
    async def get(self, dataset_id: str, version: int, metric: str, field: str) -> Analysis | None: ...

    @abstractmethod
    async def delete(self, dataset_id: str, version: int | None = None, metric: str | None = None) -> None:
        """Forget those of a dataset: of one version or of all, of one metric or of all."""

    @abstractmethod
    async def stored_ids(self) -> frozenset[tuple[str, int]]:
        """Of which datasets and versions there is any."""


class Verdicts(Protocol):
    """What did the user say of these anomalies? One per (dataset, subject, instant); see ``Verdict.subject``."""

    @abstractmethod
    async def put(self, annotation: Verdict) -> None:
        """Replaces an older one of the same instant."""

    @abstractmethod
    async def remove(self, dataset_id: str, subject: str, at: datetime) -> None:
        """Unknown is no error."""

    @abstractmethod
    async def of_subject(self, dataset_id: str, subject: str) -> tuple[Verdict, ...]:
        """In order of time."""

    @abstractmethod
    async def delete(self, dataset_id: str) -> None:
        """Forget all of a dataset."""

    @abstractmethod
    async def stored_ids(self) -> frozenset[str]:
        """Of which datasets there is any."""


class ReportPage(Struct, frozen=True):
    """A stretch of a list, and how long the whole list is."""

    items: tuple[Report, ...]
    total: int


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
        """The report, of any owner: for workers."""

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
        """The reports that are ready, of all owners: each should have its file."""


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
    async def stored_ids(self) -> frozenset[str]:
        """Of which datasets there is any entry, in whichever process. Raises UnavailableError."""

    @abstractmethod
    def once(self, dataset_id: str, metric: str, field: str) -> AbstractAsyncContextManager[None]:
        """One computation at a time per entry: others wait here until the first is through (bounded)."""


class Downsampler(Protocol):
    """Which points must be drawn?"""

    @abstractmethod
    def choose(self, values: Floats, limit: int, keep: Sequence[int]) -> Ints:
        """About ``limit`` ascending positions, with every extreme, the ends and all of ``keep`` among them."""


class ReportRenderer(Protocol):
    """How does an analysis look as a document? One adapter for each ``domain.reports.report.ReportFormat``."""

    @abstractmethod
    def render(self, analysis: Analysis, dataset: Dataset, entering: Callable[[ReportStage], None] = unheard) -> bytes:
        """The finished file: the same input gives the same bytes. Blocking: call through ``WorkerPool``.

        ``entering`` is told each of the form's steps (``domain.reports.report.STAGES``) as it begins.
        """
