"""One fixture per port, parametrised by the name of a backend: ``users`` runs on ``fake_users``, ``sqlite_users`` ...

To add an adapter: write a fixture ``{backend}_{port}`` (here, or imported from tests/support) and put the backend's
name into the list of the port. These fixtures are plain functions because an async one cannot ask for another.
"""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.duckdb.reader.reader import DuckDBTableReader
from adapters.duckdb.records.records import DuckDBRecords
from adapters.filesystem.blobs import FilesystemBlobs
from adapters.memory.analysis_cache import MemoryAnalysisCache
from adapters.memory.jobs import MemoryJobs
from adapters.memory.progress_events import MemoryProgressEvents
from adapters.memory.rate_limiter import MemoryRateLimiter
from adapters.security.bcrypt import BcryptPasswordHasher
from adapters.sqlite.accounts import SqliteRefreshSessions, SqliteUsers
from adapters.sqlite.analyses import SqliteAnalyses
from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.datasets import SqliteDatasets
from adapters.sqlite.reports import SqliteReports
from adapters.sqlite.verdicts import SqliteVerdicts
from adapters.system import ThreadWorkerPool
from domain.ports.datasets import TableReader
from tests.support.aws_stores import *  # noqa: F403 - fixtures are found by their names
from tests.support.fake_accounts import FastHasher, InMemoryRefreshSessions, InMemoryUsers
from tests.support.fake_pending_uploads import InMemoryPendingUploads
from tests.support.fake_records import InMemoryRecords
from tests.support.fake_reports import InMemoryReports
from tests.support.fakes import FixedClock, InMemoryAnalyses, InMemoryBlobs, InMemoryDatasets, InMemoryVerdicts
from tests.support.mongo_stores import *  # noqa: F403 - fixtures are found by their names
from tests.support.postgres_stores import *  # noqa: F403 - fixtures are found by their names
from tests.support.redis_processes import *  # noqa: F403 - as above
from tests.support.redis_stores import *  # noqa: F403 - as above
from tests.support.tables import Outcome, ingest

BACKENDS = {
    "users": ["fake", "sqlite", "postgres"],
    "refresh_sessions": ["fake", "sqlite", "postgres"],
    "datasets": ["fake", "sqlite", "mongo"],
    "blobs": ["fake", "filesystem", "s3"],
    "analyses": ["fake", "sqlite", "mongo"],
    "verdicts": ["fake", "sqlite", "mongo"],
    "pending_uploads": ["fake", "mongo"],
    "records": ["fake", "duckdb", "mongo"],
    "reports": ["fake", "sqlite", "mongo"],
    "analysis_cache": ["memory", "redis", "distant"],
    "rate_limiter": ["memory", "redis"],
    "progress_events": ["memory", "redis"],
    "jobs": ["memory", "sqs"],
    "password_hasher": ["fake", "bcrypt"],
}


def _on_every_backend(port: str) -> Callable[[pytest.FixtureRequest], Any]:
    @pytest.fixture(name=port, params=BACKENDS[port])
    def on_backend(request: pytest.FixtureRequest) -> Any:
        return request.getfixturevalue(f"{request.param}_{port}")

    return on_backend


users = _on_every_backend("users")
refresh_sessions = _on_every_backend("refresh_sessions")
datasets = _on_every_backend("datasets")
blobs = _on_every_backend("blobs")
analyses = _on_every_backend("analyses")
verdicts = _on_every_backend("verdicts")
pending_uploads = _on_every_backend("pending_uploads")
reports = _on_every_backend("reports")
analysis_cache = _on_every_backend("analysis_cache")
rate_limiter = _on_every_backend("rate_limiter")
progress_events = _on_every_backend("progress_events")
jobs = _on_every_backend("jobs")
password_hasher = _on_every_backend("password_hasher")
records = _on_every_backend("records")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


# --- fakes ---------------------------------------------------------------------------------------------


@pytest.fixture
def fake_users() -> InMemoryUsers:
    return InMemoryUsers()


