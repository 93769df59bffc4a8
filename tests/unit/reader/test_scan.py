"""Every row is counted, whatever block its bytes fall into."""

import csv
import io
from pathlib import Path

import pytest

from adapters.duckdb.reader import scan as module
from adapters.duckdb.reader.open_file import OpenedFile
from adapters.duckdb.reader.scan import Scanner
from adapters.duckdb.reader.scan_result import Scan, UndecodableError
from domain.datasets.ingest_result import Reject

LINES = [
    "1,a,x",
    '2,"b, with a comma",y',
    '3,"two\nlines",z',
    "4,short",
    "",
    '5,"a ""quoted"" word",w',
    "6,too,many,cells",
    '7,5" pipe,v',
    "8,ö,ü",
    '9,"three\n\nlines",u',
    '10,"open,t',
    "11,k,s",
]
GOOD = [
    (1, ["1", "a", "x"]),
    (2, ["2", "b, with a comma", "y"]),
    (3, ["3", "two\nlines", "z"]),
    (7, ["5", 'a "quoted" word', "w"]),
    (9, ["7", '5" pipe', "v"]),
    (10, ["8", "ö", "ü"]),
    (11, ["9", "three\n\nlines", "u"]),
    (14, ["10", '"open', "t"]),  # a quote that its line does not close ends with it
    (15, ["11", "k", "s"]),
]
BAD = [5, 8]


def scanned(folder: Path, content: bytes, *, width: int = 3) -> tuple[Scan, list[Reject]]:
    path = folder / "file.csv"
    path.write_bytes(content)
    rejects: list[Reject] = []
    source = OpenedFile(path, encoding="utf-8")
    scan = Scanner(source, ",", width, folder / "rows.csv", rejects.append).run(1, 0, lambda _: None)
    return scan, rejects


def rows_of(scan: Scan) -> list[list[str]]:
    text = scan.path.read_bytes().decode()
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("chunk", [7, 16, 33, 64, 100, 1 << 20])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_blocks_of_any_size_give_the_same_rows_lines_and_rejects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int, end: str
) -> None:
    monkeypatch.setattr(module, "CHUNK", chunk)
    monkeypatch.setattr(module, "MAX_ROW_BYTES", 60)
    scan, rejects = scanned(tmp_path, (end.join(line.replace("\n", end) for line in LINES) + end).encode())
    assert rows_of(scan) == [cells for _, cells in GOOD]
    assert [scan.line_of(row) for row in range(scan.rows)] == [line for line, _ in GOOD]
    assert [reject.line for reject in rejects] == BAD
    assert (scan.rows, scan.rejected, scan.clean) == (len(GOOD), len(BAD), False)


@pytest.mark.parametrize("chunk", [7, 64, 1 << 20])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_file_without_a_fault_is_read_as_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int, end: str
) -> None:
    monkeypatch.setattr(module, "CHUNK", chunk)
    lines = [f'{i},"x, {i}",{i}' if i % 3 else f"{i},x,{i}" for i in range(200)]
    scan, rejects = scanned(tmp_path, end.join(lines).encode())
    assert scan.clean
    assert scan.path.name == "file.csv"
    assert (scan.rows, rejects) == (200, [])
    assert [scan.line_of(row) for row in (0, 100, 199)] == [1, 101, 200]


@pytest.mark.parametrize("chunk", [9, 64, 1 << 20])
def test_line_ends_that_change_on_the_way_are_made_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(module, "CHUNK", chunk)
    scan, _ = scanned(tmp_path, b"1,a,b\r\n" * 20 + b"2,a,b\n" * 20)
    assert scan.path.read_bytes() == b"1,a,b\n" * 20 + b"2,a,b\n" * 20


def test_byte_that_is_no_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(UndecodableError) as caught:
        scanned(tmp_path, b"1,a,b\n2,a,b\n3,\xfc,b\n")
    assert caught.value.line == 3


def test_single_column_counts_its_rows(tmp_path: Path) -> None:
    scan, rejects = scanned(tmp_path, b"1\n2\n3,4\n5\n", width=1)
    assert (scan.rows, [reject.line for reject in rejects]) == (3, [3])
