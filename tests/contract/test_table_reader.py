"""What is in this file? One sentence per nasty file; every one is made here."""

import gzip
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from adapters.duckdb.limits import ReadLimits
from adapters.duckdb.reader.reader import DuckDBTableReader
from domain.datasets.columns import ColumnType
from domain.datasets.parse_options import Encoding, FileFormat, ParseOptions, Shape, TypedColumn
from domain.errors import (
    AmbiguousDateError,
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
from tests.support.tables import Outcome, ingest

PLAIN = "date,revenue,orders\n2024-01-01,24000,120\n2024-01-02,25500.5,130\n2024-01-03,89000,420\n"
ROWS = [(24000.0, 120.0), (25500.5, 130.0), (89000.0, 420.0)]
DAYS = ["2024-01-01 00:00:00", "2024-01-02 00:00:00", "2024-01-03 00:00:00"]


@pytest.fixture(params=["duckdb"])
def reader(request: pytest.FixtureRequest) -> TableReader:
    return {"duckdb": DuckDBTableReader}[request.param]()


@pytest.fixture
def read(reader: TableReader, tmp_path: Path) -> Any:
    def reading(content: str | bytes, **roles: Any) -> Outcome:
        return ingest(reader, tmp_path, content, **roles)

    return reading


def parquet_of(tmp_path: Path, sql: str) -> bytes:
    path = tmp_path / "made.parquet"
    duckdb.sql(sql).write_parquet(str(path))
    return path.read_bytes()


# --- the same table in every clothing ------------------------------------------------------------------

CLOTHINGS = {
    "plain": PLAIN.encode(),
    "windows line ends": PLAIN.replace("\n", "\r\n").encode(),
    "old mac line ends": PLAIN.replace("\n", "\r").encode(),
    "mixed line ends": PLAIN.replace("\n", "\r\n", 2).encode(),
    "no last line end": PLAIN.rstrip("\n").encode(),
    "blank lines": PLAIN.replace("\n", "\n\n").encode(),
    "blank lines above": ("\n\n" + PLAIN).encode(),
    "lines of spaces": PLAIN.replace("\n", "\n   \n").encode(),
    "utf-8 with bom": b"\xef\xbb\xbf" + PLAIN.encode(),
    "utf-16 with bom": PLAIN.encode("utf-16"),
    "utf-16 big endian with bom": b"\xfe\xff" + PLAIN.encode("utf-16-be"),
    "utf-16 without bom": PLAIN.encode("utf-16-le"),
    "gzip": gzip.compress(PLAIN.encode(), mtime=0),
    "gzip in two members": gzip.compress(PLAIN[:30].encode(), mtime=0) + gzip.compress(PLAIN[30:].encode(), mtime=0),
    "gzip of utf-16": gzip.compress(PLAIN.encode("utf-16"), mtime=0),
    "semicolons": PLAIN.replace(",", ";").encode(),
    "tabs": PLAIN.replace(",", "\t").encode(),
    "pipes": PLAIN.replace(",", "|").encode(),
    "semicolons and decimal commas": PLAIN.replace(",", ";").replace(".", ",").encode(),
    "all cells quoted": "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in PLAIN.split("\n") if line
    ).encode(),
    "spaces around cells": PLAIN.replace(",", " , ").encode(),
    "spaces before quotes": PLAIN.replace("89000", ' "89000"').encode(),
    "a preamble": ("Sales of the north\nmade on a Monday\n\n" + PLAIN).encode(),
    "comments above": ("# exported by hand\n" + PLAIN).encode(),
    "a trailing delimiter on every row": PLAIN.replace("\n", ",\n").replace("orders,", "orders", 1).encode(),
    "ndjson": b"".join(
        json.dumps({"date": d[:10], "revenue": r, "orders": o}).encode() + b"\n"
        for d, (r, o) in zip(DAYS, ROWS, strict=True)
    ),
    "json array": json.dumps(
        [{"date": d[:10], "revenue": r, "orders": o} for d, (r, o) in zip(DAYS, ROWS, strict=True)], indent=1
    ).encode(),
    "json object of arrays": json.dumps(
        {"date": [d[:10] for d in DAYS], "revenue": [r for r, _ in ROWS], "orders": [o for _, o in ROWS]}
    ).encode(),
    "json array inside an object": json.dumps(
        {
            "count": 3,
            "data": [{"date": d[:10], "revenue": r, "orders": o} for d, (r, o) in zip(DAYS, ROWS, strict=True)],
        }
    ).encode(),
    "json array of arrays with a header": json.dumps(
        [["date", "revenue", "orders"], *([d[:10], r, o] for d, (r, o) in zip(DAYS, ROWS, strict=True))]
    ).encode(),
    "thousands separators": PLAIN.replace("89000", '"89,000"').replace("24000", '"24,000"').encode(),
    "indian grouping": PLAIN.replace("89000", '"₹89,000.00"').replace("24000", '"₹24,000"').encode(),
}
CANNOT_BE_READ_IN_PART = {"json object of arrays", "json array of arrays with a header", "gzip in two members"}


