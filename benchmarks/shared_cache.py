"""A finished body from the shared cache, against a bare HGET of the same bytes, on one real server, in one run.

    python -m benchmarks.shared_cache [--seconds 2]

``near`` is what an API process does that hears of changes (the usual case), ``distant`` one that does not.
The rounds are interleaved and the best of each counts, for a busy machine only ever adds.
"""

import argparse
import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable

from adapters.redis.analysis_cache import RedisAnalysisCache
from adapters.redis.connection import RedisConnection
from adapters.system import SystemClock
from domain.analysis.cache_key import CacheEntry, cache_key
from tests.support.servers import redis_url

BODY_BYTES = 18_000  # a body as it is kept (docs/decisions/0011)
ROUNDS = 5
DATASET, METRIC, FIELD = "00000000-0000-4000-8000-000000000001", "revenue", "0" * 32

Read = Callable[[], Awaitable[object]]


async def per_second(read: Read, seconds: float) -> float:
    """Reads one after the other, as one request does."""
    done, begun = 0, time.perf_counter()
    while (passed := time.perf_counter() - begun) < seconds:
        for _ in range(20):
            await read()
        done += 20
    return done / passed


async def measure(seconds: float) -> None:
    connection = RedisConnection(redis_url(), answer_seconds=10)
    await connection.open()
    clock = SystemClock()
    near, distant = RedisAnalysisCache(connection, clock), RedisAnalysisCache(connection, clock)
    await near.open()
    entry = CacheEntry(user_id=DATASET, version=1, etag='"e"', body=secrets.token_bytes(BODY_BYTES))
    assert await near.put(DATASET, METRIC, FIELD, entry)
    bare = connection.new_client(socket_timeout=10)
    reads: dict[str, Read] = {
        "bare HGET": lambda: bare.hget(cache_key(DATASET, METRIC), FIELD),
        "distant": lambda: distant.get(DATASET, METRIC, FIELD),
        "near": lambda: near.get(DATASET, METRIC, FIELD),
    }
    for name in ("distant", "near"):
        assert await reads[name]() == entry
    best = dict.fromkeys(reads, 0.0)
    for _ in range(ROUNDS):
        for name, read in reads.items():
            best[name] = max(best[name], await per_second(read, seconds / ROUNDS))
    for name, rate in best.items():
        print(f"{name:>10}  {rate:>10,.0f} reads/s  {rate / best['bare HGET']:>8.2f} x bare HGET")
    await bare.aclose()
    await near.close()
    await connection.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="per kind of read")
    asyncio.run(measure(parser.parse_args().seconds))
