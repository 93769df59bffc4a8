"""The command line: ``driftline serve | openapi``."""

import asyncio
import os
import sys
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from domain.errors import DriftlineError

app = App(name="driftline", help="From a file to explained anomalies, in seconds.")


@app.command
def serve(
    *,
    host: Annotated[str | None, Parameter(help="Address to listen on (DRIFTLINE_HOST)")] = None,
    port: Annotated[int | None, Parameter(help="Port to listen on; 0 takes a free one (DRIFTLINE_PORT)")] = None,
) -> None:
    """Serve the API and the page until stopped."""
    from entrypoints.bootstrap.settings import load  # noqa: PLC0415 - each command loads only what it needs
    from entrypoints.http.serve import serve as run  # noqa: PLC0415 - as above
    from entrypoints.logs import configure  # noqa: PLC0415 - as above

    settings = load(os.environ)
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = msgspec.structs.replace(settings, **given)
    configure(settings.log_level, settings.log_format)
    asyncio.run(run(settings, lambda url: print(f"Driftline is at {url} (stop with Ctrl+C)", flush=True)))  # noqa: T201


@app.command
def openapi() -> None:
    """Print the OpenAPI document of the HTTP API."""
    from entrypoints.http.docs import rendered  # noqa: PLC0415 - each command loads only what it needs

    sys.stdout.buffer.write(rendered())


def main() -> None:
    """Run the command that was asked for; an error of ours is a sentence, not a traceback."""
    try:
        app()
    except DriftlineError as error:
        print(error.message, file=sys.stderr)  # noqa: T201 - the command line speaks here
        sys.exit(2)
