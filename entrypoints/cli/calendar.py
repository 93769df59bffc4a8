"""The calendar file of the command line."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from domain.analysis.calendar_file import read_calendar
from domain.analysis.named_days import MOST_EVENTS
from domain.analysis.settings import AnalysisSettings
from domain.errors import InvalidInputError
from domain.wording.formatting import plural


def with_events(settings: AnalysisSettings, path: Path | None) -> AnalysisSettings:
    """Add the events of a calendar file to the settings; what is left out of it is said on standard error.

    Raises:
        InvalidInputError: it cannot be read, or has no event, or there are too many in all.
    """
    if path is None:
        return settings
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InvalidInputError(f"{path} cannot be read: {error.strerror}.", field="--events-file") from error
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{path} is no text in UTF-8.", field="--events-file") from error
    read = read_calendar(text, datetime.now(UTC).date())
    events = (*settings.events, *read.events)
    if len(events) > MOST_EVENTS:
        raise InvalidInputError(
            f"{len(events):,} events are given; at most {MOST_EVENTS:,} can be.", field="--events-file"
        )
    if read.left_out:
        verb = "is" if read.left_out == 1 else "are"
        sys.stderr.write(f"{plural(read.left_out, 'event')} of {path.name} {verb} left out (docs/detection.md).\n")
    return replace(settings, events=events)
