"""Records of named values written as rows of text, so that JSON is read as delimited text is."""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, Final

import numpy as np

from adapters.duckdb.engine import csv_relation
from adapters.duckdb.reader.column_naming import unique_names, writable
from adapters.duckdb.reader.formats.format import OpenRequest
from adapters.duckdb.reader.opened import Opened
from adapters.duckdb.reader.raw_table import RawTable
from adapters.duckdb.reader.scan_result import Scan
from domain.datasets.ingest_result import Dialect, Reject
from domain.datasets.parse_options import FileFormat
from domain.errors import MalformedFileError, NoDataRowsError

SAMPLE_ROWS: Final = 3_000
Rejecter = Callable[[Reject], None]
Record = tuple[int, dict[str, Any]]
Records = Callable[[Rejecter], Iterator[Record]]  # begins again at each call


def open_records(request: OpenRequest, kind: FileFormat, make: Records, notes: tuple[str, ...] = ()) -> Opened:
    """Open records as a table of text cells.

    Args:
        request: the file.
        kind: its format.
        make: yields every record with its 1-based number; rejects what is none.
        notes: what is worth telling of the file.

    Raises:
        MalformedFileError, NoDataRowsError: there is no record.
    """
    rejected: list[Reject] = []
    head = list(islice(make(rejected.append), SAMPLE_ROWS))
    keys = dict.fromkeys(key for _, record in head for key in record)
    request.limits.check_columns(len(keys))
    if not keys:
        raise _no_record(rejected, whole=request.whole)
    opened = Opened(
        format=kind,
        dialect=Dialect(encoding=request.source.encoding, compression=request.source.compression),
        names=tuple(unique_names([text_of(key) or "" for key in keys])),
        sample=[[text_of(record.get(key)) for key in keys] for _, record in head],
        raw=RawTable("", 0, lambda row: row),
        notes=notes,
    )
    if not request.whole:
        return opened
    scan = Scan(request.work / "rows.csv", clean=False, skip=0, quotes=True)
    while True:
        rejected.clear()
        late = _write(make(rejected.append), keys, scan)
        if not late:
            break
        keys.update(late)
        request.limits.check_columns(len(keys))
        scan = Scan(request.work / "rows.csv", clean=False, skip=0, quotes=True)
    for row in rejected:
        request.reject(row)
    return replace(
        opened,
        names=tuple(unique_names([text_of(key) or "" for key in keys])),
        sample=[[text_of(record.get(key)) for key in keys] for _, record in head],
        raw=RawTable(csv_relation(scan, ",", len(keys)), scan.rows, scan.line_of),
    )


def _no_record(rejected: list[Reject], *, whole: bool) -> MalformedFileError | NoDataRowsError:
    if rejected:
        first = rejected[0]
        return MalformedFileError(f"No line is a JSON object; line {first.line}: {first.reason}.", line=first.line)
    if not whole:
        return MalformedFileError("The head of this JSON is not enough for a preview. Upload it without one.")
    return NoDataRowsError("The JSON holds no record. Add at least one.")


def _write(records: Iterator[Record], keys: dict[str, None], scan: Scan) -> dict[str, None]:
    """Write rows; return the keys that turned up on the way, for which everything has to be written again."""
    late: dict[str, None] = {}
    with scan.path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL if len(keys) == 1 else csv.QUOTE_MINIMAL)
        while batch := list(islice(records, 10_000)):
            for _, record in batch:
                cells = [text_of(record.get(key)) for key in keys]
                scan.quoted_breaks = scan.quoted_breaks or any("\n" in cell or "\r" in cell for cell in cells if cell)
                writer.writerow(cells)
                if not record.keys() <= keys.keys():
                    late.update(dict.fromkeys(key for key in record if key not in keys))
            scan.add(np.array([number for number, _ in batch], np.int64))
    return late


def text_of(value: object) -> str | None:
    """Return a JSON value as the text of a cell; lone surrogates, which no file can hold, as U+FFFD."""
    if value is None:
        return None
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return text_of(json.dumps(value, ensure_ascii=False))
