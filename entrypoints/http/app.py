"""The HTTP app: routes, what they are given, and what surrounds them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from litestar import Litestar

from domain.errors import UnavailableError
from domain.ports import Job
from entrypoints.http.context import (
    AppState,
    OpenRunning,
    Options,
    Running,
    refuse_unknown_query,
)
from entrypoints.http.docs import api, docs_asset, docs_page, openapi_json
from entrypoints.http.edge import Edge
from entrypoints.http.health import metrics
from entrypoints.http.metrics import Metrics
from entrypoints.http.problems import on_error
from entrypoints.http.static import page

MAX_JSON_BYTES: Final = 1024 * 1024  # the largest body that is no file is a few hundred bytes


@asynccontextmanager
async def _working(running: Running, counted: Metrics) -> AsyncIterator[None]:
    """Let this process do the slow work too, where it is its job, beginning with what a crash left over."""
    if running.worker is None:
        yield
        return
    async with asyncio.TaskGroup() as counting:

        def settled(job: Job, outcome: str) -> None:
            counted.jobs.labels(outcome).inc()
            counting.create_task(_count_rows(running, counted, job))

        await running.use_cases.resume_unfinished()
        working = asyncio.create_task(replace(running.worker, settled=settled)())
        try:
            yield
        finally:
            working.cancel()
            await asyncio.wait([working])


async def _count_rows(running: Running, counted: Metrics, job: Job) -> None:
    with contextlib.suppress(UnavailableError):  # a figure less is no reason to stop anything
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
    state = AppState({"options": options, "metrics": counted, "started": asyncio.Event(), "stopping": asyncio.Event()})

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        async with open_running() as running, _working(running, counted):
            app.state.running = running
            app.state.started.set()
            yield
            app.state.stopping.set()

    app = Litestar(
        route_handlers=[api(), openapi_json, docs_page, docs_asset, metrics, page],
        before_request=refuse_unknown_query,
        exception_handlers={Exception: on_error},
        lifespan=[lifespan],
        openapi_config=None,
        request_max_body_size=MAX_JSON_BYTES,
        state=state,
        logging_config=None,
    )
    app.asgi_handler = Edge(app.asgi_handler, counted, behind_tls=options.behind_tls)
    return app