@pytest.mark.parametrize("clothing", CLOTHINGS)
def test_same_table_comes_out_of_every_clothing(read: Any, clothing: str) -> None:
    outcome = read(CLOTHINGS[clothing])
    assert outcome.dates == DAYS
    assert [row[:2] for row in outcome.rows] == ROWS
    assert outcome.rejects == []
    assert outcome.report.time_column == "date"
    assert outcome.report.metric_columns == ("revenue", "orders")


def test_parquet_is_read_with_its_own_types(read: Any, tmp_path: Path) -> None:
    content = parquet_of(
        tmp_path, "SELECT DATE '2024-01-01' + i::INT AS day, i * 1.5 AS load, 'x' || i AS place FROM range(3) r(i)"
    )
    outcome = read(content)
    assert outcome.dates == DAYS
    assert outcome.rows == [(0.0, "x0"), (1.5, "x1"), (3.0, "x2")]
    assert outcome.report.metric_columns == ("load",)


def test_parquet_with_text_times_is_read_like_text(read: Any, tmp_path: Path) -> None:
    content = parquet_of(tmp_path, "SELECT '0' || (i + 1) || '.02.2024 10:00' AS zeit, i AS n FROM range(3) r(i)")
    assert read(content, day_first=True).dates == [f"2024-02-0{day} 10:00:00" for day in (1, 2, 3)]


def test_parquet_times_with_zone_are_instants_already(read: Any, tmp_path: Path) -> None:
    content = parquet_of(
        tmp_path, "SELECT TIMESTAMPTZ '2024-07-01 10:00:00+02' + INTERVAL (i) HOUR AS t, i AS n FROM range(3) r(i)"
    )
    assert read(content, time_zone="America/New_York").dates[0] == "2024-07-01 08:00:00"


# --- numbers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "expected", "unit"),
    [
        (["1,234.50", "12", "1,000,000"], [1234.5, 12, 1e6], None),
        (["1,23,456.78", "12,34,567", "5"], [123456.78, 1234567, 5], None),
        (["1.234,50", "12", "7,5"], [1234.5, 12, 7.5], None),
        (["1 234,50", "12", "7,5"], [1234.5, 12, 7.5], None),
        (["1\u00a0234.5", "2\u202f000", "7"], [1234.5, 2000, 7], None),
        (["1'234.50", "12", "7"], [1234.5, 12, 7], None),
        (["$1,234.50", "$12", "-$7"], [1234.5, 12, -7], "$"),
        (["1.234,50 €", "12 €", "7,5 €"], [1234.5, 12, 7.5], "€"),
        (["₹1,23,456", "₹ 5", "Rs. 7"], [123456, 5, 7], "₹"),
        (["12%", "7.5 %", "-3%"], [12, 7.5, -3], "%"),
        (["(1,234.00)", "5", "(6)"], [-1234, 5, -6], None),
        (["\u22125", "5", "+6"], [-5, 5, 6], None),
        (["1e3", "1.5E-2", ".5"], [1000, 0.015, 0.5], None),
        (["1000000000000000.5", "1", "2"], [1000000000000000.5, 1, 2], None),
    ],
)
def test_number_is_read_as_it_was_meant(read: Any, cells: list[str], expected: list[float], unit: str | None) -> None:
    lines = "".join(f'2024-01-0{i + 1};"{cell}"\n' for i, cell in enumerate(cells))
    outcome = read("day;x\n" + lines, decimal_comma="," in cells[0][-3:-1] or None)
    assert [row[0] for row in outcome.rows] == pytest.approx(expected, rel=1e-15)
    assert outcome.report.columns[1].unit == unit


