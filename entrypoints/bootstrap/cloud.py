"""The cloud profile: PostgreSQL, MongoDB, Redis, S3 and SQS, for any number of API processes and workers."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from adapters.aws.s3_blobs import S3Blobs
from adapters.aws.sqs_queue import BucketTells, SqsQueue
from adapters.filesystem.temp_workspace import FilesystemTempWorkspace
from adapters.mongo.analyses import MongoAnalyses
from adapters.mongo.conversions import convert
from adapters.mongo.database import MongoDatabase
from adapters.mongo.datasets import MongoDatasets
from adapters.mongo.job_leases import MongoJobLeases
from adapters.mongo.migrations import migrate as migrate_mongo
from adapters.mongo.pending_uploads import MongoPendingUploads
from adapters.mongo.records import MongoRecords
from adapters.mongo.reports import MongoReports
from adapters.mongo.verdicts import MongoVerdicts
from adapters.postgres.accounts import PostgresRefreshSessions, PostgresUsers
from adapters.postgres.database import PostgresDatabase
from adapters.redis.analysis_cache import RedisAnalysisCache
from adapters.redis.connection import RedisConnection
from adapters.redis.progress_events import RedisProgressEvents
from adapters.redis.rate_limiter import RedisRateLimiter
from adapters.samples.generated import GeneratedSamples
from adapters.security.bcrypt import STANDARD_THREADS, BcryptPasswordHasher
from adapters.security.jwt import JwtAccessTokens
from adapters.system import BoundedAdmission, FreeAdmission, RandomIdGenerator, SystemClock, ThreadWorkerPool
from adapters.tsdownsample.downsampler import MinMaxLttbDownsampler
from entrypoints.bootstrap.application import ANALYSES_AT_ONCE, ISSUER, SPARE_THREADS, Application, Resource
from entrypoints.bootstrap.reading import isolated_reader
from entrypoints.bootstrap.report_renderers import renderers
from entrypoints.bootstrap.settings import Settings
from entrypoints.bootstrap.wiring import Ports, use_cases
from entrypoints.tracing import opened_tracing
from entrypoints.worker.loop import WorkerLoop
from entrypoints.worker.queue_source import QueueJobSource
from entrypoints.worker.spans import observed


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudWorker:
    """What a worker holds while it runs."""

    application: Application
    source: QueueJobSource
    loop: WorkerLoop


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    application: Application
    queue: SqsQueue
    claims: MongoJobLeases


@asynccontextmanager
async def cloud(settings: Settings) -> AsyncIterator[Application]:
    """Open everything an API process needs; the slow work is done by workers.

    Raises:
        ConfigurationError, UnavailableError: a store cannot be used.
    """
    async with _opened(settings) as opened:
        yield opened.application


@asynccontextmanager
async def cloud_worker(settings: Settings) -> AsyncIterator[CloudWorker]:
    """Open everything a worker needs. Raises as ``cloud``."""
    async with _opened(settings) as opened:
        run_job, arrived = opened.application.use_cases.run_in_turns, opened.application.use_cases.register_arrival
        hold = timedelta(seconds=settings.worker_hold_seconds)
        source = QueueJobSource(opened.queue, opened.claims, arrived, run_job.give_up, arrived.is_stored, hold)
        loop = observed(
            WorkerLoop(source, run_job, settings.processing_jobs, patience=settings.worker_patience_seconds),
            opened.application.tracing,
        )
        yield CloudWorker(application=opened.application, source=source, loop=loop)


async def migrate(settings: Settings) -> None:
    """Bring PostgreSQL and MongoDB up to date; several processes may do so at once.

    Raises:
        ConfigurationError, UnavailableError: a store cannot be used.
    """
    postgres = PostgresDatabase(settings.postgres_dsn or "")
    mongo = MongoDatabase(settings.mongo_uri or "")
    async with AsyncExitStack() as stack:
        for resource in (postgres, mongo):  # PostgreSQL's tables are brought up to date whenever it is opened
            await resource.open()
            stack.push_async_callback(resource.close)
        await migrate_mongo(mongo)
        await convert(mongo, settings.s3_bucket or "")


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[_Opened]:
    clock = SystemClock()
    postgres = PostgresDatabase(settings.postgres_dsn or "")
    mongo = MongoDatabase(settings.mongo_uri or "")
    redis = RedisConnection(settings.redis_url or "")
    temp_workspace = FilesystemTempWorkspace(settings.data_dir / "scratch")
    blobs = S3Blobs(
        settings.s3_bucket or "",
        settings.aws_region,
        settings.s3_endpoint_url,
        temp_workspace,
        settings.s3_public_url,
    )
    tracing = opened_tracing(settings.otlp_endpoint)
    queue = SqsQueue(
        settings.sqs_queue_url or "", settings.aws_region, _host(settings.sqs_queue_url or ""),
        tracing.traceparent if tracing else lambda: "",
    )  # fmt: skip
    worker_pool = ThreadWorkerPool(settings.processing_jobs + SPARE_THREADS)
    reader = isolated_reader(settings, settings.data_dir / "scratch")
    sign_ins = BoundedAdmission("sign-ins", STANDARD_THREADS, settings.waiting_requests)
    hasher = BcryptPasswordHasher(settings.bcrypt_cost, turn=sign_ins.turn)
    cache = RedisAnalysisCache(redis, clock, settings.cache_bytes)
    limiter = RedisRateLimiter(redis, clock)
    progress_events = RedisProgressEvents(redis)
    resources: tuple[Resource, ...] = (
        worker_pool, postgres, mongo, redis, temp_workspace, reader, blobs, queue, hasher, cache, limiter,
        progress_events,
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
            users=PostgresUsers(postgres),
            sessions=PostgresRefreshSessions(postgres),
            hasher=hasher,
            tokens=JwtAccessTokens((settings.jwt_secret or "").encode(), ISSUER, ISSUER),
            limiter=limiter,
            datasets=MongoDatasets(mongo, settings.s3_bucket or ""),
            blobs=blobs,
            reader=reader,
            records=MongoRecords(mongo, worker_pool),
            analyses=MongoAnalyses(mongo),
            verdicts=MongoVerdicts(mongo),
            reports=MongoReports(mongo),
            renderers=renderers(),
            cache=cache,
            downsampler=MinMaxLttbDownsampler(),
            jobs=queue,
            arrivals=BucketTells(),
            progress_events=progress_events,
            pending_uploads=MongoPendingUploads(mongo),
            forms=blobs if settings.direct_uploads else None,
            links=blobs,
            linked=None,
            samples=GeneratedSamples(),
            dependencies=(postgres, mongo, redis, blobs, queue),
        )
        cases = use_cases(ports, settings, tracing)
        application = Application(settings=settings, ports=ports, use_cases=cases, worker=None, tracing=tracing)
        yield _Opened(application=application, queue=queue, claims=MongoJobLeases(mongo, clock))


def _host(queue_url: str) -> str:
    """The endpoint that a queue's URL names: Amazon's own, or that of a server in its place."""
    parts = urlsplit(queue_url)
    return f"{parts.scheme}://{parts.netloc}"
