"""Delimited text: CSV, TSV and their relatives. Takes every text that no other format recognises."""

from collections.abc import Sequence
from typing import Final

from adapters.duckdb.engine import csv_relation
from adapters.duckdb.reader.formats.format import Format, OpenRequest
from adapters.duckdb.reader.layout import DELIMITERS, Layout, find_layout
from adapters.duckdb.reader.mend import mender_of
from adapters.duckdb.reader.open_file import OpenedFile
from adapters.duckdb.reader.opened import Opened
from adapters.duckdb.reader.raw_table import RawTable
from adapters.duckdb.reader.rewrite import rewritten
from adapters.duckdb.reader.row_parser import RowParser
from adapters.duckdb.reader.scan import Scanner
from adapters.duckdb.reader.scan_result import UndecodableError
from adapters.duckdb.reader.second_table import SecondTable
from adapters.duckdb.reader.shape.no_data import declared_in
from adapters.duckdb.reader.text_encoding import decodes, encoding_notes, legacy_encoding, transcode, with_newlines
from domain.datasets.ingest_result import Dialect, Reject
from domain.datasets.parse_options import FileFormat, ParseOptions
from domain.errors import InvalidInputError, MalformedFileError

HEAD: Final = 1024 * 1024  # holds thousands of rows; the middle and the end are looked at too
WINDOW: Final = 256 * 1024
SMALLEST_WINDOW: Final = 8 * 1024  # of a file of 64 kB: the head holds nearly all of a smaller one
HEAD_ROWS: Final = 2_000  # whose cells are judged: groups that follow each other are seen, in some milliseconds
HEAD_CELLS: Final = 60_000  # of them, however wide the table
LINES_BY_RETURN: Final = 5  # times as many returns as newlines: an old Mac's text, to which a program added a last line
FIRST_ROWS: Final = 5  # that come again below a header that comes again, if the table does


def open_delimited(request: OpenRequest, delimiters: Sequence[str] | None = None) -> Opened:
    """Open delimited text; every row of a wrong width is rejected.

    Args:
        request: the file.
        delimiters: what may separate cells; None: what the user set, else all of ``DELIMITERS``.

    Raises:
        EmptyFileError, NoDataRowsError, MalformedFileError, InvalidInputError.
    """
    source, whole = request.source, request.whole
    head = source.head(HEAD)
    if source.encoding == "utf-8" and not decodes(head, cut=len(head) == HEAD or not whole):
        source = transcode(source, legacy_encoding(source), request.work)
        head = source.head(HEAD)
    if b"\r\n" not in head and head.count(b"\r") > LINES_BY_RETURN * head.count(b"\n"):
        source = with_newlines(source, request.work)
        head = source.head(HEAD)
    again = rewritten(source, head, request.work) if delimiters is None and request.options.delimiter is None else None
    if again is not None:
        source, delimiters = again.source, again.delimiters
        head = source.head(HEAD)
    complete = len(head) < HEAD and whole
    delimiters = delimiters or _delimiters(request.options)
    layout = find_layout(head, complete=complete, delimiters=delimiters, header_line=request.options.header_line)
    request.limits.check_columns(len(layout.names))
    sample = _sampled(head, layout)
    raw = RawTable("", 0, lambda row: row)
    scan_notes: tuple[str, ...] = ()
    if whole:
        try:
            raw, scan_notes = _scanned(request, source, layout)
        except UndecodableError as error:
            if source.encoding != "utf-8":  # pragma: no cover - a transcoded file is UTF-8
                raise MalformedFileError(f"Line {error.line} cannot be decoded.", line=error.line) from error
            decoded = transcode(request.source, legacy_encoding(request.source), request.work)
            return open_delimited(request.of(decoded), delimiters)
        sample += _windows(source, layout, after=_end_of(sample, layout, head))
    dialect = Dialect(
        encoding=source.encoding,
        compression=source.compression,
        delimiter=layout.delimiter,
        quote='"',
        header_line=layout.header_line,
    )
    kind = FileFormat.TSV if layout.delimiter == "\t" else FileFormat.CSV
    notes = (
        *encoding_notes(source, request.options.encoding),
        *([again.note] if again and again.note else ()),
        *layout.notes,
        *scan_notes,
    )
    declared = declared_in(head[: layout.start].decode(errors="replace"))
    return Opened(kind, dialect, layout.names, sample, raw, notes, no_data=declared)