@pytest.mark.parametrize(
    "token", ["", "NA", "N/A", "null", "NULL", "None", "nan", "NaN", "inf", "-inf", "-", "?", "#N/A"]
)
def test_missing_token_is_a_missing_cell_and_no_reject(read: Any, token: str) -> None:
    outcome = read(f"day,x,y\n2024-01-01,1,2\n2024-01-02,{token},3\n2024-01-03,4,5\n")
    assert outcome.rows == [(1.0, 2.0), (None, 3.0), (4.0, 5.0)]
    assert outcome.quality.missing_cells == 1


@pytest.mark.parametrize("junk", ["abc", "1_000", "0x1F", "1.2.3", "12 apples", "1e400", "1,2,3", "--5", "1O"])
def test_unreadable_number_rejects_its_row_with_line_column_and_value(read: Any, junk: str) -> None:
    rows = "".join(f"2024-01-{day:02d},{day}\n" for day in range(1, 21))
    outcome = read(f'day,x\n{rows}2024-02-01,"{junk}"\n2024-02-02,5\n')
    assert len(outcome.rows) == 21
    (reject,) = outcome.rejects
    assert (reject["line"], reject["column"]) == ("22", "x")
    assert reject["value"].lstrip("'") == junk
    assert "not a number" in reject["reason"]


def test_cell_in_another_currency_is_rejected_and_never_mixed_in(read: Any) -> None:
    rows = "".join(f"2024-01-{day:02d},${day}.00\n" for day in range(1, 21))
    outcome = read(f"day,x\n{rows}2024-02-01,€5.00\n")
    assert [reject["value"] for reject in outcome.rejects] == ["€5.00"]


@pytest.mark.parametrize(("delimiter", "cell", "value"), [(",", '"1,234"', 1234.0), (";", "1.234", 1234.0)])
def test_separator_that_could_be_a_decimal_sign_is_told(read: Any, delimiter: str, cell: str, value: float) -> None:
    content = f"day{delimiter}x\n2024-01-01{delimiter}{cell}\n2024-01-02{delimiter}{cell}\n"
    outcome = read(content)
    assert outcome.rows == [(value,), (value,)]
    assert any("was read as 1,234" in note for note in outcome.quality.notes)
    assert read(content, decimal_comma=delimiter == ",").rows[0] == (1.234,)


def test_formula_in_a_rejected_cell_is_neutralised(read: Any) -> None:
    rows = "".join(f"2024-01-{day:02d},{day}\n" for day in range(1, 21))
    outcome = read(f"day,x\n{rows}2024-02-01,=1+2\n2024-02-02,@cmd\n")
    assert [reject["value"] for reject in outcome.rejects] == ["'=1+2", "'@cmd"]


