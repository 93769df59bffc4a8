"""The real use cases over fakes and in-process adapters: no disk, no server, a clock that a test moves."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from adapters.duckdb.reader.reader import DuckDBTableReader
from adapters.memory.analysis_cache import MemoryAnalysisCache
from adapters.memory.progress_events import MemoryProgressEvents
from adapters.memory.rate_limiter import MemoryRateLimiter
from adapters.security.jwt import JwtAccessTokens
from domain.datasets.parse_options import ParseOptions
from domain.ports.work import Job, Jobs
from domain.use_cases.accounts import LogIn, LogOut, LogOutEverywhere, RateLimits, Refresh, Register, Sessions
from domain.use_cases.uploads.append_base import ResolveAppendBase
from domain.use_cases.uploads.named_columns import CheckNamedColumns
from domain.use_cases.uploads.upload import UploadDataset, UploadRequest
from tests.support.fake_accounts import FastHasher, InMemoryRefreshSessions, InMemoryUsers
from tests.support.fakes import FixedClock, InlineOffload, InMemoryBlobs, InMemoryDatasets, SequentialIdentifiers

KEY = b"0123456789abcdef0123456789abcdef"
LIMITS = RateLimits(
    logins_per_account=3, logins_per_address=5, registrations_per_address=4, window=timedelta(minutes=15)
)


@dataclass
class KeptJobs(Jobs):
    """Remembers what was submitted."""

    submitted: list[Job] = field(default_factory=list)

    async def submit(self, job: Job) -> None:
        self.submitted.append(job)

    async def pending(self) -> int:
        return len(self.submitted)


class AccountsWorkshop:
    """Everything around accounts."""

    def __init__(self) -> None:
        self.clock = FixedClock()
        self.id_generator = SequentialIdentifiers()
        self.users = InMemoryUsers()
        self.store = InMemoryRefreshSessions()
        self.tokens = JwtAccessTokens(KEY, "driftline", "driftline")
        self.limiter = MemoryRateLimiter(self.clock)
        hasher = FastHasher()
        sessions = Sessions(store=self.store, tokens=self.tokens, id_generator=self.id_generator, clock=self.clock)
        self.register = Register(
            users=self.users,
            hasher=hasher,
            limiter=self.limiter,
            id_generator=self.id_generator,
            clock=self.clock,
            limits=LIMITS,
        )
        self.log_in = LogIn(
            users=self.users, hasher=hasher, limiter=self.limiter, sessions=sessions, clock=self.clock, limits=LIMITS
        )
        self.refresh = Refresh(sessions=sessions)
        self.log_out = LogOut(store=self.store)
        self.log_out_everywhere = LogOutEverywhere(store=self.store)


class UploadsWorkshop:
    """Everything around uploads."""

    def __init__(self, max_bytes: int = 1000, max_waiting: int = 100) -> None:
        self.clock = FixedClock()
        self.datasets = InMemoryDatasets()
        self.blobs = InMemoryBlobs()
        self.cache = MemoryAnalysisCache(self.clock)
        self.jobs = KeptJobs()
        self.progress_events = MemoryProgressEvents()
        self.find_basis = ResolveAppendBase(
            datasets=self.datasets, blobs=self.blobs, reader=DuckDBTableReader(), worker_pool=InlineOffload()
        )
        self.upload = UploadDataset(
            datasets=self.datasets,
            blobs=self.blobs,
            cache=self.cache,
            jobs=self.jobs,
            progress_events=self.progress_events,
            id_generator=SequentialIdentifiers(),
            clock=self.clock,
            find_basis=self.find_basis,
            check_columns=CheckNamedColumns(blobs=self.blobs, reader=DuckDBTableReader(), worker_pool=InlineOffload()),
            max_bytes=max_bytes,
            max_waiting=max_waiting,
        )


def a_request(name: str | None = "Sales", **roles: object) -> Callable[[], UploadRequest]:
    return lambda: UploadRequest(dataset_name=name, file_name="sales.csv", parse_options=ParseOptions(**roles))  # type: ignore[arg-type] # a test names real fields


async def chunks_of(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def sales_csv() -> bytes:
    """The specification's seven rows."""
    return (Path(__file__).parents[1] / "data" / "sales.csv").read_bytes()
