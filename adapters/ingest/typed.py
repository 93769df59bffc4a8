"""Formats that bring their own structure: JSON in three shapes, and Parquet."""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np

from adapters.ingest.engine import connect, csv_relation, quoted
from adapters.ingest.layout import unique_names
from adapters.ingest.load import RawTable
from adapters.ingest.numbers import literal
from adapters.ingest.plan import ColumnPlan
from adapters.ingest.scan import KEPT_TEXT, Scan
from adapters.ingest.source import Source
from adapters.ingest.times import Family, TimeFormat
from domain.dataset import ColumnType, FileFormat
from domain.errors import MalformedFileError, NoDataRowsError
from domain.ingestion import Reject

MAX_OBJECT_BYTES: Final = 256 * 1024 * 1024  # an object of arrays has to be held whole; records do not
SAMPLE_ROWS: Final = 3_000
_NUMERIC: Final = ("INT", "FLOAT", "DOUBLE", "DECIMAL", "UINT", "HUGEINT", "UHUGEINT", "BIGINT")
Reject1 = Callable[[Reject], None]
Record = tuple[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class NativeColumn:
    """The type that a Parquet file gives to a column."""

    type: str

    def applied(self, column: ColumnPlan) -> ColumnPlan:
        """Return the plan of a column that needs no reading of text."""
        kind = self.type
        if kind.startswith(("TIMESTAMP", "DATE")):
            form = TimeFormat(families=(Family.YMD,), aware="ZONE" in kind, native=True)
            return replace(column, type=ColumnType.TIME, time=form, time_share=1.0, native=True, named=True)
        if any(name in kind for name in _NUMERIC) and "[" not in kind and "(" not in kind.replace("DECIMAL(", ""):
            epoch = column.time if column.named else None
            return replace(column, type=ColumnType.NUMBER, number_share=1.0, native=True, time=epoch)
        if kind == "BOOLEAN":
            return replace(column, type=ColumnType.BOOLEAN, number_share=0.0)
        return column


@dataclass(frozen=True, slots=True)
class Parts:
    """What both formats give."""

    names: tuple[str, ...]
    sample: Sequence[Sequence[str | None]]
    raw: RawTable
    notes: tuple[str, ...] = ()
    natives: tuple[NativeColumn, ...] | None = None


def open_parquet(path: Path, work: Path, *, whole: bool) -> Parts:
    """Open a Parquet file.

    Raises:
        MalformedFileError, NoDataRowsError.
    """
    source = f"read_parquet({literal(str(path))})"
    engine = connect(work)
    try:
        described = engine.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        columns = ", ".join(f"{quoted(row[0])}::VARCHAR" for row in described)
        sample = engine.execute(f"SELECT {columns} FROM {source} LIMIT {SAMPLE_ROWS}").fetchall()
        rows = int((engine.execute(f"SELECT count(*) FROM {source}").fetchone() or (0,))[0])
    except duckdb.Error as error:
        cut = "" if whole else " A preview of a Parquet file needs the whole file."
        raise MalformedFileError(f"The Parquet file is damaged: {str(error).splitlines()[0]}.{cut}") from error
    finally:
        engine.close()
    if rows == 0:
        raise NoDataRowsError("The Parquet file has columns and no row. Add at least one row.")
    names = unique_names([row[0] for row in described])
    listed = ", ".join(f"{quoted(row[0])} AS c{i}" for i, row in enumerate(described))
    natives = tuple(NativeColumn(str(row[1])) for row in described)
    return Parts(
        tuple(names), sample, RawTable(f"(SELECT {listed} FROM {source})", rows, lambda row: row + 1), (), natives
    )


def open_json(source: Source, kind: FileFormat, work: Path, reject: Reject1, *, whole: bool) -> Parts:
    """Open JSON by writing its records as plain rows; a record that is no object is rejected with its number.

    Raises:
        MalformedFileError, NoDataRowsError.
    """
    make = _lines(source, whole=whole) if kind is FileFormat.NDJSON else _records(source, whole=whole)
    rejected: list[Reject] = []
    head = list(islice(make(rejected.append), SAMPLE_ROWS))
    if not head:
        if rejected:
            raise MalformedFileError(
                f"No line is a JSON object; line {rejected[0].line}: {rejected[0].reason}.", line=rejected[0].line
            )
        if not whole:
            raise MalformedFileError("The head of this JSON is not enough for a preview. Upload it without one.")
        raise NoDataRowsError("The JSON holds no record. Add at least one.")
    keys = dict.fromkeys(key for _, record in head for key in record)
    sample = [[_cell(record.get(key)) for key in keys] for _, record in head]
    if not whole:
        return Parts(tuple(unique_names(list(keys))), sample, RawTable("", 0, lambda row: row))
    scan = Scan(work / "rows.csv", clean=False, skip=0, quotes=True)
    while True:
        rejected.clear()
        more = _write(make(rejected.append), keys, scan)
        if not more:
            break
        keys.update(more)
        sample = [[_cell(record.get(key)) for key in keys] for _, record in head]
        scan = Scan(work / "rows.csv", clean=False, skip=0, quotes=True)
    for row in rejected:
        reject(row)
    raw = RawTable(csv_relation(scan, ",", len(keys)), scan.rows, scan.line_of)
    return Parts(tuple(unique_names(list(keys))), sample, raw)


def _write(records: Iterator[Record], keys: dict[str, None], scan: Scan) -> dict[str, None]:
    """Write rows; return the keys that turned up on the way, for which everything has to be written again."""
    late: dict[str, None] = {}
    with scan.path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL if len(keys) == 1 else csv.QUOTE_MINIMAL)
        while batch := list(islice(records, 10_000)):
            for _, record in batch:
                cells = [_cell(record.get(key)) for key in keys]
                scan.quoted_breaks = scan.quoted_breaks or any("\n" in cell or "\r" in cell for cell in cells if cell)
                writer.writerow(cells)
                if not record.keys() <= keys.keys():
                    late.update(dict.fromkeys(key for key in record if key not in keys))
            scan.add(np.array([number for number, _ in batch], np.int64))
    return late


