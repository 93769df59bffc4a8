"""What every profile opens, and what entry points hold while they run."""

import os
from dataclasses import dataclass
from typing import Final, Protocol

from entrypoints.bootstrap.settings import Settings
from entrypoints.bootstrap.wiring import Ports, UseCases
from entrypoints.tracing import Tracing
from entrypoints.worker.loop import WorkerLoop

ISSUER: Final = "driftline"  # "iss" and "aud" of our tokens: they are for this service alone
# Computed while their users wait: each takes a core, and one core is the event loop's.
ANALYSES_AT_ONCE: Final = max(1, (os.cpu_count() or 2) - 1)
SPARE_THREADS: Final = 4  # beside processing: previews, zooms and bodies of several people at once


class Resource(Protocol):
    """Something that is opened and closed."""

    async def open(self) -> None:
        """Make it usable."""

    async def close(self) -> None:
        """Close it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What an entry point holds while it runs. ``worker`` is None where other processes do the slow work."""

    settings: Settings
    ports: Ports
    use_cases: UseCases
    worker: WorkerLoop | None
    tracing: Tracing | None = None
