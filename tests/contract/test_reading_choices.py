"""What the user chooses is used, or refused with the reason; files that cannot be used are refused in words."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from adapters.duckdb.limits import ReadLimits
from adapters.duckdb.reader.reader import DuckDBTableReader
from domain.datasets.columns import ColumnType
from domain.datasets.parse_options import Encoding, FileFormat, ParseOptions, Shape, TypedColumn
from domain.errors import (
    BinaryFileError,
    ColumnNotFoundError,
    EmptyFileError,
    FileBeyondLimitError,
    InvalidInputError,
    MalformedFileError,
    NoDataRowsError,
    NoNumericColumnError,
    NoTimeColumnError,
    NoUsableRowError,
)
from domain.ports.datasets import TableReader
from tests.support.tables import PLAIN, ingest, parquet_of


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyFileError),
        (b"\n\n  \n", EmptyFileError),
        (gzip.compress(b"", mtime=0), EmptyFileError),
        (b"\xef\xbb\xbf", EmptyFileError),
        (b"date,revenue\n", NoDataRowsError),
        (b"date,revenue", NoDataRowsError),
        (b"[]", NoDataRowsError),
        (b"name,x\nann,1\nbob,2\n", NoTimeColumnError),
        (b"PK\x03\x04" + bytes(100), MalformedFileError),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), BinaryFileError),
        (bytes(range(256)) * 20, BinaryFileError),
        (b"PAR1 but not really parquet PAR1", MalformedFileError),
        (gzip.compress(PLAIN.encode(), mtime=0)[:-20], MalformedFileError),
        (b'[{"date": "2024-01-01", "x": 1}, {"date": ', MalformedFileError),
        (b'{"a": [1, 2], "b": [1]}', MalformedFileError),
        (b"date,x\n2024-01-01\n2024-01-02\n2024-01-03\n", NoUsableRowError),
    ],
)
def test_file_that_cannot_be_used_is_refused_in_words(read: Any, content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        read(content)
    assert str(caught.value).endswith((".", "?"))


def test_column_that_is_not_there_is_named_with_those_that_are(read: Any) -> None:
    with pytest.raises(ColumnNotFoundError, match="no column “when”") as caught:
        read(PLAIN, time_column="when")
    assert caught.value.details["columns"] == ["date", "revenue", "orders"]
    with pytest.raises(ColumnNotFoundError, match="no column “profit”"):
        read(PLAIN, metric_columns=("profit",))


def test_named_metric_that_is_text_is_refused(read: Any) -> None:
    with pytest.raises(NoNumericColumnError, match="“who” cannot be a metric"):
        read("date,who,x\n2024-01-01,ann,1\n2024-01-02,bob,2\n", metric_columns=("who",))


def test_named_time_that_is_no_time_is_refused(read: Any) -> None:
    with pytest.raises(NoTimeColumnError, match="“who” does not read as time"):
        read("date,who,x\n2024-01-01,ann,1\n2024-01-02,bob,2\n", time_column="who")


def test_gzip_bomb_stops_at_the_limit(tmp_path: Path) -> None:
    bomb = gzip.compress(PLAIN.encode() + b"2024-01-04,1,1\n" * 1_000_000)
    with pytest.raises(FileBeyondLimitError, match=r"up to 1,000,000 are read.*DRIFTLINE_MAX_UNPACKED_BYTES"):
        ingest(DuckDBTableReader(limits=ReadLimits(max_unpacked_bytes=1_000_000)), tmp_path, bomb)


def test_no_scratch_is_left_behind(read: Any, tmp_path: Path) -> None:
    read(gzip.compress(PLAIN.encode("utf-16")))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["rejects.csv", "table.parquet"]


def test_encoding_that_the_user_names_is_used(read: Any) -> None:
    text = "дата;выручка\n2024-01-01;10\n2024-01-02;11\n"
    out = read(text.encode("cp1251"), encoding=Encoding.WINDOWS_1251)
    assert out.report.time_column == "дата"
    assert out.report.metric_columns == ("выручка",)


def test_encoding_that_the_text_is_not_in_is_refused(read: Any) -> None:
    latin = "date,größe\n2024-01-01,10\n".encode("latin-1")
    with pytest.raises(MalformedFileError, match="not UTF-8 all through"):
        read(latin, encoding=Encoding.UTF_8)


def test_encoding_of_parquet_is_refused(read: Any, tmp_path: Path) -> None:
    content = parquet_of(tmp_path, "SELECT DATE '2024-01-01' AS d, 1 AS n")
    with pytest.raises(InvalidInputError, match="has no encoding to choose"):
        read(content, encoding=Encoding.UTF_8)


@pytest.mark.parametrize(
    ("said", "words"),
    [(FileFormat.JSON, "begins with “date,revenue,orders”"), (FileFormat.PARQUET, "The file is not Parquet")],
)
def test_format_that_the_file_is_not_of_is_refused(read: Any, said: FileFormat, words: str) -> None:
    with pytest.raises(MalformedFileError, match=words):
        read(PLAIN, format=said)


def test_format_that_the_user_names_decides_between_two_readings(reader: TableReader, tmp_path: Path) -> None:
    path = tmp_path / "both"
    path.write_text("day\tplace,n\n2024-01-01\tA,1\n2024-01-02\tB,2\n")
    as_tsv = reader.preview(path, ParseOptions(format=FileFormat.TSV, shape=Shape.AS_IS))
    assert [column.name for column in as_tsv.columns] == ["day", "place,n"]
    with pytest.raises(NoTimeColumnError):
        reader.preview(path, ParseOptions(format=FileFormat.CSV))
    with pytest.raises(InvalidInputError, match="separated by tabs"):
        reader.preview(path, ParseOptions(format=FileFormat.TSV, delimiter=";"))


def test_number_that_is_said_to_be_text_is_no_metric(read: Any) -> None:
    out = read("date,store,revenue\n2024-01-01,7,10\n2024-01-02,8,11\n", column_types=(typed("store", "text"),))
    assert out.report.metric_columns == ("revenue",)
    assert [column.type for column in out.report.columns] == [ColumnType.TIME, ColumnType.TEXT, ColumnType.NUMBER]


def test_text_that_is_said_to_be_numbers_is_a_metric_and_its_other_cells_are_empty(read: Any) -> None:
    rows = "".join(f"2024-01-{day:02},{10 * day if day % 3 else f'closed {day}'},1\n" for day in range(1, 29))
    assert read(f"date,sold,n\n{rows}").report.metric_columns == ("n",)
    out = read(f"date,sold,n\n{rows}", column_types=(typed("sold", "number"),))
    assert out.report.metric_columns == ("sold", "n")
    assert (out.report.quality.rejected_rows, out.report.quality.missing_cells) == (0, 9)
    assert "“sold”: 9 cells could not be read as a number (“closed " in out.report.quality.notes[-1]


def test_of_two_columns_of_time_the_other_is_taken_when_the_first_is_said_to_be_text(read: Any) -> None:
    table = "date,shipped,n\n2024-01-01,2024-02-01,1\n2024-01-02,2024-02-02,2\n"
    assert read(table).report.time_column == "date"
    assert read(table, column_types=(typed("date", "text"),)).report.time_column == "shipped"


@pytest.mark.parametrize(
    ("name", "kind", "error", "words"),
    [
        ("shop", "number", NoNumericColumnError, "does not read as numbers .“north”."),
        ("shop", "time", NoTimeColumnError, "does not read as time .“north”."),
        ("shop", "boolean", InvalidInputError, "does not read as yes and no .“north”."),
        ("shop", "empty", InvalidInputError, "cannot be made empty"),
        ("nowhere", "text", ColumnNotFoundError, "It has: date, shop, n"),
        ("date", "text", InvalidInputError, "was chosen as the time column"),
        ("n", "text", InvalidInputError, "was chosen as a metric"),
    ],
)
def test_type_that_does_not_fit_is_refused_in_words(
    read: Any, name: str, kind: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        read(
            "date,shop,n\n2024-01-01,north,1\n2024-01-02,south,2\n",
            time_column="date",
            metric_columns=("n",),
            column_types=(typed(name, kind),),
        )


def typed(name: str, kind: str) -> TypedColumn:
    return TypedColumn(name=name, type=ColumnType(kind))