# --- times ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2024-01-31", "2024-02-01"], ["2024-01-31 00:00:00", "2024-02-01 00:00:00"]),
        (["2024/1/31", "2024/2/1"], ["2024-01-31 00:00:00", "2024-02-01 00:00:00"]),
        (["2024-01-31T10:05:06Z", "2024-01-31T11:05:06Z"], ["2024-01-31 10:05:06", "2024-01-31 11:05:06"]),
        (["2024-01-31T10:05:06+02:00", "2024-01-31 11:05:06-0530"], ["2024-01-31 08:05:06", "2024-01-31 16:35:06"]),
        (
            ["2024-01-31 10:05:06.123456", "2024-01-31 10:05:07.5"],
            ["2024-01-31 10:05:06.123456", "2024-01-31 10:05:07.500000"],
        ),
        (["2024-01-31 10:05", "2024-01-31 10:06"], ["2024-01-31 10:05:00", "2024-01-31 10:06:00"]),
        (["31/01/2024", "01/02/2024"], ["2024-01-31 00:00:00", "2024-02-01 00:00:00"]),
        (["01/31/2024", "02/01/2024"], ["2024-01-31 00:00:00", "2024-02-01 00:00:00"]),
        (["31.01.2024 10:05", "01.02.2024 11:05"], ["2024-01-31 10:05:00", "2024-02-01 11:05:00"]),
        (["01/31/24 1:05 PM", "02/01/24 12:05 AM"], ["2024-01-31 13:05:00", "2024-02-01 00:05:00"]),
        (["31 Jan 2024", "1 February 2024"], ["2024-01-31 00:00:00", "2024-02-01 00:00:00"]),
        (["Jan 31, 2024", "Feb 1, 2024"], ["2024-01-31 00:00:00", "2024-02-01 00:00:00"]),
        (["31-Jan-24", "01-Feb-24"], ["2024-01-31 00:00:00", "2024-02-01 00:00:00"]),
        (
            ["Wed, 31 Jan 2024 10:05:06 GMT", "Thu, 01 Feb 2024 10:05:06 GMT"],
            ["2024-01-31 10:05:06", "2024-02-01 10:05:06"],
        ),
        (["20240131", "20240201"], ["2024-01-31 00:00:00", "2024-02-01 00:00:00"]),
        (["20240131T100506Z", "20240201T100506Z"], ["2024-01-31 10:05:06", "2024-02-01 10:05:06"]),
        (["2024-01", "2024-02"], ["2024-01-01 00:00:00", "2024-02-01 00:00:00"]),
        (["Jan 2024", "Feb 2024"], ["2024-01-01 00:00:00", "2024-02-01 00:00:00"]),
        (["2024-Q1", "2024 Q2"], ["2024-01-01 00:00:00", "2024-04-01 00:00:00"]),
        (["1706695506", "1706695507"], ["2024-01-31 10:05:06", "2024-01-31 10:05:07"]),
        (["1706695506.25", "1706695507.5"], ["2024-01-31 10:05:06.250000", "2024-01-31 10:05:07.500000"]),
        (["1706695506123", "1706695506124"], ["2024-01-31 10:05:06.123000", "2024-01-31 10:05:06.124000"]),
        (["1706695506123456", "1706695506123457"], ["2024-01-31 10:05:06.123456", "2024-01-31 10:05:06.123457"]),
        (["1706695506123456000", "1706695506123457000"], ["2024-01-31 10:05:06.123456", "2024-01-31 10:05:06.123457"]),
        (["2023", "2024"], ["2023-01-01 00:00:00", "2024-01-01 00:00:00"]),
        (["1899-12-31", "1969-07-20"], ["1899-12-31 00:00:00", "1969-07-20 00:00:00"]),
    ],
)
def test_time_is_read_as_it_was_meant(read: Any, cells: list[str], expected: list[str]) -> None:
    outcome = read("time;x\n" + "".join(f"{cell};{i}\n" for i, cell in enumerate(cells)))
    assert outcome.dates == expected
    assert outcome.rejects == []


def test_undecidable_order_of_day_and_month_is_asked_for(read: Any) -> None:
    with pytest.raises(AmbiguousDateError, match=r"no date has a day above 12 \(“01/02/2024”\)") as caught:
        read("date,x\n01/02/2024,1\n03/04/2024,2\n")
    assert caught.value.details["field"] == "dayFirst"


@pytest.mark.parametrize(("day_first", "month"), [(True, 2), (False, 1)])
def test_answer_of_the_user_decides_the_order(read: Any, *, day_first: bool, month: int) -> None:
    outcome = read("date,x\n01/02/2024,1\n03/04/2024,2\n", day_first=day_first)
    assert outcome.times[0].month == month


