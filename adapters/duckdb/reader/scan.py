"""Is every row as wide as it should be? Whole blocks at once, so that the reader behind it is never misled.

DuckDB's reader shifts values into the next column when a row has a delimiter too many (measured on a corpus of
2,290 faulty files: silently wrong on 20 %). So every row is counted here first. A file without any irregularity is
read as it lies; otherwise the good rows are copied to a clean file and the bad ones go to the rejects with their line.
"""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt

from adapters.duckdb.reader.head_rows import MAX_QUOTED_LINES
from adapters.duckdb.reader.layout import KEPT_TEXT
from adapters.duckdb.reader.mend import RowMender
from adapters.duckdb.reader.open_file import CHUNK, OpenedFile
from adapters.duckdb.reader.row_parser import OPEN, UNCLOSED, RowParser
from adapters.duckdb.reader.row_shapes import (
    MAX_ROW_BYTES,
    NEWLINE,
    QUOTE,
    RETURN,
    cells_in_rows,
    uniform,
    well_quoted,
)
from adapters.duckdb.reader.scan_result import Scan, UndecodableError
from adapters.duckdb.reader.second_table import SecondTable
from domain.datasets.ingest_result import Reject
from domain.errors import MalformedFileError
from domain.timeseries.aggregation import Ints

MAX_LINE_BYTES: Final = 64 * 1024 * 1024  # as much of a line is held to find its end; what has none is no table


