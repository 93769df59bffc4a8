"""Reading processes that one test leaves to the next: a start costs more than the files that most tests read."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import msgspec

from adapters.duckdb.isolated import messages as wire
from adapters.duckdb.isolated import processes
from adapters.duckdb.isolated.processes import CHILD, ReadingProcess, ReadingProcesses

MOST_IDLE = 4  # of one setup


@contextmanager
def shared_reading_processes() -> Iterator[None]:
    """Start a process when a file is to be read and not before, and hand those that are idle on when a pool closes."""
    idle: defaultdict[bytes, list[ReadingProcess]] = defaultdict(list)

    def start(setup: wire.Setup, module: str) -> ReadingProcess:
        kept = idle[_key(setup, module)]
        while kept:
            process = kept.pop()
            if process.is_alive:
                return process
            process.end()
        return ReadingProcess(setup, module)

    def close(pool: ReadingProcesses) -> None:
        kept = idle[_key(pool._setup, pool._module)]
        with pool._lock:
            while pool._module == CHILD and pool._idle and len(kept) < MOST_IDLE:
                kept.append(pool._idle.pop())
        ends(pool)

    ends = ReadingProcesses.close
    try:
        with (
            patch.object(processes, "ReadingProcess", start),
            patch.object(ReadingProcesses, "close", close),
            patch.object(ReadingProcesses, "_refill", lambda _: None),
        ):
            yield
    finally:
        for process in (one for kept in idle.values() for one in kept):
            process.end()


def _key(setup: wire.Setup, module: str) -> bytes:
    return msgspec.msgpack.encode((setup, module))
