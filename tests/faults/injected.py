"""Faults, by profile: each loses, stops or hangs something and brings it back."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from tests.faults.products import HOLD_SECONDS, Product
from tests.support.server_process import Server

HANG_SECONDS: Final = 3.0  # longer than a ping waits, shorter than a request
ZOMBIE_SECONDS: Final = 1.5 * HOLD_SECONDS  # a worker that hangs so long has lost its jobs to another one

Fault = Callable[[Product, random.Random], Awaitable[None]]


async def _kill(server: Server) -> None:
    await asyncio.to_thread(server.restart)


async def _stop(server: Server) -> None:
    def stop_and_start() -> None:
        server.stop()
        server.start()

    await asyncio.to_thread(stop_and_start)


async def _hang(server: Server, seconds: float) -> None:
    server.pause()
    try:
        await asyncio.sleep(seconds)
    finally:
        server.resume()


async def _kill_all(product: Product) -> None:
    for one in product.processes:
        await asyncio.to_thread(one.kill9)
    for one in product.processes:
        await asyncio.to_thread(one.launch)
    for one in product.processes:
        await asyncio.to_thread(one.until_ready)


EMBEDDED: Final[Mapping[str, Fault]] = {
    "process killed": lambda product, _: _kill(product.apis[0]),
    "process stopped": lambda product, _: _stop(product.apis[0]),
    "process hung": lambda product, _: _hang(product.apis[0], HANG_SECONDS),
}
CLOUD: Final[Mapping[str, Fault]] = {
    "API killed": lambda product, chance: _kill(chance.choice(product.apis)),
    "API stopped": lambda product, chance: _stop(chance.choice(product.apis)),
    "API hung": lambda product, chance: _hang(chance.choice(product.apis), HANG_SECONDS),
    "worker killed": lambda product, chance: _kill(chance.choice(product.workers)),
    "worker stopped": lambda product, chance: _stop(chance.choice(product.workers)),
    "worker hung": lambda product, chance: _hang(chance.choice(product.workers), ZOMBIE_SECONDS),
    "all processes killed": lambda product, _: _kill_all(product),
    "MongoDB killed": lambda product, _: _kill(product.stores["MongoDB"]),
    "MongoDB stopped": lambda product, _: _stop(product.stores["MongoDB"]),
    "MongoDB hung": lambda product, _: _hang(product.stores["MongoDB"], HANG_SECONDS),
    "PostgreSQL killed": lambda product, _: _kill(product.stores["PostgreSQL"]),
    "Valkey killed": lambda product, _: _kill(product.stores["Valkey"]),
    "Valkey hung": lambda product, _: _hang(product.stores["Valkey"], HANG_SECONDS),
    # The emulator keeps everything in memory, so it cannot be restarted.
    "S3 and SQS hung": lambda product, _: _hang(product.stores["S3 and SQS"], HANG_SECONDS),
}
FAULTS: Final = {"embedded": EMBEDDED, "cloud": CLOUD}


def sequence(profile: str, count: int, chance: random.Random) -> list[str]:
    """Return kinds of faults in a random order: every kind before any comes again."""
    kinds: list[str] = []
    while len(kinds) < count:
        kinds += chance.sample(list(FAULTS[profile]), len(FAULTS[profile]))
    return kinds[:count]
