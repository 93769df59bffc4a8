"""The embedded profile: one process, SQLite, DuckDB, a folder. Imports no driver of the cloud profile."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

from adapters.duckdb.records.records import DuckDBRecords
from adapters.filesystem.blobs import FilesystemBlobs
from adapters.filesystem.head_room import HeadRoom
from adapters.filesystem.temp_workspace import FilesystemTempWorkspace
from adapters.memory.analysis_cache import MemoryAnalysisCache
from adapters.memory.jobs import MemoryJobs
from adapters.memory.progress_events import MemoryProgressEvents
from adapters.memory.rate_limiter import MemoryRateLimiter
from adapters.samples.generated import GeneratedSamples
from adapters.security.bcrypt import STANDARD_THREADS, BcryptPasswordHasher
from adapters.security.jwt import JwtAccessTokens
from adapters.security.links import HmacSignedLinks
from adapters.sqlite.accounts import SqliteRefreshSessions, SqliteUsers
from adapters.sqlite.analyses import SqliteAnalyses
from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.datasets import SqliteDatasets
from adapters.sqlite.reports import SqliteReports
from adapters.sqlite.verdicts import SqliteVerdicts
from adapters.system import BoundedAdmission, FreeAdmission, RandomIdGenerator, SystemClock, ThreadWorkerPool
from adapters.tsdownsample.downsampler import MinMaxLttbDownsampler
from entrypoints.bootstrap.application import ANALYSES_AT_ONCE, ISSUER, SPARE_THREADS, Application, Resource
from entrypoints.bootstrap.reading import isolated_reader
from entrypoints.bootstrap.report_renderers import renderers
from entrypoints.bootstrap.settings import Settings
from entrypoints.bootstrap.wiring import Ports, use_cases
from entrypoints.tracing import opened_tracing
from entrypoints.worker.loop import WorkerLoop
from entrypoints.worker.sources import InProcessJobSource
from entrypoints.worker.spans import observed

LINKED: Final = "/api/reports/linked/"  # entrypoints/http/handlers/reports.py answers there


@asynccontextmanager
async def embedded(settings: Settings) -> AsyncIterator[Application]:
    """Open everything, and close it in the opposite order.

    Raises:
        UnavailableError: the data folder cannot be used.
    """
    folder = settings.data_dir
    clock = SystemClock()
    head_room = HeadRoom(folder)
    database = SqliteDatabase(folder / "driftline.sqlite", before_writing=head_room.before_writing)
    blobs = FilesystemBlobs(folder / "blobs", head_room)
    temp_workspace = FilesystemTempWorkspace(folder / "scratch")
    worker_pool = ThreadWorkerPool(settings.processing_jobs + SPARE_THREADS)
    records = DuckDBRecords(
        folder / "records", worker_pool, threads=settings.processing_threads, memory=settings.processing_memory
    )
    key = signing_key(settings)
    links = HmacSignedLinks(key, f"{ISSUER}/files", LINKED, clock)
    sign_ins = BoundedAdmission("sign-ins", STANDARD_THREADS, settings.waiting_requests)
    hasher = BcryptPasswordHasher(settings.bcrypt_cost, turn=sign_ins.turn)
    jobs = MemoryJobs()
    tracing = opened_tracing(settings.otlp_endpoint)
    progress_events = MemoryProgressEvents()
    cache = MemoryAnalysisCache(clock, settings.cache_bytes)
    limiter = MemoryRateLimiter(clock)
    reader = isolated_reader(settings, folder / "scratch")
    resources: tuple[Resource, ...] = (
        worker_pool, database, blobs, temp_workspace, reader, records, hasher, cache, limiter, progress_events, jobs,
    )  # fmt: skip
    async with AsyncExitStack() as stack:
        for resource in (*resources, *([tracing] if tracing else [])):
            await resource.open()
            stack.push_async_callback(resource.close)
        ports = Ports(
            clock=clock,
            id_generator=RandomIdGenerator(),
            worker_pool=worker_pool,
            background=FreeAdmission(),
            analyses_asked=BoundedAdmission("analyses", ANALYSES_AT_ONCE, settings.waiting_requests),
            previews=BoundedAdmission("previews", SPARE_THREADS, settings.waiting_requests),
            temp_workspace=temp_workspace,
            users=SqliteUsers(database),
            sessions=SqliteRefreshSessions(database),
            hasher=hasher,
            tokens=JwtAccessTokens(key, ISSUER, ISSUER),
            limiter=limiter,
            datasets=SqliteDatasets(database),
            blobs=blobs,
            reader=reader,
            records=records,
            analyses=SqliteAnalyses(database),
            verdicts=SqliteVerdicts(database),
            reports=SqliteReports(database),
            renderers=renderers(),
            cache=cache,
            downsampler=MinMaxLttbDownsampler(),
            jobs=jobs,
            arrivals=jobs,
            progress_events=progress_events,
            pending_uploads=None,
            forms=None,
            links=links,
            linked=links,
            samples=GeneratedSamples(),
            dependencies=(database, blobs),
        )
        cases = use_cases(ports, settings, tracing)
        worker = observed(WorkerLoop(InProcessJobSource(jobs), cases.run_job, settings.processing_jobs), tracing)
        yield Application(settings=settings, ports=ports, use_cases=cases, worker=worker, tracing=tracing)


def signing_key(settings: Settings) -> bytes:
    """The key from the settings, or one made at the first start and kept in the data folder for this user only."""
    if settings.jwt_secret is not None:
        return settings.jwt_secret.encode()
    path = settings.data_dir / "jwt-secret"
    if not path.exists():
        _write_private(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").encode()


def _write_private(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600, exist_ok=False)
    fresh.write_text(content, encoding="ascii")
    try:
        path.hardlink_to(fresh)  # fails if another process came first: its key stands
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
