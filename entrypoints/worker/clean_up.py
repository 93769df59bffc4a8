"""Clearing what crashes left behind, again and again, beside the work."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from domain.errors import DriftlineError
from domain.ports.work import JobLeases, LeaseState
from domain.use_cases.maintenance import ClearOrphans

FIRST_SECONDS: Final = 60.0  # after the start, when what was interrupted has been taken up again

log = structlog.get_logger(__name__)

IsOurs = Callable[[], Awaitable[bool]]


async def always() -> bool:
    """Return True: for the only process there is."""
    return True


def one_of_many(leases: JobLeases, every: timedelta) -> IsOurs:
    """Return a check that is true for one of many workers in each interval: the first that asks."""

    async def is_ours() -> bool:
        interval = int(datetime.now(UTC).timestamp() // every.total_seconds())
        name = f"clean-up {every.total_seconds():g}/{interval}"
        taken, _, _ = await leases.take(name, every)
        if taken is LeaseState.TAKEN:
            await leases.finish(name)
        return taken is LeaseState.TAKEN

    return is_ours


@asynccontextmanager
async def cleaning_up(clear: ClearOrphans, every: timedelta, is_ours: IsOurs = always) -> AsyncIterator[None]:
    """Clear orphans every so often while the context lasts; never if ``every`` is zero."""
    if not every:
        yield
        return
    cleaning = asyncio.create_task(_clean_up(clear, every, is_ours))
    try:
        yield
    finally:
        cleaning.cancel()
        await asyncio.wait([cleaning])


async def _clean_up(clear: ClearOrphans, every: timedelta, is_ours: IsOurs) -> None:
    wait = min(FIRST_SECONDS, every.total_seconds())
    while True:
        await asyncio.sleep(wait)
        wait = every.total_seconds()
        try:
            if await is_ours() and (cleared := await clear()):
                log.info("orphans_cleared", **{str(kind): count for kind, count in cleared.items()})
        except DriftlineError as error:  # a store is away; the next time continues
            log.warning("clean_up_interrupted", reason=error.message)
        except Exception:
            log.exception("clean_up_broke")