def test_one_late_date_above_12_proves_the_order_of_the_whole_column(read: Any) -> None:
    rows = "".join(f"{1 + i % 12:02d}/{1 + (i // 12) % 12:02d}/{2000 + i // 144},{i}\n" for i in range(100_000 // 10))
    outcome = read(f"date,x\n{rows}31/12/2090,1\n")
    assert outcome.dates[-1] == "2090-12-31 00:00:00"
    assert outcome.rejects == []


def test_dates_of_both_orders_are_refused(read: Any) -> None:
    with pytest.raises(AmbiguousDateError, match="both orders"):
        read("date,x\n31/01/2024,1\n01/31/2024,2\n02/02/2024,3\n")


@pytest.mark.parametrize("junk", ["2024-02-30", "yesterday", "2024-13-01", "2024-01-01 25:00:00", "epoch", "Total", ""])
def test_unreadable_time_rejects_its_row(read: Any, junk: str) -> None:
    rows = "".join(f"2024-01-{day:02d},{day}\n" for day in range(1, 21))
    outcome = read(f"day,x\n{rows}{junk},99\n")
    assert len(outcome.rows) == 20
    (reject,) = outcome.rejects
    assert (reject["line"], reject["column"], reject["value"]) == ("22", "day", junk)


def test_offset_in_a_column_of_bare_times_is_not_dropped(read: Any) -> None:
    rows = "".join(f"2024-01-{day:02d} 00:00:00,{day}\n" for day in range(1, 21))
    outcome = read(f"day,x\n{rows}2024-02-01 10:15+05,99\n2024-02-01T10:15:00+02:00,98\n")
    assert outcome.dates[-2:] == ["2024-02-01 05:15:00", "2024-02-01 08:15:00"]


def test_naive_times_are_in_the_zone_of_the_user(read: Any) -> None:
    outcome = read("time,x\n2024-01-01 00:00:00,1\n2024-07-01 00:00:00,2\n", time_zone="America/New_York")
    assert outcome.dates == ["2024-01-01 05:00:00", "2024-07-01 04:00:00"]


def test_hours_that_the_clock_skips_or_shows_twice_are_told(read: Any) -> None:
    outcome = read(
        "time,x\n2024-03-31 01:30:00,1\n2024-03-31 02:30:00,2\n2024-03-31 03:45:00,3\n2024-10-27 02:30:00,4\n",
        time_zone="Europe/Berlin",
    )
    assert outcome.dates == ["2024-03-31 00:30:00", "2024-03-31 01:30:00", "2024-03-31 01:45:00", "2024-10-27 00:30:00"]
    assert any("1 times lie in an hour that the clock of Europe/Berlin skips" in note for note in outcome.quality.notes)
    assert any("shows twice" in note for note in outcome.quality.notes)


def test_unknown_time_zone_is_refused(read: Any) -> None:
    with pytest.raises(InvalidInputError, match="no time zone"):
        read(PLAIN, time_zone="Mars/Olympus")


def test_unsorted_and_repeated_times_are_counted(read: Any) -> None:
    outcome = read("day,x\n2024-01-03,3\n2024-01-01,1\n2024-01-02,2\n2024-01-02,2\n2024-01-02,5\n")
    assert [row[0] for row in outcome.rows][:1] == [1.0]
    assert outcome.dates == sorted(outcome.dates)
    quality = outcome.quality
    assert (quality.out_of_order_rows, quality.duplicate_times, quality.duplicate_rows) == (1, 2, 1)


# --- shape ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("2024-01-11,1", "too few cells: 2 instead of 3"),
        ("2024-01-11,1,2,3", "too many cells: 4 instead of 3"),
        ("2024-01-11", "too few cells: 1 instead of 3"),
        ('2024-01-11,"1,2', "a quote opens a cell and nothing closes it"),
        ('2024-01-11,"1"2,3', "text follows a closing quote"),
        ("2024-01-11,1\x00,2", "zero bytes"),
    ],
)
def test_row_of_the_wrong_shape_is_rejected_with_its_line_and_shifts_nothing(
    read: Any, fault: str, reason: str
) -> None:
    lines = [f"2024-01-{day:02d},{day},{day * 10}" for day in range(1, 21)]
    lines[10] = fault
    outcome = read("day,x,y\n" + "\n".join(lines) + "\n")
    assert outcome.rows == [(float(d), d * 10.0) for d in range(1, 21) if d != 11]
    (reject,) = outcome.rejects
    assert reject["line"] == "12"
    assert reason in reject["reason"]


def test_quoted_line_break_keeps_the_line_numbers_of_the_file(read: Any) -> None:
    lines = [f'2024-01-{day:02d},{day},"two\nlines"' for day in range(1, 11)]
    outcome = read("day,x,note\n" + "\n".join(lines) + "\n2024-02-01,oops,z\n")
    assert [row[0] for row in outcome.rows] == [float(day) for day in range(1, 11)]
    assert outcome.rows[0][1] == "two\nlines"
    assert [(r["line"], r["value"]) for r in outcome.rejects] == [("22", "oops")]


