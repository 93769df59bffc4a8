"""Workbooks (Excel .xlsx, .xlsm, .xlsb and .xls, OpenDocument .ods) by calamine: one sheet, read as delimited text is.

The sheet is the one that the user named, else the first visible one that holds a table, unless another holds many
times as many rows that begin with a date. Dates, times and durations
come as what they are, not as numbers. Cells merged over several rows hold their value in each of them.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import python_calamine as calamine

from adapters.duckdb.limits import ReadLimits
from adapters.duckdb.reader.formats.delimited import open_delimited
from adapters.duckdb.reader.formats.format import Format, OpenRequest
from adapters.duckdb.reader.formats.workbook_mark import is_workbook
from adapters.duckdb.reader.open_file import OpenedFile
from adapters.duckdb.reader.opened import Opened
from domain.datasets.ingest_result import Dialect, Guess
from domain.datasets.parse_options import FileFormat
from domain.errors import InvalidInputError, MalformedFileError, NoDataRowsError

OLE2: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROBED_ROWS: Final = 100  # of a sheet, to tell whether it holds a table
SHOWN_SHEETS: Final = 20
Cell = Any  # str, float, int, bool, datetime, date, time or timedelta

LOOKED_AT: Final = 20  # sheets: more are not looked into for a table
MANY_MORE: Final = 5  # times as many rows of a series: then a sheet is what the workbook is about


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet with its rows, and whether cells are merged over several of them."""

    name: str
    rows: Sequence[Sequence[Cell]]
    merged: bool


def open_workbook(request: OpenRequest) -> Opened:
    """Open one sheet of a workbook.

    Raises:
        InvalidInputError: there is no sheet of the name that was set.
        MalformedFileError, NoDataRowsError, EmptyFileError.
    """
    try:
        # By an open file: by its path calamine goes by the name's ending, and many an .xls is an .xlsx.
        with (
            request.source.path.open("rb") as packed,
            calamine.CalamineWorkbook.from_filelike(packed) as book,
        ):
            names = _sheet_names(book)
            sheet = _chosen(book, names, request.options.sheet, request.limits)
    except calamine.PasswordError as error:
        raise MalformedFileError("The workbook is password-protected. Save it without a password.") from error
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        cut = "" if request.whole else " A preview of a workbook needs the whole file."
        raise MalformedFileError(
            f"The file is not a readable workbook: it is damaged, incomplete or another Office document.{cut} "
            "Save it as .xlsx or CSV."
        ) from error
    target = request.work / "sheet.csv"
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([text_of(cell) for cell in row] for row in sheet.rows)
    source = replace(request.source, path=target, encoding="utf-8", start=0)
    opened = open_delimited(request.of(source), delimiters=(",",))
    dialect = Dialect(compression=request.source.compression, header_line=opened.dialect.header_line, sheet=sheet.name)
    notes = (*_notes(sheet, names), *opened.notes)
    guesses = _guesses(sheet, names)
    return replace(opened, format=_kind(request.source), dialect=dialect, notes=notes, guesses=guesses)


def text_of(cell: Cell) -> str:
    """Return a cell as text that reads as what it is; a line break in it becomes a blank."""
    if isinstance(cell, str):
        return " ".join(cell.split("\n")).replace("\r", "").replace("\x00", "") if "\n" in cell else cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, datetime):
        return _rounded(cell).isoformat(sep=" ")
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds(), 3)
        sign, whole = "-" if seconds < 0 else "", abs(seconds)
        return f"{sign}{int(whole // 3600)}:{int(whole // 60) % 60:02}:{whole % 60:06.3f}".removesuffix(".000")
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def _rounded(moment: datetime) -> datetime:
    """Round to milliseconds: a day is a double in a workbook, so that 12:00 may come as 11:59:59.999999."""
    off = moment.microsecond % 1000
    try:
        return moment + timedelta(microseconds=1000 - off) if off >= 500 else moment - timedelta(microseconds=off)  # noqa: PLR2004 - half of it
    except OverflowError:
        return moment


def _sheet_names(book: calamine.CalamineWorkbook) -> list[str]:
    """Return the names of the sheets of cells, visible ones first."""
    sheets = [s for s in book.sheets_metadata if s.typ == calamine.SheetTypeEnum.WorkSheet]
    return [s.name for s in sorted(sheets, key=lambda s: s.visible != calamine.SheetVisibleEnum.Visible)]


