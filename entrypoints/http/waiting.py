"""Waiting, for a bounded time, until a dataset that was just uploaded is processed."""

import asyncio
from typing import Final

from domain.datasets.progress import Stage
from domain.errors import DatasetNotFoundError
from entrypoints.bootstrap.wiring import UseCases

WAIT_SECONDS: Final = 25.0  # below the 30 to 60 seconds after which proxies and clients give up an answer
FIRST_PAUSE_SECONDS: Final = 0.05
LONGEST_PAUSE_SECONDS: Final = 1.0  # bounds the load of those who wait; each look is one document by its key


async def until_processed(use_cases: UseCases, user_id: str, dataset_id: str, stopping: asyncio.Event) -> None:
    """Return when the newest version is processed or failed, when the time is over, or when the server stops.

    A dataset whose file is still on its way to the store is waited for too. One that does not exist is left to the
    use case that is called next.
    """
    pause = FIRST_PAUSE_SECONDS
    deadline = asyncio.get_running_loop().time() + WAIT_SECONDS
    while not stopping.is_set() and asyncio.get_running_loop().time() < deadline:
        try:
            # Version 1 is there or announced for every dataset; the answer is the state of the newest one.
            state = await use_cases.watch_dataset.state(user_id, dataset_id, 1)
        except DatasetNotFoundError:
            return
        if state.stage is Stage.DONE:
            return
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
