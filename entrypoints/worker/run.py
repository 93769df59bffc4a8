"""``driftline worker``: work until asked to stop."""

import asyncio
import contextlib
import os
import signal
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Final

import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from entrypoints.bootstrap.cloud import CloudWorker, cloud_worker
from entrypoints.bootstrap.settings import Settings
from entrypoints.worker.clean_up import cleaning_up, one_of_many
from entrypoints.worker.listener import listening
from entrypoints.worker.metrics import CountedQueue, JobMetrics, QueueMetrics

FORCED: Final = 128 + signal.SIGTERM  # as shells tell of a process that a signal ended
HAND_BACK_SECONDS: Final = 2.0  # two short calls; a store that is away now costs the next worker a minute

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
        every = timedelta(minutes=settings.clean_up_minutes)
        is_ours = one_of_many(worker.source.claims, every)
        clear = worker.application.use_cases.clear_orphans
        async with _listening(settings, worker, registry), cleaning_up(clear, every, is_ours):
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


class _Stop:
    """What signals do: the first one lets the work in hand finish, the second one hands it back and leaves."""

    def __init__(self, worker: CloudWorker, working: asyncio.Task[None]) -> None:
        self._worker = worker
        self._working = working
        self._leaving: asyncio.Task[None] | None = None
        self._asked = 0

    def __call__(self) -> None:
        self._asked += 1
        in_hand = len(self._worker.source.in_hand)
        if self._asked == 1:
            log.info("worker_stopping", in_hand=in_hand, patience=self._worker.loop.patience)
            self._working.cancel()
        elif self._leaving is None:
            log.warning("worker_leaves_at_once", in_hand=in_hand)
            self._leaving = asyncio.create_task(self._leave())
        else:
            os._exit(FORCED)

    async def _leave(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._worker.source.hand_back(), HAND_BACK_SECONDS)
        os._exit(FORCED)


async def _until_stopped(worker: CloudWorker) -> None:
    working = asyncio.create_task(worker.loop())
    stop = _Stop(worker, working)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    log.info("worker_ready")
    with contextlib.suppress(asyncio.CancelledError):
        await working
    left = len(worker.source.in_hand)
    await worker.source.hand_back()
    log.info("worker_stopped", handed_back=left)
    if left:
        # Threads of the work that was handed back still run, and their results are not waited for.
        os._exit(0)
