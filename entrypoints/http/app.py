"""The HTTP app: routes, what they are given, and what surrounds them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import structlog
from litestar import Litestar

from entrypoints.http.context import AppState, OpenRunning, Options, Running, check_request
from entrypoints.http.cors import CrossOrigin
from entrypoints.http.handlers.docs import docs_asset, docs_page, openapi_json
from entrypoints.http.handlers.health import metrics
from entrypoints.http.metrics import Metrics
from entrypoints.http.middleware import RequestMiddleware
from entrypoints.http.problems import on_error
from entrypoints.http.request_limits import RequestLimits
from entrypoints.http.routes import api
from entrypoints.http.static import page
from entrypoints.http.traced import Traced
from entrypoints.worker.clean_up import cleaning_up

log = structlog.get_logger("driftline.http")
MAX_JSON_BYTES: Final = 1024 * 1024  # the largest body that is no file is a few hundred bytes


@asynccontextmanager
async def _working(running: Running, counted: Metrics, state: AppState) -> AsyncIterator[None]:
    """Let this process do the slow work too, where it is its job, beginning with what a crash left over."""
    if running.worker is None:
        yield
        return
    await running.use_cases.resume_unfinished()
    working = asyncio.create_task(counted.of_jobs.watching(running.worker, running.ports.datasets)())
    working.add_done_callback(_worker_ended)
    state.working = working
    every = timedelta(minutes=running.settings.clean_up_minutes)
    try:
        async with cleaning_up(running.use_cases.clear_orphans, every):
            yield
    finally:
        working.cancel()
        await asyncio.wait([working])


def _worker_ended(working: asyncio.Task[None]) -> None:
    if not working.cancelled() and working.exception() is not None:
        log.error("worker stopped", exc_info=working.exception())


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
            if running.tracing is not None:
                app.asgi_handler = Traced(app.asgi_handler, running.tracing)
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
    edge = RequestMiddleware(
        RequestLimits(app.asgi_handler), counted, CrossOrigin(options.cors_origins), behind_tls=options.behind_tls
    )
    app.asgi_handler = edge
    return app
