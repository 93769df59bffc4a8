"""Opening a source as a relation of raw cells, whatever its format."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.ingest.engine import csv_relation
from adapters.ingest.layout import DELIMITERS, Layout, find_layout
from adapters.ingest.load import RawTable
from adapters.ingest.rows import Records
from adapters.ingest.scan import Scanner, UndecodableError
from adapters.ingest.source import Source, json_format, legacy_encoding, transcode
from adapters.ingest.typed import NativeColumn, open_json, open_parquet
from domain.dataset import FileFormat, Roles
from domain.errors import InvalidInputError, MalformedFileError
from domain.ingestion import Dialect, Reject

HEAD: Final = 1024 * 1024  # holds thousands of rows; the middle and the end are looked at too
WINDOW: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Opened:
    """A table that can be read.

    Attributes:
        format: by content.
        dialect: how its text is read.
        names: of its columns.
        sample: rows from its head, middle and end.
        raw: the relation.
        notes: what is worth telling.
        natives: types of the source's columns, if it is typed.
    """

    format: FileFormat
    dialect: Dialect
    names: tuple[str, ...]
    sample: Sequence[Sequence[str | None]]
    raw: RawTable
    notes: tuple[str, ...] = ()
    natives: tuple[NativeColumn, ...] | None = None


def open_table(
    source: Source,
    work: Path,
    roles: Roles,
    reject: Callable[[Reject], None],
    *,
    whole: bool = True,
    report: Callable[[float], None] = lambda _: None,
) -> Opened:
    """Open a source as a table.

    Args:
        source: plain.
        work: scratch folder.
        roles: what the user said.
        reject: told of every row of a wrong shape.
        whole: False to look at the head only: the relation is then not to be read.
        report: told the fraction checked.

    Raises:
        UnusableFileError and its kin, InvalidInputError: also where the file is not of the format it is said to be.
    """
    kind = _format(source, roles.format)
    if kind is not None and kind not in {FileFormat.CSV, FileFormat.TSV} and roles.header_line is not None:
        raise InvalidInputError(
            f"Only CSV and TSV have a header line; this file is {kind.value}. Leave the header to the file.",
            field="headerLine",
        )
    if kind is FileFormat.PARQUET:
        parts = open_parquet(source.path, work, whole=whole)
        dialect = Dialect(compression=source.compression)
        return Opened(FileFormat.PARQUET, dialect, parts.names, parts.sample, parts.raw, parts.notes, parts.natives)
    if kind in {FileFormat.JSON, FileFormat.NDJSON}:
        parts = open_json(source, kind, work, reject, whole=whole)
        dialect = Dialect(encoding=source.encoding, compression=source.compression)
        return Opened(kind, dialect, parts.names, parts.sample, parts.raw, parts.notes)
    return _open_text(source, work, roles, reject, whole=whole, report=report)


def _format(source: Source, said: FileFormat | None) -> FileFormat | None:
    """Return the format by content or as said; None is delimited text."""
    if source.parquet or said is FileFormat.PARQUET:
        if source.parquet and said in {None, FileFormat.PARQUET}:
            return FileFormat.PARQUET
        raise MalformedFileError(
            "The file is Parquet; it cannot be read as anything else. Let the format be found out."
            if source.parquet
            else "The file is not Parquet: it lacks the mark that such a file begins with. Choose another format."
        )
    if said in {FileFormat.JSON, FileFormat.NDJSON}:
        begin = source.head().lstrip()[:40]
        if begin[:1] not in {b"[", b"{"}:
            raise MalformedFileError(
                f"The file is not JSON: it begins with “{begin.decode(errors='replace').splitlines()[0]}”, "
                "not with { or [. Choose another format."
            )
    return json_format(source.head()) if said is None else said


def _delimiters(roles: Roles) -> tuple[str, ...]:
    """Return the delimiters that are possible after all the user said."""
    if roles.format is FileFormat.TSV:
        if roles.delimiter not in {None, "\t"}:
            raise InvalidInputError(
                f"TSV is separated by tabs, not by “{roles.delimiter}”. Choose CSV, or the tab.", field="delimiter"
            )
        return ("\t",)
    if roles.delimiter is not None:
        return (roles.delimiter,)
    return tuple(sign for sign in DELIMITERS if sign != "\t") if roles.format is FileFormat.CSV else DELIMITERS


def _open_text(
    source: Source,
    work: Path,
    roles: Roles,
    reject: Callable[[Reject], None],
    *,
    whole: bool,
    report: Callable[[float], None],
) -> Opened:
    head = source.head(HEAD)
    if source.encoding == "utf-8" and not _decodes(head, cut=len(head) == HEAD or not whole):
        source = transcode(source, legacy_encoding(source), work)
        head = source.head(HEAD)
    if b"\r" in head and b"\n" not in head:
        source = _with_newlines(source, work)
        head = source.head(HEAD)
    complete = len(head) < HEAD and whole
    layout = find_layout(head, complete=complete, delimiters=_delimiters(roles), header_line=roles.header_line)
    sample: list[Sequence[str]] = list(layout.rows)
    raw = RawTable("", 0, lambda row: row)
    if whole:
        rejected: list[Reject] = []  # held back until the encoding is certain
        scanner = Scanner(source, layout.delimiter, len(layout.names), work / "rows.csv", rejected.append)
        try:
            scan = scanner.run(layout.first_line, source.start + layout.start, report)
        except UndecodableError as error:
            if source.encoding != "utf-8":  # pragma: no cover - a transcoded file is UTF-8
                raise MalformedFileError(f"Line {error.line} cannot be decoded.", line=error.line) from error
            again = transcode(source, legacy_encoding(source), work)
            return _open_text(again, work, roles, reject, whole=whole, report=report)
        for row in rejected:
            reject(row)
        width = len(layout.names)
        raw = RawTable(
            csv_relation(scan, layout.delimiter, width),
            scan.rows,
            scan.line_of,
            None if scan.underscores else lambda numeric: csv_relation(scan, layout.delimiter, width, numeric),
        )
        sample += _windows(source, layout)
    dialect = Dialect(
        encoding=source.encoding,
        compression=source.compression,
        delimiter=layout.delimiter,
        quote='"',
        header_line=layout.header_line,
    )
    kind = FileFormat.TSV if layout.delimiter == "\t" else FileFormat.CSV
    return Opened(kind, dialect, layout.names, sample, raw, layout.notes)


def _decodes(head: bytes, *, cut: bool) -> bool:
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return cut and error.start >= len(head) - 3  # a character of up to four bytes cut in two
    return True


def _with_newlines(source: Source, work: Path) -> Source:
    """Copy a text whose lines end with a carriage return alone (old Macs)."""
    target = work / "lines"
    with source.path.open("rb") as read, target.open("wb") as out:
        read.seek(source.start)
        while chunk := read.read(HEAD):
            out.write(chunk.replace(b"\r", b"\n"))
    return Source(target, parquet=False, encoding=source.encoding, compression=source.compression, whole=source.whole)


def _windows(source: Source, layout: Layout) -> list[Sequence[str]]:
    """Read rows from the middle and the end of a long file."""
    size = source.path.stat().st_size
    rows: list[Sequence[str]] = []
    if size < 2 * WINDOW:
        return rows
    records = Records(layout.delimiter, len(layout.names))
    for at in (size // 4, size // 2, 3 * size // 4, size - WINDOW):
        with source.path.open("rb") as file:
            file.seek(max(at, source.start + layout.start))
            lines = file.read(WINDOW).decode(errors="replace").replace("\r\n", "\n").split("\n")[1:-1]
        for line in lines[:1000]:
            cells, _ = records.split(line)
            if cells is not None and len(cells) == len(layout.names):
                rows.append(cells)
    return rows