def _cell(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value.replace("\x00", "\\0")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False)


def _lines(source: Source, *, whole: bool) -> Callable[[Reject1], Iterator[Record]]:
    def records(reject: Reject1) -> Iterator[Record]:
        with source.path.open("rb") as file:
            file.seek(source.start)
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                reason = "not a JSON object"
                try:
                    value = json.loads(line)
                except (ValueError, RecursionError) as error:
                    value, reason = None, f"not valid JSON: {error}"
                if isinstance(value, dict):
                    yield number, value
                elif whole or line.endswith(b"\n"):
                    shown = line.decode(errors="replace").strip()[:KEPT_TEXT]
                    reject(Reject(line=number, column="", value=shown, reason=reason))

    return records


def _records(source: Source, *, whole: bool) -> Callable[[Reject1], Iterator[Record]]:
    """Take a JSON text apart: an array of objects, an object of arrays, or an object around either."""
    if source.path.stat().st_size > MAX_OBJECT_BYTES:
        raise MalformedFileError(
            f"A single JSON value of more than {MAX_OBJECT_BYTES:,} bytes is too large. "
            "Write one object per line (NDJSON), or CSV."
        )
    text = source.path.read_bytes()[source.start :]
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        if whole:
            line = getattr(error, "lineno", None)
            where = f" at line {line}, column {getattr(error, 'colno', 1)}" if line else ""
            reason = getattr(error, "msg", str(error))  # its own text says the place once more
            raise MalformedFileError(f"The JSON is broken{where}: {reason}. Correct it.", line=line) from error
        value = _repaired(text.decode(errors="replace"))
    rows = _rows_of(value)

    def records(reject: Reject1) -> Iterator[Record]:
        for number, row in enumerate(rows, 1):
            if isinstance(row, dict):
                yield number, row
            else:
                shown = json.dumps(row)[:KEPT_TEXT]
                reject(Reject(line=number, column="", value=shown, reason="not a JSON object"))

    return records


def _repaired(text: str) -> object:
    """Read the complete objects of an array that is cut off."""
    decoder, out, at = json.JSONDecoder(), [], text.find("{")
    if text.lstrip()[:1] == "{":
        at = text.find("{", at + 1)
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except ValueError:
            break
        out.append(value)
        at = text.find("{", end)
    return out


def _rows_of(value: object) -> Sequence[object]:
    if isinstance(value, list):
        if value and all(isinstance(row, list) for row in value) and all(isinstance(c, str) for c in value[0]):
            header, *rows = value
            return [dict(zip(header, row, strict=True)) if len(row) == len(header) else row for row in rows]
        return value
    if isinstance(value, dict):
        arrays = {key: item for key, item in value.items() if isinstance(item, list)}
        if (
            arrays
            and len(arrays) == len(value)
            and not any(isinstance(c, dict) for item in arrays.values() for c in item)
        ):
            lengths = {key: len(item) for key, item in arrays.items()}
            if len(set(lengths.values())) > 1:
                listed = ", ".join(f"{key} {n:,}" for key, n in lengths.items())
                raise MalformedFileError(f"The arrays differ in length ({listed}). Give every column the same length.")
            return [dict(zip(arrays, row, strict=True)) for row in zip(*arrays.values(), strict=True)]
        tables = [item for item in arrays.values() if item and isinstance(item[0], dict)]
        if len(tables) == 1:
            return tables[0]
        return [value]
    raise MalformedFileError("The JSON is neither an array of objects nor an object of arrays.")
