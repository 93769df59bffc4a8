"""Structured log lines on standard error: for people or, one JSON object each, for machines."""

import logging
import sys
from typing import Literal

import msgspec
import structlog
from structlog.typing import Processor


def configure(level: str, form: Literal["console", "json"]) -> None:
    """Set the log up for the whole process. Lines carry what ``structlog.contextvars`` holds (the request id)."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    rendering: list[Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_json)]
        if form == "json"
        # Plain: the pretty ones print local variables, and with them rows and tokens.
        else [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    )
    structlog.configure(
        processors=[*shared, *rendering],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


def _json(entry: object, **_options: object) -> str:
    return msgspec.json.encode(entry, enc_hook=str).decode()