def _scanned(request: OpenRequest, source: OpenedFile, layout: Layout) -> tuple[RawTable, tuple[str, ...]]:
    """Check every row. Raises UndecodableError, before anything is rejected."""
    rejected: list[Reject] = []  # held back until the encoding is certain
    width = len(layout.names)
    mender = mender_of(layout)
    second = SecondTable(_line_of_header(source, layout), _first_rows(source, layout), mender)
    target = request.work / "rows.csv"
    scanner = Scanner(source, layout.delimiter, width, target, rejected.append, mender=mender, second=second)
    scan = scanner.run(layout.first_line, source.start + layout.start, request.report)
    for row in (*layout.rejects, *rejected):
        request.reject(row)
    notes = []
    if scan.mended:
        notes.append(
            f"{scan.mended:,} rows had a cell more or less than there are columns: extra cells were left out if "
            "empty, else joined to the last text, and missing last cells are empty."
        )
    if scan.second_header is not None:
        notes.append(f"A second table begins in line {scan.second_header:,}: its rows were not added, but rejected.")
    raw = RawTable(
        csv_relation(scan, layout.delimiter, width),
        scan.rows,
        scan.line_of,
        None if scan.underscores else lambda numeric: csv_relation(scan, layout.delimiter, width, numeric),
        folder=source.path.parent,
    )
    return raw, tuple(notes)


def _line_of_header(source: OpenedFile, layout: Layout) -> bytes | None:
    if layout.header_line is None:
        return None
    return source.head(layout.start).split(b"\n")[layout.header_line - 1].strip()


def _first_rows(source: OpenedFile, layout: Layout) -> frozenset[bytes]:
    below = source.head(layout.start + HEAD)[layout.start :].split(b"\n", FIRST_ROWS)[:FIRST_ROWS]
    return frozenset(line.strip() for line in below if line.strip())


def _delimiters(options: ParseOptions) -> tuple[str, ...]:
    """Return the delimiters that are possible after all the user set."""
    if options.format is FileFormat.TSV:
        if options.delimiter not in {None, "\t"}:
            raise InvalidInputError(
                f"TSV is separated by tabs, not by “{options.delimiter}”. Choose CSV, or the tab.", field="delimiter"
            )
        return ("\t",)
    if options.delimiter is not None:
        return (options.delimiter,)
    return tuple(sign for sign in DELIMITERS if sign != "\t") if options.format is FileFormat.CSV else DELIMITERS


def _sampled(head: bytes, layout: Layout) -> list[Sequence[str]]:
    """Return rows of the head that stand below each other: those that the layout was judged by, and more."""
    rows: list[Sequence[str]] = list(layout.rows)
    most = min(HEAD_ROWS, HEAD_CELLS // max(1, len(layout.names)))
    if len(rows) >= most:
        return rows
    parser = RowParser(layout.delimiter, len(layout.names))
    lines = head[layout.start :].decode(errors="replace").replace("\r\n", "\n").split("\n")[:-1]
    parsed = (parser.split(line)[0] for line in lines[:most])
    more: list[Sequence[str]] = [cells for cells in parsed if cells is not None and len(cells) == len(layout.names)]
    return more if len(more) > len(rows) else rows


def _end_of(sample: Sequence[Sequence[str]], layout: Layout, head: bytes) -> int:
    """Return the byte at which the head's sample ends, a little early where lines are blank or rejected."""
    lines = head[layout.start :].split(b"\n", len(sample))
    return layout.start + sum(len(line) + 1 for line in lines[: len(sample)])


def _windows(source: OpenedFile, layout: Layout, after: int) -> list[Sequence[str]]:
    """Read rows from the middle and the end of a long file, none that is in the head's sample."""
    size = source.path.stat().st_size
    rows: list[Sequence[str]] = []
    window = min(WINDOW, size // 8)
    if window < SMALLEST_WINDOW:
        return rows
    parser = RowParser(layout.delimiter, len(layout.names))
    for at in (size // 4, size // 2, 3 * size // 4, size - window):
        if at < source.start + after:
            continue
        with source.path.open("rb") as file:
            file.seek(at)
            lines = file.read(window).decode(errors="replace").replace("\r\n", "\n").split("\n")[1:-1]
        for line in lines[:1000]:
            cells, _ = parser.split(line)
            if cells is not None and len(cells) == len(layout.names):
                rows.append(cells)
    return rows


DELIMITED: Final = Format(
    (FileFormat.CSV, FileFormat.TSV),
    "delimited text",
    text=True,
    matches=lambda _: True,
    open=open_delimited,
    header=True,
)
