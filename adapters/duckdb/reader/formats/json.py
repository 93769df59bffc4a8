"""JSON: one value, in which the records are found whatever shape it has (``json_shapes``)."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from adapters.duckdb.reader.formats.format import Format, OpenRequest
from adapters.duckdb.reader.formats.json_shapes.registry import records_in
from adapters.duckdb.reader.formats.json_shapes.values import Found, flat
from adapters.duckdb.reader.formats.nesting import nesting_of
from adapters.duckdb.reader.formats.records import Record, Rejecter, open_records
from adapters.duckdb.reader.layout import KEPT_TEXT
from adapters.duckdb.reader.open_file import OpenedFile
from adapters.duckdb.reader.opened import Opened
from adapters.duckdb.reader.shape.no_data import declared_by_key
from domain.datasets.ingest_result import Reject
from domain.datasets.parse_options import FileFormat
from domain.errors import MalformedFileError

MAX_OBJECT_BYTES: Final = 256 * 1024 * 1024  # an object of arrays has to be held whole; records do not
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},]', re.DOTALL)  # one pass: no two branches begin alike


def open_json(request: OpenRequest) -> Opened:
    """Open a JSON text; an entry that is no record is rejected with its number.

    Raises:
        MalformedFileError, NoDataRowsError.
    """
    source = request.source
    check_begin(source)
    if source.path.stat().st_size > MAX_OBJECT_BYTES:
        raise MalformedFileError(
            f"A single JSON value of more than {MAX_OBJECT_BYTES:,} bytes is too large. "
            "Write one object per line (NDJSON), or CSV."
        )
    value = _value(request)
    reading = records_in(value, whole=request.whole)
    no_data = declared_by_key(value)
    del value  # what holds no records need not stay in memory

    def records(reject: Rejecter) -> Iterator[Record]:
        for number, row in enumerate(reading.rows, 1):
            if isinstance(row, dict):
                yield number, flat(row)
            else:
                shown = json.dumps(row)[:KEPT_TEXT]
                reject(Reject(line=number, column="", value=shown, reason="not a JSON object"))

    return replace(open_records(request, FileFormat.JSON, records, tuple(_notes(reading))), no_data=no_data)


def _notes(records: Found) -> Iterator[str]:
    if records.others:
        listed = ", ".join(records.others)
        place = records.place or "the top"
        yield f"The records of “{place}” were read; other tables in the file were left out: {listed}."


def _value(request: OpenRequest) -> object:
    """Return what the text holds. Raises MalformedFileError, FileBeyondLimitError."""
    text = request.source.path.read_bytes()[request.source.start :]
    request.limits.check_nesting(nesting_of(text, request.limits.max_nesting))
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        if not request.whole:
            return _value_of_head(text.decode(errors="replace"))
        line = getattr(error, "lineno", None)
        where = f" at line {line}, column {getattr(error, 'colno', 1)}" if line else ""
        reason = getattr(error, "msg", "a number has too many digits")  # its own text says the place once more
        raise MalformedFileError(f"Invalid JSON{where}: {reason}. Correct it.", line=line) from error


def _value_of_head(text: str) -> object:
    """Return what a JSON text holds that is cut off: up to its last complete entry, every bracket closed."""
    open_brackets: list[str] = []
    cut, closing = 0, ""
    for match in _TOKEN.finditer(text):
        sign = match[0]
        if sign in "[{":
            open_brackets.append("]" if sign == "[" else "}")
        elif sign in "]}" and open_brackets:
            open_brackets.pop()
        if sign in ",]}":
            cut = match.start() if sign == "," else match.end()
            closing = "".join(reversed(open_brackets))
    try:
        return json.loads(text[:cut] + closing)
    except (ValueError, RecursionError):
        return []


def check_begin(source: OpenedFile) -> None:
    """Refuse a text that cannot be JSON. Raises MalformedFileError."""
    begin = source.head().lstrip()[:40]
    if begin[:1] not in {b"[", b"{"}:
        raise MalformedFileError(
            f"The file is not JSON: it begins with “{begin.decode(errors='replace').splitlines()[0]}”, "
            "not with { or [. Choose another format."
        )


def _matches(source: OpenedFile) -> bool:
    text = source.head().lstrip()
    if text[:1] == b"[":
        return text[1:].lstrip()[:1] in {b"{", b"]", b"["}
    return text[:1] == b"{"


JSON: Final = Format((FileFormat.JSON,), "JSON", text=True, matches=_matches, open=open_json)