def _chosen(book: calamine.CalamineWorkbook, names: Sequence[str], wanted: str | None, limits: ReadLimits) -> _Sheet:
    if wanted is not None and wanted not in names:
        listed = ", ".join(f"“{name}”" for name in names[:SHOWN_SHEETS])
        raise InvalidInputError(f"The workbook has no sheet “{wanted}”. It has {listed or 'none'}.", field="sheet")
    visible = {s.name for s in book.sheets_metadata if s.visible == calamine.SheetVisibleEnum.Visible}
    best: _Sheet | None = None
    timed = 0
    for name in [wanted] if wanted is not None else names[:LOOKED_AT]:
        sheet = _read(book, name, limits)
        rows = _timed_rows(sheet.rows)
        if best is None or not _holds_table(best.rows):
            better = bool(sheet.rows) and (best is None or _holds_table(sheet.rows))
        else:
            # Of several tables the first, unless a later one is the series and the first an index of such.
            better = name in visible and rows > MANY_MORE * max(timed, 1)
        if better:
            best, timed = sheet, rows
    if best is None or not best.rows:
        raise NoDataRowsError("The workbook is empty. Add a sheet with a header and rows.")
    return best


def _timed_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """Count the rows that begin with a date and hold a number: those of a series."""
    begins = ((next((cell for cell in row if cell != ""), ""), row) for row in rows)
    return sum(isinstance(at, date) and any(isinstance(c, float | int) for c in row) for at, row in begins)


def _guesses(sheet: _Sheet, names: Sequence[str]) -> tuple[Guess, ...]:
    others = tuple(name for name in names if name != sheet.name)
    evidence = "It is the first sheet that holds a table, or holds by far the most rows with a date."
    return (Guess(field="sheet", value=sheet.name, evidence=evidence, alternatives=others),) if others else ()


def _read(book: calamine.CalamineWorkbook, name: str, limits: ReadLimits) -> _Sheet:
    """Read a sheet from its first row on, without the columns that are empty."""
    sheet = book.get_sheet_by_name(name)
    limits.check_cells(sheet.height * sheet.width, name)
    rows = list(sheet.iter_rows())
    used = sorted({i for row in rows for i, cell in enumerate(row) if cell != ""})
    first = sheet.start[1] if sheet.start else 0
    merged = _fill_down(rows, sheet.merged_cell_ranges or (), first)
    if used and len(used) < (len(rows[0]) if rows else 0):
        rows = [[row[i] for i in used] for row in rows]
    return _Sheet(name, rows if used else (), merged=merged)


def _fill_down(rows: list[list[Cell]], ranges: Any, first_column: int) -> bool:
    """Write the value of cells merged over several rows into each of them; return whether there are any."""
    done = False
    for (top, left), (bottom, right) in ranges:
        if bottom == top or left != right or not first_column <= left < first_column + (len(rows[0]) if rows else 0):
            continue
        value = rows[top][left - first_column] if top < len(rows) else ""
        for at in range(top + 1, min(bottom + 1, len(rows))):
            if rows[at][left - first_column] == "":
                rows[at][left - first_column] = value
                done = done or value != ""
    return done


def _holds_table(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether some rows hold two cells or more, at least one of which is a number or a time."""
    probed = [[cell for cell in row if cell != ""] for row in rows[:PROBED_ROWS]]
    return sum(len(row) > 1 and any(not isinstance(cell, str) for cell in row) for row in probed) > 1


def _notes(sheet: _Sheet, names: Sequence[str]) -> Iterator[str]:
    others = [name for name in names if name != sheet.name]
    if others:
        listed = ", ".join(f"“{name}”" for name in others[:SHOWN_SHEETS])
        yield f"The sheet “{sheet.name}” was read; the workbook also has {listed}. Choose the sheet to read another."
    if sheet.merged:
        yield "A cell that is merged over several rows holds its value in each of them."


def _kind(source: OpenedFile) -> FileFormat:
    head = source.head(256)
    if head.startswith(OLE2):
        return FileFormat.XLS
    return FileFormat.ODS if b"opendocument" in head else FileFormat.XLSX


def _matches(source: OpenedFile) -> bool:
    return source.head(len(OLE2)) == OLE2 or is_workbook(source.path)


WORKBOOK: Final = Format(
    (FileFormat.XLSX, FileFormat.XLS, FileFormat.ODS),
    "a workbook",
    text=False,
    matches=_matches,
    open=open_workbook,
    header=True,
)
