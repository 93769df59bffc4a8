"""The real use cases over fakes and in-process adapters: no disk, no server, a clock that a test moves."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from adapters.ingest.reader import DuckDBTableReader
from adapters.memory.analysis_cache import MemoryAnalysisCache
from adapters.memory.news import MemoryNews
from adapters.memory.rate_limiter import MemoryRateLimiter
from adapters.security.jwt import JwtAccessTokens
from domain.dataset import Roles
from domain.ports import Job, Jobs
from domain.use_cases.accounts import LogIn, LogOut, LogOutEverywhere, RateLimits, Refresh, Register, Sessions
from domain.use_cases.appending import FindBasis
from domain.use_cases.uploads import UploadDataset, UploadRequest
from tests.support.fake_accounts import FastHasher, InMemoryRefreshSessions, InMemoryUsers
from tests.support.fakes import (
    FixedClock,
    InlineOffload,
    InMemoryBlobs,
    InMemoryDatasets,
    SequentialIdentifiers,
)

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
        self.identifiers = SequentialIdentifiers()
        self.users = InMemoryUsers()
        self.store = InMemoryRefreshSessions()
        self.tokens = JwtAccessTokens(KEY, "driftline", "driftline")
        self.limiter = MemoryRateLimiter(self.clock)
        hasher = FastHasher()
        sessions = Sessions(self.store, self.tokens, self.identifiers, self.clock)
        self.register = Register(self.users, hasher, self.limiter, self.identifiers, self.clock, LIMITS)
        self.log_in = LogIn(self.users, hasher, self.limiter, sessions, self.clock, LIMITS)
        self.refresh = Refresh(sessions)
        self.log_out = LogOut(self.store)
        self.log_out_everywhere = LogOutEverywhere(self.store)


class UploadsWorkshop:
    """Everything around uploads."""

    def __init__(self, max_bytes: int = 1000) -> None:
        self.clock = FixedClock()
        self.datasets = InMemoryDatasets()
        self.blobs = InMemoryBlobs()
        self.cache = MemoryAnalysisCache(self.clock)
        self.jobs = KeptJobs()
        self.news = MemoryNews()
        self.find_basis = FindBasis(self.datasets, self.blobs, DuckDBTableReader(), InlineOffload())
        self.upload = UploadDataset(
            self.datasets,
            self.blobs,
            self.cache,
            self.jobs,
            self.news,
            SequentialIdentifiers(),
            self.clock,
            self.find_basis,
            max_bytes,
        )


def a_request(name: str | None = "Sales", **roles: object) -> Callable[[], UploadRequest]:
    return lambda: UploadRequest(dataset_name=name, file_name="sales.csv", roles=Roles(**roles))  # type: ignore[arg-type] # a test names real fields


async def chunks_of(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def sales_csv() -> bytes:
    """The specification's seven rows."""
    return (Path(__file__).parents[1] / "data" / "sales.csv").read_bytes()
