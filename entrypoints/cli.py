"""The command line: ``driftline serve | openapi``."""

import sys

from cyclopts import App

app = App(name="driftline", help="From a file to explained anomalies, in seconds.")


@app.command
def openapi() -> None:
    """Print the OpenAPI document of the HTTP API."""
    from entrypoints.http.docs import rendered  # noqa: PLC0415 - each command loads only what it needs

    sys.stdout.buffer.write(rendered())


def main() -> None:
    """Run the command that was asked for."""
    app()
