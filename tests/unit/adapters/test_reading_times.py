"""Each way of writing a time is read alike in Python (sample) and in SQL (whole file)."""

from dataclasses import replace
from datetime import date, datetime

import duckdb
import pytest

from adapters.duckdb.reader.columns.time_cells import parse_time, pivot_for
from adapters.duckdb.reader.columns.time_formats import Family
from adapters.duckdb.reader.columns.time_sql import time_sql
from adapters.duckdb.reader.columns.times import infer_time
from adapters.duckdb.reader.columns.zone_names import settled

WRITTEN = {
    "Mon Jan 01 04:47:44 2024": "2024-01-01 04:47:44",
    "Mon Jan 01 2024 00:00:00 GMT+0100 (Central European Standard Time)": "2023-12-31 23:00",
    "01/Jan/2024:10:05:03 +0000": "2024-01-01 10:05:03",
    "2019M12": "2019-12-01",
    "12/2019": "2019-12-01",
    "Jan-24": "2024-01-01",
    "2024 March": "2024-03-01",
    "20 SEPT 26": "2026-09-20",
    "Q4 2010": "2010-10-01",
    "2010-Q4": "2010-10-01",
    "4Q10": "2010-10-01",
    "2019-H2": "2019-07-01",
    "2020-W53": "2020-12-28",
    "2023-W52-7": "2023-12-31",
    "KW 1 2023": "2023-01-02",
    "1960/61": "1960-01-01",
    "1999-2000": "1999-01-01",
    "FY2020": "2020-01-01",
    "2024-01-01 00:00:00 CET": "2023-12-31 23:00",
    "2024-01-01T00:00:00.5+05:30": "2023-12-31 18:30:00.5",
    "2024-01-01 05": "2024-01-01 05:00",
    "1/13/2024 5 p.m.": "2024-01-13 17:00",
    "2024-01-01 00:00 - 2024-01-01 01:00": "2024-01-01",
    "2024-01-01/2024-01-07": "2024-01-01",
    "13. 2. 2024": "2024-02-13",
    "01JAN2024": "2024-01-01",
    "3. März 2024": "2024-03-03",
    "lundi 3 décembre 2024": "2024-12-03",
    "1 de enero de 2024": "2024-01-01",
    "1 stycznia 2024": "2024-01-01",
    "2 мая 2024": "2024-05-02",
    "fev/24": "2024-02-01",
    "2024年1月5日 10時30分": "2024-01-05 10:30",
    "2024年12月": "2024-12-01",
}
NUMBERS = {
    ("2001", "2002"): ("2001-01-01", "2002-01-01"),
    ("2019.0", "2020.0"): ("2019-01-01", "2020-01-01"),
    ("202401", "202402"): ("2024-01-01", "2024-02-01"),
    ("20240131", "20240201"): ("2024-01-31", "2024-02-01"),
    ("2024010112", "2024010113"): ("2024-01-01 12:00", "2024-01-01 13:00"),
    ("240101", "240131"): ("2024-01-01", "2024-01-31"),
    ("1704067200", "1704153600"): ("2024-01-01", "2024-01-02"),
    ("1704067200000", "1704153600000"): ("2024-01-01", "2024-01-02"),
    ("1704067200000000", "1704153600000000"): ("2024-01-01", "2024-01-02"),
    ("45292", "45293"): ("2024-01-01", "2024-01-02"),
    ("45292.5", "45293.25"): ("2024-01-01 12:00", "2024-01-02 06:00"),
    ("1958", "1958.083", "1958.167"): ("1958-01-01", "1958-02-01", "1958-03-01"),
    ("2024", "2024.5", "2024.51"): ("2024-01-01", "2024-07-02", "2024-07-05 15:50:24"),
    ("2019.01", "2019.02", "2019.12"): ("2019-01-01", "2019-02-01", "2019-12-01"),
    ("01.2019", "12.2019"): ("2019-01-01", "2019-12-01"),
}


def read(cells: list[str], *, named: bool) -> list[datetime | None]:
    form, _, order = infer_time(cells, named_time=named)
    form = replace(form, day_first=order.day_first > 0) if Family.NUMERIC in form.families else form
    moment, _ = time_sql("c", form)
    sql = duckdb.connect().execute(f"SELECT {moment} FROM (SELECT unnest($1) AS c)", [cells]).fetchall()
    ours = [found[0] if (found := parse_time(cell, form)) else None for cell in cells]
    assert [row[0] for row in sql] == ours
    return ours


@pytest.mark.parametrize("cell", WRITTEN)
def test_a_way_of_writing_is_read(cell: str) -> None:
    assert read([cell, cell], named=False) == [datetime.fromisoformat(WRITTEN[cell])] * 2


@pytest.mark.parametrize("cells", NUMBERS)
def test_bare_numbers_are_times_under_a_name_that_says_so(cells: tuple[str, ...]) -> None:
    assert read(list(cells), named=True) == [datetime.fromisoformat(text) for text in NUMBERS[cells]]


@pytest.mark.parametrize("cells", [("2001", "2002"), ("45292", "45293"), ("240101", "240131"), ("3.5", "4.5")])
def test_bare_numbers_are_no_times_under_another_name(cells: tuple[str, ...]) -> None:
    assert not infer_time(cells, named_time=False)[0].families


def test_numbers_of_an_epoch_in_order_are_times_whatever_their_name() -> None:
    rising = [str(1_704_067_200 + 3_600 * i) for i in range(30)]
    assert infer_time(rising, named_time=False)[0].families == (Family.EPOCH_S,)
    assert not infer_time([rising[i * 7 % 30] for i in range(30)], named_time=False)[0].families


def test_two_digit_years_are_never_all_in_the_future() -> None:
    this = date.today().year % 100  # noqa: DTZ011 - a year
    assert pivot_for({62, 66}) <= 62
    assert pivot_for({this + 5, this + 9}) <= this + 5
    assert pivot_for({this - 2, this, this + 5}) > this + 5  # a forecast


def test_a_year_and_month_is_no_financial_year_as_long_as_one_cell_says_otherwise() -> None:
    assert infer_time(["2011-12", "2012-01"], named_time=True)[0].families == (Family.YEAR_MONTH,)


def test_an_ambiguous_name_of_a_zone_is_settled_by_the_user_zone() -> None:
    assert settled("CST", "America/Chicago") == -360
    assert settled("CST", "Asia/Shanghai") == 480
    assert settled("CST", "UTC") is None
