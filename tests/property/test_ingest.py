"""Laws of reading: what was written comes back, and a fault never shifts a value."""

import codecs
import csv
import gzip
import io
import math
import tempfile
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from adapters.duckdb.reader.columns.numbers import NumberFormat, is_missing, missing_sql, number_sql, parse_number
from adapters.duckdb.reader.columns.time_cells import parse_time
from adapters.duckdb.reader.columns.time_formats import IN_RANGE, Family, TimeFormat
from adapters.duckdb.reader.columns.time_sql import time_sql
from adapters.duckdb.reader.reader import DuckDBTableReader
from domain.datasets.parse_options import Encoding, Shape
from domain.errors import UnusableFileError
from tests.support.tables import Outcome, ingest

START = datetime(2024, 1, 1)  # noqa: DTZ001 - a wall clock
READER = DuckDBTableReader()


@cache
def engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


texts = st.text(st.characters(codec="cp1252", exclude_categories=("Cc", "Cs")), min_size=1, max_size=8).map(str.strip)
words = texts.filter(lambda text: any(c.isalpha() for c in text))
numbers = st.one_of(
    st.none(), st.integers(-(10**9), 10**9).map(float), st.floats(-1e9, 1e9).map(lambda x: round(x, 4) + 0.0)
)
DATES = {
    "iso": "%Y-%m-%d %H:%M:%S",
    "iso T": "%Y-%m-%dT%H:%M:%S",
    "day first": "%d/%m/%Y %H:%M:%S",
    "month first": "%m/%d/%Y %I:%M:%S %p",
    "dots": "%d.%m.%Y %H:%M",
    "names": "%d %b %Y %H:%M",
    "slashes": "%Y/%m/%d %H:%M",
}


@st.composite
def tables(draw: st.DrawFn) -> list[tuple[datetime, str, float | None, float | None]]:
    """Rows of a time (whole minutes, at least one day above 12), a text, and two numbers."""
    minutes = draw(st.lists(st.integers(0, 10**6), min_size=3, max_size=12, unique=True))
    times = sorted([START + timedelta(minutes=m) for m in minutes] + [START + timedelta(days=27)])
    return [(time, draw(words), draw(numbers), draw(numbers)) for time in times]


def written(value: float | None, *, decimal: str, grouped: bool) -> str:
    if value is None:
        return ""
    text = f"{value:,.4f}" if grouped else f"{value:.4f}"
    return text.translate(str.maketrans({",": ".", ".": ","})) if decimal == "," else text


dialects = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from([",", ";", "\t", "|"]),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
        "end": st.sampled_from(["\n", "\r\n"]),
        "date": st.sampled_from(sorted(DATES)),
        "decimal": st.sampled_from([".", ","]),
        "grouped": st.booleans(),
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
        "packed": st.booleans(),
        "preamble": st.sampled_from(["", "A report\n\n"]),
    }
)


def rendered(table: Any, dialect: dict[str, Any]) -> bytes:
    out = io.StringIO(newline="")
    out.write(dialect["preamble"].replace("\n", dialect["end"]))
    writer = csv.writer(
        out, delimiter=dialect["delimiter"], quoting=dialect["quoting"], lineterminator=dialect["end"], doublequote=True
    )
    writer.writerow(["when", "who", "x", "y"])
    form = {"decimal": dialect["decimal"], "grouped": dialect["grouped"]}
    for time, who, x, y in table:
        writer.writerow([time.strftime(DATES[dialect["date"]]), who, written(x, **form), written(y, **form)])
    content = out.getvalue().encode(dialect["encoding"])
    return gzip.compress(content) if dialect["packed"] else content


def read(content: bytes, **roles: Any) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        return ingest(READER, Path(folder), content, **roles)


@settings(max_examples=40)
@given(tables(), dialects)
def test_every_dialect_is_read_as_it_was_written(table: Any, dialect: dict[str, Any]) -> None:
    assume(all(any(row[place] is not None for row in table) for place in (2, 3)))
    outcome = read(
        rendered(table, dialect),
        decimal_comma=dialect["decimal"] == ",",
        delimiter=dialect["delimiter"],
        metric_columns=("x", "y"),  # which opens first is another matter
        shape=Shape.AS_IS,  # the law is about how a table is written, not about what its shape means
        # Letters by chance are of no language: which one-byte encoding they are in has to be said.
        encoding=Encoding.WINDOWS_1252 if dialect["encoding"] == "cp1252" else None,
    )
    assert outcome.rejects == []
    assert outcome.times == [time for time, *_ in table]
    assert [row[:2] for row in outcome.rows] == [
        tuple(None if value is None else round(value, 4) for value in (x, y)) for _, _, x, y in table
    ]
    assert [row[2] for row in outcome.rows] == [who for _, who, *_ in table]


def assert_read_or_refused(content: bytes) -> None:
    """``ingest`` itself proves that every row is usable or rejected."""
    refusal = None
    try:
        read(content)
    except UnusableFileError as error:
        refusal = error
    assert refusal is None or refusal.message.endswith((".", "?"))


FAULTS = {
    "a cell too many": lambda line: line + ",7",
    "a cell too few": lambda line: line.rsplit(",", 1)[0],
    "a delimiter in the middle": lambda line: line.replace(",", ",,", 1),
    "a lost delimiter": lambda line: line.replace(",", "", 1),
    "an open quote": lambda line: line.replace(",", ',"', 1),
    "a quote and a tail": lambda line: line.replace(",", ',"q"r', 1),
    "a broken time": lambda line: "20" + line[4:],
    "cut off": lambda line: line[:13],
    "another table's line": lambda line: "Total;;12",
    "a zero byte": lambda line: line[:12] + "\x00" + line[12:],
}


