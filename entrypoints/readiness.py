"""Who answers? Asked by the health checks of servers and workers."""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog

from domain.errors import DriftlineError
from domain.ports.system import Dependency

PING_SECONDS: Final = 2.0  # a store that takes longer to say hello is not one to send users to
OK: Final = "ok"

log = structlog.get_logger("driftline.health")


async def answers_of(dependencies: Sequence[Dependency]) -> dict[str, str]:
    """Ask all at the same time: "ok", or what is wrong, by name."""
    answers = await asyncio.gather(*map(_ask, dependencies))
    return {dependency.name: answer for dependency, answer in zip(dependencies, answers, strict=True)}


async def _ask(dependency: Dependency) -> str:
    try:
        await asyncio.wait_for(dependency.ping(), PING_SECONDS)
    except TimeoutError:
        return f"no answer within {PING_SECONDS:g} s"
    except DriftlineError as error:
        return error.message
    except Exception:
        log.exception("readiness check failed", dependency=dependency.name)
        return "failed"
    return OK