def test_blank_and_faulty_lines_keep_the_line_numbers_of_the_file(read: Any) -> None:
    outcome = read(
        "junk above\n\nday,x,y\n\n2024-01-01,1,2\n2024-01-02,3\n\n2024-01-03,x,none of it\n2024-01-04,6,7\n"
        + "".join(f"2024-02-{d:02d},1,1\n" for d in range(1, 21))
    )
    assert [(r["line"], r["reason"][:12]) for r in outcome.rejects] == [("6", "too few cell"), ("8", "not a number")]


def test_quote_inside_a_bare_cell_is_a_character(read: Any) -> None:
    outcome = read('day,size,x\n2024-01-01,5" pipe,1\n2024-01-02,"6"" pipe",2\n2024-01-03,bare,3\n')
    assert [row[1] for row in outcome.rows] == ['5" pipe', '6" pipe', "bare"]


def test_delimiter_inside_quotes_is_part_of_its_cell(read: Any) -> None:
    outcome = read('day,name,x\n2024-01-01,"a, b",1\n2024-01-02,"c",2\n')
    assert outcome.rows == [(1.0, "a, b"), (2.0, "c")]


def test_unclosed_quote_rejects_one_row_and_not_the_rest_of_the_file(read: Any) -> None:
    lines = [f'2024-01-01 00:00:{i % 60:02d},"{i}",1' for i in range(50_000)]
    lines[7] = '2024-01-01 00:00:07,"7,1'
    outcome = read("time,x,y\n" + "\n".join(lines) + "\n")
    assert len(outcome.rows) == 49_999
    assert [r["line"] for r in outcome.rejects] == ["9"]


def test_overlong_line_is_rejected(read: Any) -> None:
    outcome = read("day,note,x\n2024-01-01,a,1\n2024-01-02," + "b" * 1_100_000 + ",2\n2024-01-03,c,3\n")
    assert [row[0] for row in outcome.rows] == [1.0, 3.0]
    assert "bytes long" in outcome.rejects[0]["reason"]


def test_header_that_names_fewer_columns_than_rows_have_is_refused(read: Any) -> None:
    with pytest.raises(MalformedFileError, match=r"header \(line 1\) names 2 columns, but the rows have 3"):
        read("day,x\n" + "".join(f"2024-01-{d:02d},{d},{d}\n" for d in range(1, 10)))


def test_file_without_a_header_names_columns_by_place(read: Any) -> None:
    outcome = read("2024-01-01,5,a\n2024-01-02,6,b\n")
    assert outcome.report.time_column == "column_1"
    assert outcome.report.metric_columns == ("column_2",)
    assert any("no header" in note for note in outcome.quality.notes)


TITLED = "Sales of 2024, both shops\nmade on, 3 January\n2023-12-31,1\ndate,revenue\n2024-01-01,5\n2024-01-02,6\n"


def test_line_that_is_said_to_be_the_header_is_it_and_those_above_are_left_out(read: Any) -> None:
    outcome = read(TITLED, header_line=4)
    assert [column.name for column in outcome.report.columns] == ["date", "revenue"]
    assert outcome.rows == [(5.0,), (6.0,)]
    assert outcome.quality.rejected_rows == 0
    assert "above line 4" in outcome.quality.notes[0]


def test_file_that_is_said_to_have_no_header_keeps_its_first_line_as_a_row(read: Any) -> None:
    content = "2024-01-01,5\n2024-01-02,6\n"
    assert read(content, header_line=0).rows == read(content).rows == [(5.0,), (6.0,)]
    text = read("day,n\n2024-01-01,5\n2024-01-02,6\n", header_line=0)
    assert [column.name for column in text.report.columns] == ["column_1", "column_2"]
    assert [(reject["line"], reject["value"]) for reject in text.rejects] == [("1", "day")]


def test_rejects_below_a_header_that_was_said_keep_the_lines_of_the_file(read: Any) -> None:
    outcome = read(TITLED + "2024-01-03,lots\n", header_line=4)
    assert [reject["line"] for reject in outcome.rejects] == ["7"]


@pytest.mark.parametrize("line", [2, 9])
def test_header_that_is_blank_or_beyond_the_file_is_refused(read: Any, line: int) -> None:
    with pytest.raises(InvalidInputError, match=f"Line {line} cannot be the header"):
        read("title\n\ndate,n\n2024-01-01,5\n", header_line=line)


