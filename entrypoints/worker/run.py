"""``driftline worker``: work until asked to stop."""

import asyncio
import contextlib
import signal
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from entrypoints.bootstrap.cloud import CloudWorker, cloud_worker
from entrypoints.bootstrap.settings import Settings
from entrypoints.worker.listener import listening
from entrypoints.worker.metrics import CountedQueue, JobMetrics, QueueMetrics

log = structlog.get_logger(__name__)


async def work(settings: Settings) -> None:
    """Process what the queue brings until SIGINT or SIGTERM; then finish what is in hand, or hand it back.

    Raises:
        ConfigurationError, UnavailableError: a store cannot be used.
    """
    registry = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    async with cloud_worker(settings) as opened:
        worker = counted(opened, registry)
        async with _listening(settings, worker, registry):
            await _until_stopped(worker)


def counted(worker: CloudWorker, registry: CollectorRegistry) -> CloudWorker:
    """The same worker, with figures of what it does."""
    source = replace(worker.source, queue=CountedQueue(worker.source.queue, QueueMetrics(registry)))
    loop = JobMetrics(registry).watching(replace(worker.loop, source=source), worker.application.ports.datasets)
    return replace(worker, source=source, loop=loop)


def _listening(
    settings: Settings, worker: CloudWorker, registry: CollectorRegistry
) -> AbstractAsyncContextManager[int | None]:
    if settings.metrics_port is None:
        return contextlib.nullcontext()
    dependencies = worker.application.ports.dependencies
    return listening(settings.host, settings.metrics_port, registry, dependencies, worker.source.queue.depth)


async def _until_stopped(worker: CloudWorker) -> None:
    working = asyncio.ensure_future(worker.loop())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, working.cancel)
    log.info("worker_ready")
    with contextlib.suppress(asyncio.CancelledError):
        await working
    await worker.source.hand_back()
    log.info("worker_stopped")
