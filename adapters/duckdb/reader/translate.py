"""Errors of the driver and the machine become errors of the domain; their own words go to the log."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import structlog

from domain.errors import MalformedFileError, ReadingTooCostlyError, UnavailableError

log = structlog.get_logger(__name__)


@contextmanager
def translated(memory: str) -> Iterator[None]:
    """Turn what the driver and the machine say into errors of the domain; their own words go to the log."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise ReadingTooCostlyError(
            f"Reading the file needs more than {memory} of memory. Allow more (DRIFTLINE_PROCESSING_MEMORY), or leave "
            "columns out.",
            setting="DRIFTLINE_PROCESSING_MEMORY",
        ) from error
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise ReadingTooCostlyError(
                "Reading the file makes a temporary file that is larger than allowed. Leave out rows or columns, or "
                "allow more (DRIFTLINE_MAX_UNPACKED_BYTES).",
                setting="DRIFTLINE_MAX_UNPACKED_BYTES",
            ) from error
        log.warning("reading_failed", reason=str(error))
        raise UnavailableError(
            f"Reading the file failed: {error.strerror or 'the disk did not answer'}. Try again.", dependency="reader"
        ) from error
    except duckdb.IOException as error:
        log.warning("reading_failed", reason=str(error))
        raise UnavailableError(
            "Reading the file failed: its data or the disk for temporary files could not be reached. Try again.",
            dependency="reader",
        ) from error
    except (duckdb.Error, RecursionError, UnicodeError, OverflowError) as error:
        log.warning("reading_failed", reason=str(error))
        raise MalformedFileError(
            "The file cannot be read as a table: some of its values are damaged, or are nothing that a table can hold. "
            "Correct them, or save the file as plain CSV and upload that."
        ) from error
