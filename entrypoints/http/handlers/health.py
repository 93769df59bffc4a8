"""Is it alive, is it ready, and what has it done?"""

from time import monotonic
from typing import Any, Final

from litestar import Request, get
from litestar.openapi.datastructures import ResponseSpec
from litestar.response import Response

from entrypoints.http.context import AppState, state_of
from entrypoints.http.metrics import CONTENT_TYPE
from entrypoints.http.schemas import Liveness, Readiness
from entrypoints.readiness import OK, answers_of

KEPT_SECONDS: Final = 1.0  # however often one asks, stores are asked about once a second
STOPPING: Final = Readiness(status="unavailable", dependencies={"server": "stopping"})


@get("/live", operation_id="live", summary="Is the process alive?")
async def live() -> Liveness:
    """Asks no store: restarting helps if this fails."""
    return Liveness()


@get(
    "/ready",
    operation_id="ready",
    summary="Can it serve?",
    responses={503: ResponseSpec(Readiness, description="A dependency does not answer.", generate_examples=False)},
)
async def ready(request: Request[Any, Any, Any]) -> Response[Readiness]:
    """Asks every dependency; sending users elsewhere helps if this fails."""
    state = state_of(request)
    readiness = STOPPING if state.stopping.is_set() else await readiness_of(state)
    return Response(readiness, status_code=200 if readiness.status == "ready" else 503)


async def readiness_of(state: AppState) -> Readiness:
    """Ask every dependency at the same time, or answer as a moment ago."""
    if state.readiness is not None and monotonic() - state.readiness[0] < KEPT_SECONDS:
        return state.readiness[1]
    by_name = await answers_of(state.running.ports.dependencies)
    if state.working is not None:
        by_name["worker"] = "stopped: see the log" if state.working.done() else OK
    readiness = Readiness(
        status="ready" if all(answer == OK for answer in by_name.values()) else "unavailable", dependencies=by_name
    )
    state.readiness = (monotonic(), readiness)
    return readiness


@get("/metrics", include_in_schema=False, sync_to_thread=False)
def metrics(state: AppState) -> Response[bytes]:
    """Prometheus' text format."""
    return Response(state.metrics.exposition(), media_type=CONTENT_TYPE)
