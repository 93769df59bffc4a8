"""Is every row as wide as it should be? Whole blocks at once, so that the reader behind it is never misled.

DuckDB's reader shifts values into the next column when a row has a delimiter too many (measured on a corpus of
2,290 faulty files: silently wrong on 20 %). So every row is counted here first. A file without any irregularity is
read as it lies; otherwise the good rows are copied to a clean file and the bad ones go to the rejects with their line.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt

from adapters.ingest.rows import MAX_QUOTED_LINES, UNCLOSED, Records
from adapters.ingest.source import CHUNK, Source
from domain.errors import MalformedFileError
from domain.ingestion import Reject
from domain.summary import Ints

MAX_ROW_BYTES: Final = 1024 * 1024  # half of what DuckDB takes for a line; a longer row is no row of a table
MAX_LINE_BYTES: Final = 64 * 1024 * 1024  # as much of a line is held to find its end; what has none is no table
KEPT_TEXT: Final = 500  # characters of a rejected row that are worth showing
NEWLINE, RETURN, QUOTE = 10, 13, 34
Bytes = npt.NDArray[np.uint8]


class UndecodableError(Exception):
    """The text is not UTF-8 (``line`` says where): read it again in another encoding."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass(slots=True)
class Scan:
    """What was found: where the good rows lie and how many there are.

    Attributes:
        path: the file to read; ``clean`` if it is the source itself.
        skip: lines above the first row in it.
        rows: good rows.
        rejected: rows of the wrong shape.
        quoted_breaks: whether a good row spans several lines.
        quotes: whether there is a quote anywhere.
        underscores: whether there is an underscore anywhere: SQL takes "1_000" for a number.
    """

    path: Path
    clean: bool
    skip: int
    rows: int = 0
    rejected: int = 0
    quoted_breaks: bool = False
    quotes: bool = False
    underscores: bool = False
    _runs: list[Ints] = field(default_factory=list)
    _offset: int | None = None

    def add(self, lines: Ints) -> None:
        """Note the physical lines of further good rows: only where the distance from the row's number changes."""
        if len(lines) == 0:
            return
        numbers = np.arange(self.rows, self.rows + len(lines), dtype=np.int64)
        away = lines - numbers
        before = np.concatenate([[away[0] - 1 if self._offset is None else self._offset], away[:-1]])
        changed = np.flatnonzero(away != before)
        if len(changed):
            self._runs.append(np.column_stack([numbers[changed], away[changed]]))
        self._offset = int(away[-1])
        self.rows += len(lines)

    def line_of(self, row: int) -> int:
        """Return the 1-based physical line on which a good row (0-based) begins."""
        table = self._table()
        return int(row + table[np.searchsorted(table[:, 0], row, side="right") - 1, 1])

    def _table(self) -> Ints:
        if len(self._runs) > 1:
            self._runs = [np.concatenate(self._runs)]
        return self._runs[0]


class Scanner:
    """Counts the cells of every row; copies good rows once something is wrong."""

    def __init__(
        self, source: Source, delimiter: str, width: int, target: Path, reject: Callable[[Reject], None]
    ) -> None:
        self._source = source
        self._delimiter = ord(delimiter)
        self._width = width
        self._target = target
        self._reject = reject
        self._out: BinaryIO | None = None
        self._returns: bool | None = None  # whether lines end with a carriage return as well
        self._records = Records(delimiter, width)

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
                raise MalformedFileError(
                    f"A line is longer than {MAX_LINE_BYTES:,} bytes: this is no table of rows. Write one row per line."
                )
            return data[:end], data[end:], True
        array = np.frombuffer(data, np.uint8)
        breaks = np.flatnonzero(array == NEWLINE)
        outside = breaks[np.searchsorted(np.flatnonzero(array == QUOTE), breaks) % 2 == 0]
        end = int(outside[-1]) + 1 if len(outside) else 0
        if len(data) - end > MAX_ROW_BYTES:  # nobody closes this quote: the slow way finds which
            end = data.rfind(b"\n") + 1 or len(data)
            return data[:end], data[end:], False
        return data[:end], data[end:], True

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
        if odd or not parity_ok or not self._well_quoted(array, quotes):
            return self._slowly(scan, block, line, where, last=last)
        if self._mixed(block):
            self._divert(scan, *where)
        breaks = np.flatnonzero(array == NEWLINE)
        lines_in = len(breaks)
        delimiters = np.flatnonzero(array == self._delimiter)
        ends = breaks
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
        cells = self._cells(delimiters, starts, ends)
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

    def _cells(self, delimiters: Ints, starts: Ints, ends: Ints) -> Ints:
        """Count the cells of each row."""
        inner = self._width - 1
        if inner and len(delimiters) == inner * len(ends):
            grid = delimiters.reshape(-1, inner)  # the usual case, five times as fast: all rows are alike
            if np.all(grid[:, 0] >= starts) and np.all(grid[:, -1] < ends):
                return np.full(len(ends), self._width, np.int64)
        return np.diff(np.searchsorted(delimiters, ends), prepend=0) + 1

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
        for i in np.flatnonzero(~good):
            text = block[starts[i] : min(ends[i], starts[i] + 4 * KEPT_TEXT)]
            if text.strip():
                self._refuse(scan, int(lines[i]), text, int(cells[i]), int(length[i]))
        scan.add(lines[: len(ends)][good])
        padded = block if block.endswith(b"\n") else block + b"\n"
        kept = np.repeat(good, ends - starts + 1)
        self._write(np.frombuffer(padded, np.uint8)[: len(kept)][kept].tobytes())

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
        returns = block.count(b"\r\n")
        breaks = block.count(b"\n") if returns else 0
        if returns not in {0, breaks}:
            return True
        before, self._returns = self._returns, returns > 0 if b"\n" in block else self._returns
        return before is not None and before != self._returns

    def _well_quoted(self, array: Bytes, quotes: Ints) -> bool:
        """Whether every quote opens or closes a cell, or stands for itself as a pair inside one."""
        if len(quotes) == 0:
            return True
        if len(quotes) % 2:
            return False
        opening, closing = quotes[::2], quotes[1::2]
        before = np.where(opening > 0, array[np.maximum(opening - 1, 0)], NEWLINE)
        after = np.where(closing + 1 < len(array), array[np.minimum(closing + 1, len(array) - 1)], NEWLINE)
        edges = np.array([self._delimiter, NEWLINE], np.uint8)
        pair_before = np.concatenate([[False], opening[1:] == closing[:-1] + 1])
        pair_after = np.concatenate([opening[1:] == closing[:-1] + 1, [False]])
        opens = np.isin(before, edges) | pair_before
        closes = np.isin(after, np.append(edges, RETURN)) | pair_after
        return bool(opens.all() and closes.all())

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
            cells, used, reason = self._records.read(lines, at)
            if reason == UNCLOSED and not last and len(lines) - at < MAX_QUOTED_LINES:
                break
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
