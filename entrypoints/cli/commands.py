"""The command line: ``driftline serve | worker | analyze | migrate | doctor | demo | openapi``."""

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
from cyclopts import App, Parameter
from cyclopts.validators import Number

from domain.analysis.settings import AnalysisSettings
from domain.datasets.orphans import GRACE
from domain.datasets.parse_options import ParseOptions
from domain.errors import ConfigurationError, DriftlineError
from entrypoints.bootstrap.settings import Settings, load
from entrypoints.cli.options import flags_of, from_flags
from entrypoints.version import program_version

if TYPE_CHECKING:  # made of the settings' fields

    class ParseFlags:
        """How the file is to be read."""

    class SettingsFlags:
        """What is chosen of the analysis."""

else:
    ParseFlags, SettingsFlags = flags_of(ParseOptions), flags_of(AnalysisSettings)
NO_OPTIONS = ParseFlags()
STANDARD = SettingsFlags()

app = App(name="driftline", version=program_version, help="From a file to explained anomalies, in seconds.")


@app.command
def serve(
    *,
    host: Annotated[str | None, Parameter(help="Address to listen on (DRIFTLINE_HOST)")] = None,
    port: Annotated[int | None, Parameter(help="Port to listen on; 0 takes a free one (DRIFTLINE_PORT)")] = None,
) -> None:
    """Serve the API and the page until stopped."""
    from entrypoints.http.serve import serve as run  # noqa: PLC0415 - each command loads only what it needs
    from entrypoints.logs import configure  # noqa: PLC0415 - as above

    settings = load(os.environ)
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = msgspec.structs.replace(settings, **given)
    configure(settings.log_level, settings.log_format)
    asyncio.run(run(settings, lambda url: print(f"Driftline is at {url} (stop with Ctrl+C)", flush=True)))  # noqa: T201
    sys.stderr.flush()
    # All is closed by now but Granian's own threads, which abort if the interpreter goes away beneath them
    # (github.com/emmett-framework/granian/issues/693): leave without taking it down.
    os._exit(0)


@app.command
def analyze(
    file: Annotated[Path, Parameter(help="CSV, TSV, JSON, NDJSON, Parquet, Arrow, .xlsx, .xls or .ods; also packed")],
    /,
    *,
    options: Annotated[ParseFlags, Parameter(name="*")] = NO_OPTIONS,
    choices: Annotated[SettingsFlags, Parameter(name="*")] = STANDARD,
    events_file: Annotated[
        Path | None, Parameter(help="Own events: an .ics file, or lines like 2024-11-29 Sale; beside those of --event")
    ] = None,
    report: Annotated[
        Path | None, Parameter(help="Also write a report: something.pdf, .html, .csv or .json; one for each metric")
    ] = None,
    as_json: Annotated[
        bool, Parameter(name="--json", negative="", help="Print everything as one JSON document")
    ] = False,
) -> None:
    """Show what is abnormal in a file. No account, no server, nothing kept."""
    from entrypoints.cli.analyze import analyze as run  # noqa: PLC0415 - each command loads only what it needs
    from entrypoints.cli.calendar import with_events  # noqa: PLC0415 - as above

    parse_options = from_flags(ParseOptions, options)
    analysis_settings = with_events(from_flags(AnalysisSettings, choices), events_file)
    asyncio.run(run(file, parse_options, analysis_settings, load(os.environ), as_json=as_json, report=report))


@app.command
def worker() -> None:
    """Process what the queue brings until stopped (cloud profile)."""
    from entrypoints.logs import configure  # noqa: PLC0415 - each command loads only what it needs

    settings = _cloud_settings("worker")
    from entrypoints.worker.run import work  # noqa: PLC0415 - as above; its drivers are an extra of the package

    configure(settings.log_level, settings.log_format)
    asyncio.run(work(settings))


@app.command
def migrate() -> None:
    """Bring the databases up to date (cloud profile); safe to run again, and by several at once."""
    settings = _cloud_settings("migrate")
    from entrypoints.bootstrap.cloud import migrate as run  # noqa: PLC0415 - as above

    asyncio.run(run(settings))
    print("PostgreSQL and MongoDB are up to date.")  # noqa: T201 - the command line speaks here


@app.command
def doctor(
    *,
    repair: Annotated[bool, Parameter(negative="", help="Mend what is found")] = False,
    grace_minutes: Annotated[
        int, Parameter(help="Leave alone what is younger: it may be in work", validator=Number(gte=0))
    ] = GRACE // timedelta(minutes=1),
    contents: Annotated[
        bool, Parameter(help="Also compare every uploaded file with its SHA-256, and look at every stored table")
    ] = True,
) -> None:
    """Find what crashes, lost messages and failing disks left behind; exit code 1 if there is anything."""
    from entrypoints.cli.doctor import doctor as run  # noqa: PLC0415 - as above
    from entrypoints.logs import configure  # noqa: PLC0415 - each command loads only what it needs

    settings = load(os.environ)
    configure("warning", settings.log_format)
    if not asyncio.run(run(settings, repair=repair, grace=timedelta(minutes=grace_minutes), contents=contents)):
        sys.exit(1)


def _cloud_settings(command: str) -> Settings:
    settings = load(os.environ)
    if settings.profile != "cloud":
        raise ConfigurationError(
            f"driftline {command} is for the cloud profile (DRIFTLINE_PROFILE=cloud). The embedded one needs it not: "
            "driftline serve does everything.",
            settings={"DRIFTLINE_PROFILE": settings.profile},
        )
    return settings


@app.command
def demo() -> None:
    """Load four sample datasets with known anomalies into a demo account."""
    from entrypoints.cli.demo import demo as run  # noqa: PLC0415 - as above
    from entrypoints.logs import configure  # noqa: PLC0415 - each command loads only what it needs

    settings = load(os.environ)
    configure("warning", settings.log_format)
    asyncio.run(run(settings))


@app.command
def openapi() -> None:
    """Print the OpenAPI document of the HTTP API."""
    from entrypoints.http.openapi import rendered  # noqa: PLC0415 - each command loads only what it needs

    sys.stdout.buffer.write(rendered())


def main() -> None:
    """Run the command that was asked for; an error of ours is a sentence, not a traceback."""
    try:
        app()
    except DriftlineError as error:
        print(error.message, file=sys.stderr)  # noqa: T201 - the command line speaks here
        sys.exit(2)