def test_header_of_a_format_that_has_none_is_refused(read: Any) -> None:
    with pytest.raises(InvalidInputError, match="Only text and workbooks"):
        read('[{"date": "2024-01-01", "n": 1}]', header_line=1)


def test_missing_and_repeated_names_are_made_up_for(read: Any) -> None:
    outcome = read("day,x,x,,X\n2024-01-01,1,2,3,4\n2024-01-02,1,2,3,4\n")
    assert outcome.report.metric_columns == ("x", "x_2", "column_4", "X_3")
    assert outcome.rows[0] == (1.0, 2.0, 3.0, 4.0)


def test_column_called_t_does_not_clash_with_time(read: Any) -> None:
    outcome = read("day,t,T_2\n2024-01-01,1,7\n2024-01-02,2,8\n")
    assert outcome.report.metric_columns == ("t_3", "T_2")
    assert outcome.rows == [(1.0, 7.0), (2.0, 8.0)]


def test_column_called_t_may_be_the_time(read: Any) -> None:
    outcome = read("t,x\n2024-01-01,1\n2024-01-02,2\n")
    assert (outcome.report.time_column, outcome.rows) == ("t", [(1.0,), (2.0,)])


def test_empty_boolean_and_text_columns_are_kept_and_are_no_metrics(read: Any) -> None:
    outcome = read("day,x,nothing,flag,note\n2024-01-01,1,,true,a\n2024-01-02,2,,false,b\n")
    kinds = [column.type for column in outcome.report.columns]
    assert kinds == [ColumnType.TIME, ColumnType.NUMBER, ColumnType.EMPTY, ColumnType.BOOLEAN, ColumnType.TEXT]
    assert outcome.rows == [(1.0, None, "true", "a"), (2.0, None, "false", "b")]


def test_column_that_is_empty_at_first_is_still_a_metric(read: Any) -> None:
    head = "".join(f"2000-01-01 {h // 60 % 24:02d}:{h % 60:02d}:00,1,\n" for h in range(1440)) * 3
    tail = "2001-01-01 00:00:00,1,5\n"
    assert read("time,x,late\n" + head + tail).report.metric_columns == ("x", "late")


def test_column_that_turns_to_text_late_is_text_and_rejects_nothing(read: Any) -> None:
    many = 150_000
    rows = "".join(f"2024-01-01 00:00:00,{i},{i if i < 100 or i > many - 100 else 'text'}\n" for i in range(many))
    outcome = read("time,x,mixed\n" + rows)
    assert outcome.report.metric_columns == ("x",)
    assert len(outcome.rows) == many


def test_id_and_year_columns_are_no_metrics_unless_named(read: Any) -> None:
    outcome = read("id,date,year,x\n1,2024-01-01,2024,5\n2,2024-01-02,2024,6\n")
    assert outcome.report.time_column == "date"
    assert outcome.report.metric_columns == ("x",)
    named = read("id,date,year,x\n1,2024-01-01,2024,5\n2,2024-01-02,2024,6\n", metric_columns=("id", "x"))
    assert named.report.metric_columns == ("id", "x")


def test_number_of_a_shop_stands_behind_what_is_measured_there(read: Any) -> None:
    rows = [f"{shop},2024-01-{day:02},{100 * shop + day * 7 % 5}" for shop in (1, 2, 3) for day in range(1, 11)]
    outcome = read("Store,Date,Sales\n" + "\n".join(rows) + "\n")
    assert outcome.report.metric_columns == ("Sales", "Store")
    assert read("Store,Date,Sales\n" + "\n".join(rows), metric_columns=("Store", "Sales")).report.metric_columns == (
        "Store",
        "Sales",
    ), "who says what to look at says in which order, too"


def test_named_metrics_are_the_only_ones_and_others_reject_nothing(read: Any) -> None:
    outcome = read(
        "day,x,y\n" + "".join(f"2024-01-{d:02d},{d},{d}\n" for d in range(1, 21)) + "2024-02-01,1,oops\n",
        metric_columns=("x",),
    )
    assert outcome.report.metric_columns == ("x",)
    assert outcome.rejects == []
    assert outcome.rows[-1] == (1.0, "oops")


# --- refusals ------------------------------------------------------------------------------------------


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


