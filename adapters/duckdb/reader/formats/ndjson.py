"""NDJSON: one JSON object per line, read line by line, however long the file is."""

import json
from collections.abc import Iterator
from typing import Final

from adapters.duckdb.reader.formats.format import Format, OpenRequest
from adapters.duckdb.reader.formats.json import check_begin
from adapters.duckdb.reader.formats.json_shapes.values import flat
from adapters.duckdb.reader.formats.records import Record, Rejecter, open_records
from adapters.duckdb.reader.layout import KEPT_TEXT
from adapters.duckdb.reader.open_file import OpenedFile
from adapters.duckdb.reader.opened import Opened
from domain.datasets.ingest_result import Reject
from domain.datasets.parse_options import FileFormat


def open_ndjson(request: OpenRequest) -> Opened:
    """Open NDJSON; a line that is no object is rejected.

    Raises:
        MalformedFileError, NoDataRowsError.
    """
    check_begin(request.source)

    def records(reject: Rejecter) -> Iterator[Record]:
        with request.source.path.open("rb") as file:
            file.seek(request.source.start)
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                reason = "not a JSON object"
                try:
                    value = json.loads(line)
                except json.JSONDecodeError as error:
                    value, reason = None, f"not valid JSON: {error}"
                except RecursionError:
                    value, reason = None, "not read: its values lie too deep inside each other"
                except ValueError:
                    value, reason = None, "not read: it holds a number of too many digits, or is not UTF-8"
                if isinstance(value, dict):
                    yield number, flat(value)
                elif request.whole or line.endswith(b"\n"):
                    shown = line.decode(errors="replace").strip()[:KEPT_TEXT]
                    reject(Reject(line=number, column="", value=shown, reason=reason))

    return open_records(request, FileFormat.NDJSON, records)


def _matches(source: OpenedFile) -> bool:
    text = source.head().lstrip()
    return text[:1] == b"{" and text.split(b"\n", 1)[0].rstrip().endswith(b"}") and b"\n" in text.rstrip()


NDJSON: Final = Format((FileFormat.NDJSON,), "NDJSON", text=True, matches=_matches, open=open_ndjson)