@pytest.fixture
def fake_refresh_sessions() -> InMemoryRefreshSessions:
    return InMemoryRefreshSessions()


@pytest.fixture
def fake_datasets() -> InMemoryDatasets:
    return InMemoryDatasets()


@pytest.fixture
def fake_blobs() -> InMemoryBlobs:
    return InMemoryBlobs()


@pytest.fixture
def fake_analyses() -> InMemoryAnalyses:
    return InMemoryAnalyses()


@pytest.fixture
def fake_verdicts() -> InMemoryVerdicts:
    return InMemoryVerdicts()


@pytest.fixture
def fake_pending_uploads() -> InMemoryPendingUploads:
    return InMemoryPendingUploads()


@pytest.fixture
def fake_reports() -> InMemoryReports:
    return InMemoryReports()


@pytest.fixture
def fake_password_hasher() -> FastHasher:
    return FastHasher()


# --- embedded ------------------------------------------------------------------------------------------


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    database = SqliteDatabase(tmp_path / "driftline.db")
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def sqlite_reports(sqlite: SqliteDatabase) -> SqliteReports:
    return SqliteReports(sqlite)


@pytest.fixture
def sqlite_verdicts(sqlite: SqliteDatabase) -> SqliteVerdicts:
    return SqliteVerdicts(sqlite)


@pytest.fixture
def sqlite_users(sqlite: SqliteDatabase) -> SqliteUsers:
    return SqliteUsers(sqlite)


@pytest.fixture
def sqlite_refresh_sessions(sqlite: SqliteDatabase) -> SqliteRefreshSessions:
    return SqliteRefreshSessions(sqlite)


@pytest.fixture
def sqlite_datasets(sqlite: SqliteDatabase) -> SqliteDatasets:
    return SqliteDatasets(sqlite)


@pytest.fixture
def sqlite_analyses(sqlite: SqliteDatabase) -> SqliteAnalyses:
    return SqliteAnalyses(sqlite)


@pytest.fixture
async def filesystem_blobs(tmp_path: Path) -> AsyncIterator[FilesystemBlobs]:
    store = FilesystemBlobs(tmp_path / "blobs")
    await store.open()
    yield store
    await store.close()


@pytest.fixture
def memory_analysis_cache(clock: FixedClock) -> MemoryAnalysisCache:
    return MemoryAnalysisCache(clock)


@pytest.fixture
def memory_rate_limiter(clock: FixedClock) -> MemoryRateLimiter:
    return MemoryRateLimiter(clock)


@pytest.fixture
async def memory_progress_events() -> AsyncIterator[MemoryProgressEvents]:
    progress_events = MemoryProgressEvents()
    await progress_events.open()
    yield progress_events
    await progress_events.close()


@pytest.fixture
async def memory_jobs() -> AsyncIterator[MemoryJobs]:
    jobs = MemoryJobs()
    await jobs.open()
    yield jobs
    await jobs.close()


@pytest.fixture
async def bcrypt_password_hasher() -> AsyncIterator[BcryptPasswordHasher]:
    hasher = BcryptPasswordHasher(cost=4)  # the least that bcrypt knows: the contract is not about slowness
    await hasher.open()
    yield hasher
    await hasher.close()


@pytest.fixture
def fake_records() -> InMemoryRecords:
    return InMemoryRecords()


@pytest.fixture
async def duckdb_records(tmp_path: Path) -> AsyncIterator[DuckDBRecords]:
    worker_pool = ThreadWorkerPool(2)
    await worker_pool.open()
    store = DuckDBRecords(tmp_path / "records", worker_pool)
    await store.open()
    yield store
    await store.close()
    await worker_pool.close()


@pytest.fixture(params=["duckdb"])
def reader(request: pytest.FixtureRequest) -> TableReader:
    return {"duckdb": DuckDBTableReader}[request.param]()


@pytest.fixture
def read(reader: TableReader, tmp_path: Path) -> Any:
    def reading(content: str | bytes, **roles: Any) -> Outcome:
        return ingest(reader, tmp_path, content, **roles)

    return reading
