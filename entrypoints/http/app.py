"""The HTTP app: routes, what they are given, and what surrounds them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from litestar import Litestar

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
async def _working(running: Running) -> AsyncIterator[None]:
    """Let this process do the slow work too, where it is its job, beginning with what a crash left over."""
    if running.worker is None:
        yield
        return
    await running.use_cases.resume_unfinished()
    working = asyncio.create_task(running.worker())
    try:
        yield
    finally:
        working.cancel()
        await asyncio.wait([working])


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
        async with open_running() as running, _working(running):
            app.state.running = running
            app.state.started.set()
            yield
            app.state.stopping.set()

    app = Litestar(
        route_handlers=[api(), openapi_json, docs_page, docs_asset, metrics, page],
        guards=[refuse_unknown_query],
        exception_handlers={Exception: on_error},
        lifespan=[lifespan],
        openapi_config=None,
        request_max_body_size=MAX_JSON_BYTES,
        state=state,
        logging_config=None,
    )
    app.asgi_handler = Edge(app.asgi_handler, counted, behind_tls=options.behind_tls)
    return app
