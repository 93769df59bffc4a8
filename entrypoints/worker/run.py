"""``driftline worker``: work until asked to stop."""

import asyncio
import contextlib
import signal

import structlog

from entrypoints.bootstrap.cloud import CloudWorker, cloud_worker
from entrypoints.bootstrap.settings import Settings

log = structlog.get_logger(__name__)


async def work(settings: Settings) -> None:
    """Process what the queue brings until SIGINT or SIGTERM; then finish what is in hand, or hand it back.

    Raises:
        ConfigurationError, UnavailableError: a store cannot be used.
    """
    async with cloud_worker(settings) as worker:
        await _until_stopped(worker)


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