@settings(max_examples=50)
@given(st.integers(20, 60), st.data())
def test_fault_in_one_line_rejects_that_line_or_the_file_and_shifts_nothing(rows: int, data: st.DataObject) -> None:
    good = [f"{START + timedelta(hours=i):%Y-%m-%d %H:%M:%S},{i + 100},{i + 0.5}" for i in range(rows)]
    fault = data.draw(st.sampled_from(sorted(FAULTS)))
    at = data.draw(st.integers(0, rows - 1))
    lines = list(good)
    lines[at] = FAULTS[fault](lines[at])
    try:
        outcome = read(("time,a,b\n" + "\n".join(lines) + "\n").encode())
    except UnusableFileError:
        return
    wanted = {START + timedelta(hours=i): (float(i + 100), i + 0.5) for i in range(rows) if i != at}
    assert dict(zip(outcome.times, outcome.rows, strict=True)) == wanted
    assert [int(reject["line"]) for reject in outcome.rejects] == [at + 2]


@settings(max_examples=10)
@given(st.integers(20, 60), st.data())
def test_letters_in_a_number_cost_that_cell_and_are_said(rows: int, data: st.DataObject) -> None:
    good = [f"{START + timedelta(hours=i):%Y-%m-%d %H:%M:%S},{i + 100},{i + 0.5}" for i in range(rows)]
    at = data.draw(st.integers(0, rows - 1))
    lines = [line[:-1] + "x" if i == at else line for i, line in enumerate(good)]
    outcome = read(("time,a,b\n" + "\n".join(lines) + "\n").encode())
    wanted = {START + timedelta(hours=i): (float(i + 100), None if i == at else i + 0.5) for i in range(rows)}
    assert dict(zip(outcome.times, outcome.rows, strict=True)) == wanted
    assert outcome.rejects == []
    assert outcome.report.quality.notes == (
        f"Column “b”: 1 cell could not be read as a number (“{at}.x”) and counts as empty.",
    )


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    assert_read_or_refused(content)


@settings(max_examples=60)
@given(
    st.text(st.sampled_from('ab1290-/:.,;"\n\r\t é{}[]'), max_size=80), st.sampled_from(["", "date,x\n2024-01-01,1\n"])
)
def test_any_text_is_read_or_refused_in_words(text: str, head: str) -> None:
    assert_read_or_refused((head + text).encode())


cells = st.one_of(
    st.text(st.sampled_from("0123456789.,-+()$€% eE'_\u2212\u00a0"), max_size=12),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers(-(10**12), 10**12).map("{:,}".format),
)
formats = st.builds(
    NumberFormat,
    plain=st.booleans(),
    decimal=st.sampled_from([".", ","]),
    unit=st.sampled_from([None, "$", "€", "%"]),
).filter(lambda form: not (form.plain and form.decimal == ","))


@settings(max_examples=40)
@given(st.lists(cells, min_size=1, max_size=60), formats)
def test_sql_reads_numbers_as_python_does(written: list[str], form: NumberFormat) -> None:
    sql = f"SELECT {number_sql('c', form)}, {missing_sql('c')} FROM (SELECT unnest($1) AS c)"
    for cell, (number, missing) in zip(written, engine().execute(sql, [written]).fetchall(), strict=True):
        ours = parse_number(cell, form)
        assert (ours is None, is_missing(cell)) == (number is None, missing), cell
        assert ours is None or math.isclose(ours, number, rel_tol=1e-15), cell


clocks = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001 - wall clocks
patterns = st.sampled_from(
    [*DATES.values(), "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S+05:30", "%Y-%m-%d %H:%M:%S-0800",
     "%a, %d %b %Y %H:%M:%S GMT", "%B %d, %Y", "%Y%m%d", "%Y%m%dT%H%M%S", "%Y-%m", "%b %Y", "%d-%b-%y", "%Y-%m-%d"]
)  # fmt: skip
families = TimeFormat(
    families=tuple(f for f in Family if f is not Family.YEAR and "epoch" not in f), day_first=True, aware=True
)


@st.composite
def moments(draw: st.DrawFn) -> str:
    """A time in one of many clothings, perhaps with one wrong character."""
    cell = draw(clocks).strftime(draw(patterns))
    place = draw(st.integers(-20, len(cell) - 1))
    return cell if place < 0 else cell[:place] + draw(st.sampled_from("09x:-/ ")) + cell[place + 1 :]


@settings(max_examples=40)
@given(st.lists(moments(), min_size=1, max_size=60))
def test_sql_reads_times_as_python_does(written: list[str]) -> None:
    moment, aware = time_sql("c", families)
    inner = f"SELECT {moment} AS m, {aware} AS a FROM (SELECT unnest($1) AS c)"
    found = engine().execute(f"SELECT m, a, m {IN_RANGE} FROM ({inner})", [written]).fetchall()
    for cell, (theirs, theirs_aware, usable) in zip(written, found, strict=True):
        ours = parse_time(cell, families)
        assert (ours[0] if ours else None) == (theirs if usable else None), cell
        assert not ours or ours[1] == theirs_aware, cell


def test_bom_is_no_part_of_the_first_name() -> None:
    assert read(codecs.BOM_UTF8 + b"date,x\n2024-01-01,1\n2024-01-02,2\n").report.time_column == "date"