# --- encodings, JSON, preview --------------------------------------------------------------------------


def test_latin_1_text_is_read_with_its_umlauts(read: Any) -> None:
    outcome = read("tag;größe;ort\n2024-01-01;1;Zürich\n2024-01-02;2;Köln\n".encode("latin-1").replace(b"tag", b"date"))
    assert outcome.report.metric_columns == ("größe",)
    assert outcome.rows == [(1.0, "Zürich"), (2.0, "Köln")]


def test_late_latin_1_byte_changes_the_encoding_of_the_whole_file(read: Any) -> None:
    rows = "".join(f"2024-01-01,{i},Bern\n" for i in range(100_000)) + "2024-01-02,1,Zürich\n"
    outcome = read(("date,x,ort\n" + rows).encode("cp1252"))
    assert outcome.rows[-1] == (1.0, "Zürich")
    assert len(outcome.rows) == 100_001


def test_broken_json_line_is_rejected_with_its_number(read: Any) -> None:
    outcome = read(
        b'{"t": "2024-01-01", "x": 1}\n\n{"t": "2024-01-02", "x": \n{"t": "2024-01-03", "x": 3, "y": 4}\n[1]\n'
    )
    assert [r["line"] for r in outcome.rejects] == ["3", "5"]
    assert outcome.rows == [(1.0, None), (3.0, 4.0)]


def test_json_null_and_absent_keys_are_missing_cells(read: Any) -> None:
    outcome = read(json.dumps([{"t": "2024-01-01", "x": None, "y": 1}, {"t": "2024-01-02", "x": 2}]).encode())
    assert outcome.rows == [(None, 1.0), (2.0, None)]


def test_json_text_with_delimiters_quotes_and_line_breaks_survives(read: Any) -> None:
    awkward = 'a,"b"\nc;|\t'
    outcome = read(
        json.dumps([{"t": "2024-01-01", "x": 1, "s": awkward}, {"t": "2024-01-02", "x": 2, "s": "z"}]).encode()
    )
    assert outcome.rows[0] == (1.0, awkward)


# --- what the user says stands, or is refused with the reason --------------------------------------------


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


def test_preview_tells_format_dialect_columns_and_roles(reader: TableReader, tmp_path: Path) -> None:
    path = tmp_path / "head"
    path.write_text("datum;umsatz;ort\n31.01.2024;1.234,50 €;Köln\n01.02.2024;7,00 €;Ulm\n02.02.20", encoding="utf-8")
    preview = reader.preview(path, ParseOptions())
    assert preview.format is FileFormat.CSV
    assert (preview.dialect.delimiter, preview.dialect.decimal, preview.dialect.header_line) == (";", ",", 1)
    assert preview.dialect.date_order == "day first"
    assert [(c.name, c.type, c.unit) for c in preview.columns] == [
        ("datum", ColumnType.TIME, None),
        ("umsatz", ColumnType.NUMBER, "€"),
        ("ort", ColumnType.TEXT, None),
    ]
    assert (preview.time_column, preview.metric_columns) == ("datum", ("umsatz",))
    assert preview.rows[0] == ("31.01.2024", "1.234,50 €", "Köln")


@pytest.mark.parametrize("clothing", CLOTHINGS)
@pytest.mark.parametrize("share", [1.0, 0.75])
def test_preview_of_a_head_cut_anywhere_finds_the_same_roles(
    reader: TableReader, tmp_path: Path, clothing: str, share: float
) -> None:
    content = CLOTHINGS[clothing]
    if clothing in CANNOT_BE_READ_IN_PART:
        share = 1.0
    path = tmp_path / "head"
    path.write_bytes(content[: int(len(content) * share)])
    preview = reader.preview(path, ParseOptions())
    assert preview.time_column == "date"
    assert preview.metric_columns[0] == "revenue"


def test_preview_warns_when_day_and_month_cannot_be_told_apart(reader: TableReader, tmp_path: Path) -> None:
    path = tmp_path / "head"
    path.write_text("date,x\n01/02/2024,1\n03/04/2024,2\n", encoding="utf-8")
    preview = reader.preview(path, ParseOptions())
    assert preview.dialect.date_order is None
    assert any("Day and month cannot be told apart" in warning for warning in preview.warnings)
