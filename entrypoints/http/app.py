"""The HTTP app: routes, what they are given, and what surrounds them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

import structlog
from litestar import Litestar

from domain.errors import DriftlineError
from domain.ports import Job
from entrypoints.http.context import (
    AppState,
    OpenRunning,
    Options,
    Running,
    check_request,
)
from entrypoints.http.docs import api, docs_asset, docs_page, openapi_json
from entrypoints.http.edge import Edge
from entrypoints.http.health import metrics
from entrypoints.http.metrics import Metrics
from entrypoints.http.problems import on_error
from entrypoints.http.static import page

log = structlog.get_logger("driftline.http")
MAX_JSON_BYTES: Final = 1024 * 1024  # the largest body that is no file is a few hundred bytes


@asynccontextmanager
async def _working(running: Running, counted: Metrics, state: AppState) -> AsyncIterator[None]:
    """Let this process do the slow work too, where it is its job, beginning with what a crash left over."""
    if running.worker is None:
        yield
        return
    counting: set[asyncio.Task[None]] = set()

    def settled(job: Job, outcome: str) -> None:
        counted.jobs.labels(outcome).inc()
        if outcome == "done" and job.report_id is None:
            task = asyncio.create_task(_count_rows(running, counted, job))
            counting.add(task)
            task.add_done_callback(counting.discard)

    await running.use_cases.resume_unfinished()
    working = asyncio.create_task(replace(running.worker, settled=settled)())
    working.add_done_callback(_worker_ended)
    state.working = working
    try:
        yield
    finally:
        working.cancel()
        await asyncio.wait([working, *counting])


def _worker_ended(working: asyncio.Task[None]) -> None:
    if not working.cancelled() and working.exception() is not None:
        log.error("worker stopped", exc_info=working.exception())


async def _count_rows(running: Running, counted: Metrics, job: Job) -> None:
    with contextlib.suppress(DriftlineError):  # a figure less is no reason to stop anything
        dataset = await running.ports.datasets.find(job.dataset_id)
        if dataset is not None and dataset.version == job.version and dataset.quality is not None:
            counted.ingested_rows.inc(dataset.quality.usable_rows)
            counted.rejected_rows.inc(dataset.quality.rejected_rows)


def create_app(open_running: OpenRunning, options: Options) -> Litestar:
    """Put the app together; nothing is opened before its lifespan begins.

    Args:
        open_running: opens the stores and use cases, for as long as its context lasts.
        options: the settings of the HTTP side.
    """
    counted = Metrics()
    state = AppState(
        {
            "options": options,
            "metrics": counted,
            "started": asyncio.Event(),
            "stopping": asyncio.Event(),
            "working": None,
            "readiness": None,
        },
        deep_copy=False,
    )

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        async with open_running() as running, _working(running, counted, state):
            state.running = running
            if running.ports.forms is not None:
                edge.allow_sending_to(await running.ports.forms.origin())
            state.started.set()
            yield
            state.stopping.set()

    app = Litestar(
        route_handlers=[api(), openapi_json, docs_page, docs_asset, metrics, page],
        before_request=check_request,
        exception_handlers={Exception: on_error},
        lifespan=[lifespan],
        openapi_config=None,
        request_max_body_size=MAX_JSON_BYTES,
        state=state,
        logging_config=None,
    )
    edge = Edge(app.asgi_handler, counted, behind_tls=options.behind_tls)
    app.asgi_handler = edge
    return app
