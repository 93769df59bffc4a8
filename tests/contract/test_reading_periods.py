"""Numbered periods of a day beside its date, as markets for electricity publish them."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from adapters.duckdb.reader.reader import DuckDBTableReader
from tests.support.tables import Outcome, ingest

DAYS = [date(2024, 1, 1) + timedelta(days=i) for i in range(12)]


def read(folder: Path, content: str) -> Outcome:
    return ingest(DuckDBTableReader(), folder, content)


@pytest.mark.parametrize(
    ("name", "per_day"), [("Settlement Period", 48), ("SettlementPeriod", 48), ("Trading_period", 48), ("PTU", 96)]
)
def test_a_date_and_a_numbered_period_are_one_time(tmp_path: Path, name: str, per_day: int) -> None:
    rows = "".join(f"{day},{p},{100 + p}.5\n" for day in DAYS for p in range(1, per_day + 1))
    out = read(tmp_path, f"Settlement Date,{name},Price\n" + rows)
    assert (out.report.time_column, out.report.metric_columns) == (f"Settlement Date + {name}", ("Price",))
    assert out.dates[0] == "2024-01-01 00:00:00"
    assert out.dates[-1] == f"2024-01-12 23:{60 - 1440 // per_day}:00"
    assert len(set(out.dates)) == len(DAYS) * per_day


def test_periods_beyond_the_day_of_a_clock_change_are_rejected_and_said(tmp_path: Path) -> None:
    rows = "".join(f"{day},{p},{100 + p}.5\n" for day in DAYS for p in range(1, 51 if day == DAYS[5] else 49))
    out = read(tmp_path, "Date,Period,Price\n" + rows)
    assert (len(out.rows), out.quality.rejected_rows) == (len(DAYS) * 48, 2)
    assert any("clock change" in note for note in out.quality.notes)


@pytest.mark.parametrize("hours", [range(1, 25), range(24)])
def test_an_interval_of_an_hour_beside_the_date_and_the_hour_is_its_quarter(tmp_path: Path, hours: range) -> None:
    rows = "".join(f"{d:%m/%d/%Y},{h},{q},HB_NORTH,{h + q}.25\n" for d in DAYS for h in hours for q in range(1, 5))
    out = read(
        tmp_path,
        "Delivery Date,Delivery Hour,Delivery Interval,Settlement Point,Price\n" + rows,
    )
    assert out.report.time_column == "Delivery Date + Delivery Hour + Delivery Interval"
    assert out.dates[:2] == ["2024-01-01 00:00:00", "2024-01-01 00:15:00"]
    assert out.dates[-1] == "2024-01-12 23:45:00"


def test_a_number_of_periods_that_divides_no_day_stays_what_it_is(tmp_path: Path) -> None:
    rows = "".join(f"{day},{p},{100 + p}.5\n" for day in DAYS for p in range(1, 38))
    out = read(tmp_path, "date,period,price\n" + rows)
    assert out.report.time_column == "date"
