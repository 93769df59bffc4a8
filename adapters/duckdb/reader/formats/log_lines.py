"""Logs: lines of text that begin with a time and hold no columns."""

import re
from typing import Final

from adapters.duckdb.reader.layout import DELIMITERS

LINES: Final = 50  # of the head that are looked at
FEWEST_LINES: Final = 5
MOST: Final = 0.8  # of them that begin as lines of a log do
WORDED: Final = 0.4  # of them that hold a level, a process or a request
TIME_LENGTH: Final = 40  # characters of the longest ways of writing a time
LINE: Final = 300  # characters of a line that are looked at
# ISO and compact times, syslog's and Android's without a year, ctime in brackets, an address before a time (Apache).
_BEGIN: Final = re.compile(
    r"\[?(?:\d{2,4}[-/.]\d{2}(?:[-/.]\d{2})?[ T]\d{1,2}:\d{2}|[A-Z][a-z]{2} +\d{1,2} \d{2}:\d{2}:\d{2}"
    r"|[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d{2}:\d{2}:\d{2}"
    r"|[\w.:-]{1,60} \S{1,40} \S{1,40} \[\d{2}/[A-Z][a-z]{2}/\d{4}:)"
)
_WORDS: Final = re.compile(
    r"\b(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|[Nn]otice|[Ww]arning|[Ee]rror|[Ii]nfo)\b"
    r"|\b[\w./-]{1,40}\[\d{1,7}\]|\" ?HTTP/| HTTP/\d|\b[VDIWEF] [A-Z]\w{2,30}:|:\d{1,5} "
)


def is_log(head: bytes) -> bool:
    """Return whether a text that begins so is a log, whose lines no delimiter divides into columns."""
    lines = [line[:LINE] for line in head.decode(errors="replace").splitlines()[:LINES] if line.strip()]
    if len(lines) < FEWEST_LINES or sum(bool(_BEGIN.match(line)) for line in lines) < MOST * len(lines):
        return False
    if any(_divides(sign, lines) for sign in DELIMITERS):
        return False
    return sum(bool(_WORDS.search(line)) for line in lines) >= WORDED * len(lines)


def _divides(sign: str, lines: list[str]) -> bool:
    """Return whether nearly all lines hold a sign equally often, the first behind the time: then they are rows."""
    counts = [line.count(sign) for line in lines]
    usual = max(set(counts), key=counts.count)
    behind_time = max(len(line.split(sign, 1)[0]) for line in lines) <= TIME_LENGTH
    return usual > 0 and behind_time and counts.count(usual) >= MOST * len(counts)