class Scanner:
    """Counts the cells of every row; copies good rows once something is wrong."""

    def __init__(
        self,
        source: OpenedFile,
        delimiter: str,
        width: int,
        target: Path,
        reject: Callable[[Reject], None],
        *,
        mender: RowMender | None = None,
        second: SecondTable | None = None,
    ) -> None:
        self._source = source
        self._delimiter = ord(delimiter)
        self._width = width
        self._target = target
        self._reject = reject
        self._out: BinaryIO | None = None
        self._returns: bool | None = None  # whether lines end with a carriage return as well
        self._records = RowParser(delimiter, width, mender)
        self._second = second
        self._swallows = False  # inside a quoted cell that was rejected and is not closed yet

    def run(self, first_line: int, start: int, report: Callable[[float], None]) -> Scan:
        """Scan from the first row on.

        Args:
            first_line: its physical line, 1-based.
            start: its offset in bytes.
            report: told the fraction done.

        Raises:
            UndecodableError: a row is not UTF-8.
            MalformedFileError: a line does not end.
        """
        # A preamble's own quotes could confuse the reader's skipping: such files are copied.
        clean = first_line <= 2 and self._source.start in {0, 3}  # noqa: PLR2004 - a header line, or none
        scan = Scan(self._source.path, clean=clean, skip=first_line - 1)
        size = max(self._source.path.stat().st_size, 1)
        line, done, carry = first_line, start, b""
        if not clean:
            self._divert(scan, start, start)
        elif start >= 2:  # noqa: PLR2004 - the header's line end counts too
            with self._source.path.open("rb") as file:
                file.seek(start - 2)
                self._returns = file.read(1) == b"\r"
        with self._source.path.open("rb") as file:
            file.seek(start)
            while True:
                chunk = file.read(CHUNK)
                block, carry, parity_ok = self._cut(carry + chunk, last=not chunk)
                ends_at = self._second.begin(block) if self._second and block else None
                if ends_at is not None:
                    line, _ = self._block(scan, block[:ends_at], line, (start, done), parity_ok=False, last=True)
                    self._reject_rest(scan, file, block[ends_at:] + carry, line)
                    break
                if block:
                    line, rest = self._block(scan, block, line, (start, done), parity_ok=parity_ok, last=not chunk)
                    carry = rest + carry
                    done += len(block) - len(rest)
                    report(done / size)
                if not chunk:
                    break
        if self._out:
            self._out.close()
        return scan

    def _cut(self, data: bytes, *, last: bool) -> tuple[bytes, bytes, bool]:
        """Cut behind the last line break outside quotes; say whether the quotes of the block are well placed."""
        if last:
            return data, b"", data.count(b'"') % 2 == 0
        if b'"' not in data:
            end = data.rfind(b"\n") + 1
            if end == 0 and len(data) > MAX_LINE_BYTES:
                raise MalformedFileError(f"A line is longer than {MAX_LINE_BYTES:,} bytes: write one row per line.")
            return data[:end], data[end:], True
        array = np.frombuffer(data, np.uint8)
        breaks = np.flatnonzero(array == NEWLINE)
        outside = breaks[np.searchsorted(np.flatnonzero(array == QUOTE), breaks) % 2 == 0]
        end = int(outside[-1]) + 1 if len(outside) else 0
        if len(data) - end > MAX_ROW_BYTES:  # a quote is never closed: the slow way finds which
            end = data.rfind(b"\n") + 1 or len(data)
            return data[:end], data[end:], False
        return data[:end], data[end:], True

    def _may_go_on(self, lines: list[str]) -> bool:
        """Whether a quoted cell of the first of some last lines may be closed behind them."""
        return self._records.split("\n".join(lines))[1] == OPEN and not any(map(self._records.is_row, lines[1:]))

    def _block(
        self, scan: Scan, block: bytes, line: int, where: tuple[int, int], *, parity_ok: bool, last: bool
    ) -> tuple[int, bytes]:
        """Judge a block of whole rows; return the line behind it, and what has to wait for the next block."""
        if not block.isascii():
            try:
                block.decode()
            except UnicodeDecodeError as error:
                raise UndecodableError(line + block.count(b"\n", 0, error.start)) from error
        scan.underscores = scan.underscores or b"_" in block
        array = np.frombuffer(block, np.uint8)
        quotes = np.flatnonzero(array == QUOTE) if b'"' in block else np.empty(0, np.int64)
        scan.quotes = scan.quotes or len(quotes) > 0
        odd = b"\x00" in block or (b"\r" in block and block.count(b"\r") != block.count(b"\r\n"))
        if odd or not parity_ok or self._swallows or not well_quoted(array, quotes, self._delimiter):
            return self._slowly(scan, block, line, where, last=last)
        if self._mixed(block):
            self._divert(scan, *where)
        breaks = np.flatnonzero(array == NEWLINE)
        lines_in = len(breaks)
        delimiters = np.flatnonzero(array == self._delimiter)
        ends = breaks
        if not len(quotes) and uniform(delimiters, breaks, len(block), self._width):
            scan.add_run(line, lines_in)
            self._write(block)
            return line + lines_in, b""
        starts_line = line + np.arange(lines_in + 1)
        if len(quotes):
            outside = np.searchsorted(quotes, breaks) % 2 == 0
            starts_line = line + np.concatenate([[0], np.flatnonzero(outside) + 1])
            ends = breaks[outside]
            delimiters = delimiters[np.searchsorted(quotes, delimiters) % 2 == 0]
            scan.quoted_breaks = scan.quoted_breaks or len(ends) != lines_in
        if not block.endswith(b"\n"):
            ends = np.append(ends, len(block))
        starts = np.concatenate([[0], ends[:-1] + 1])
        cells = cells_in_rows(delimiters, starts, ends, self._width)
        length = ends - starts
        if b"\r\n" in block:
            length = length - (array[np.maximum(ends - 1, 0)] == RETURN)
        good = (cells == self._width) & (length > 0) & (length <= MAX_ROW_BYTES)
        if good.all():
            scan.add(starts_line[: len(ends)])
            self._write(block if block.endswith(b"\n") else block + b"\n")
            return line + lines_in, b""
        self._pick(scan, block, good, (starts, ends, length, cells), starts_line, where)
        return line + lines_in, b""

    def _pick(
        self,
        scan: Scan,
        block: bytes,
        good: npt.NDArray[np.bool_],
        rows: tuple[Ints, Ints, Ints, Ints],
        lines: Ints,
        where: tuple[int, int],
    ) -> None:
        """Copy the good rows of a block and reject the others, blank lines apart."""
        starts, ends, length, cells = rows
        self._divert(scan, *where)
        padded = block if block.endswith(b"\n") else block + b"\n"
        written = 0  # all before this byte is written or rejected
        good = good.copy()
        for i in np.flatnonzero(~good):
            self._write(padded[written : starts[i]])
            written = int(ends[i]) + 1
            text = block[starts[i] : ends[i]]
            mended = self._mended(text) if 0 < length[i] <= MAX_ROW_BYTES else None
            if mended is not None:
                good[i] = True
                scan.mended += 1
                scan.quotes = scan.quotes or b'"' in mended
                self._write(mended)
            elif text[:KEPT_TEXT].strip() or text.strip():
                self._refuse(scan, int(lines[i]), text[: 4 * KEPT_TEXT], int(cells[i]), int(length[i]))
        self._write(padded[written:])
        scan.add(lines[: len(ends)][good])

    def _mended(self, text: bytes) -> bytes | None:
        """Return a row of a wrong width in the table's, if its cells stand in their columns beyond doubt."""
        cells, _ = self._records.split(text.decode().rstrip("\r"))
        fitted = None if cells is None else self._records.fitted(cells)
        if fitted is None:
            return None
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=chr(self._delimiter), lineterminator="\n").writerow(fitted)
        return buffer.getvalue().encode()

    def _reject_rest(self, scan: Scan, file: BinaryIO, begin: bytes, line: int) -> None:
        """Reject every row from the header of a second table on."""
        header, rest = line, begin
        reason = f"the row belongs to a second table, whose header is in line {header:,}"
        while rest:
            *rows, rest = rest.split(b"\n")
            for row in rows:
                if row.strip() and line != header:
                    self._put(scan, line, row, reason)
                line += 1
            chunk = file.read(CHUNK)
            if not chunk:
                if rest.strip():
                    self._put(scan, line, rest, reason)
                break
            rest += chunk
        scan.second_header = header

    def _refuse(self, scan: Scan, line: int, text: bytes, cells: int, length: int) -> None:
        if length > MAX_ROW_BYTES:
            reason = f"the row is {length:,} bytes long; rows may have {MAX_ROW_BYTES:,}"
        else:
            few = "too few" if cells < self._width else "too many"
            reason = f"{few} cells: {cells} instead of {self._width}"
        self._put(scan, line, text, reason)

    def _put(self, scan: Scan, line: int, text: bytes, reason: str) -> None:
        scan.rejected += 1
        shown = text.decode(errors="replace").strip("\r\n")[:KEPT_TEXT]
        self._reject(Reject(line=line, column="", value=shown, reason=reason))

    def _divert(self, scan: Scan, start: int, done: int) -> None:
        """From here on good rows go to a copy; those before are copied as they are."""
        if self._out:
            return
        self._out = self._target.open("wb")
        scan.path, scan.clean, scan.skip = self._target, False, 0
        with self._source.path.open("rb") as file:
            file.seek(start)
            left = done - start
            while left > 0 and (chunk := file.read(min(CHUNK, left))):
                left -= len(chunk)
                if chunk.endswith(b"\r"):
                    chunk += file.read(1)
                    left -= 1
                self._write(chunk)

    def _write(self, rows: bytes) -> None:
        """Add good rows to the copy, if there is one; its lines all end alike."""
        if self._out:
            self._out.write(rows.replace(b"\r\n", b"\n"))

    def _mixed(self, block: bytes) -> bool:
        """Whether some lines end with a carriage return and some do not: DuckDB gives up on such files."""
        returns = block.count(b"\r\n") if b"\r" in block else 0
        breaks = block.count(b"\n") if returns else 0
        if returns not in {0, breaks}:
            return True
        before, self._returns = self._returns, returns > 0 if b"\n" in block else self._returns
        return before is not None and before != self._returns

    def _slowly(self, scan: Scan, block: bytes, line: int, where: tuple[int, int], *, last: bool) -> tuple[int, bytes]:
        """Take a block with misplaced quotes apart row by row; a row that may go on behind it waits."""
        self._divert(scan, *where)
        lines = block.decode(errors="replace").replace("\r\n", "\n").replace("\r", " ").split("\n")
        if lines and not lines[-1]:
            lines.pop()
        good: list[int] = []
        buffer = io.StringIO()
        writer = csv.writer(buffer, delimiter=chr(self._delimiter), lineterminator="\n")
        at = 0
        while at < len(lines):
            if self._swallows:
                self._swallows = not self._records.is_row(lines[at]) and lines[at].count('"') % 2 == 0
                if self._swallows or not self._records.is_row(lines[at]):
                    at += 1
                    continue
            if '"' in lines[at] and not last and len(lines) - at < MAX_QUOTED_LINES and self._may_go_on(lines[at:]):
                break
            cells, used, reason = self._records.read(lines, at)
            self._swallows = reason == UNCLOSED and at + 1 < len(lines) and not self._records.is_row(lines[at + 1])
            if cells is not None:
                writer.writerow(cells)
                good.append(line + at)
                scan.quoted_breaks = scan.quoted_breaks or used > 1
            elif reason:
                self._put(scan, line + at, lines[at].encode(), reason)
            at += used
        scan.add(np.array(good, np.int64))
        self._write(buffer.getvalue().encode())
        rest = b"\n".join(block.split(b"\n")[at:]) if at < len(lines) else b""
        return line + at, rest
