"""Tables that are not one row for one time and one number: recognised, turned, said, and left alone on demand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.duckdb.reader.reader import DuckDBTableReader
from domain.datasets.columns import ColumnRole
from domain.datasets.parse_options import ParseOptions, Shape
from domain.errors import AmbiguousDateError, NoTimeColumnError, UnusableFileError
from tests.support.tables import Outcome, ingest

DAYS = [f"2024-01-{day:02}" for day in range(1, 11)]
Read = Callable[..., Outcome]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return lambda content, **options: ingest(DuckDBTableReader(), tmp_path, content, **options)


@pytest.fixture
def preview(tmp_path: Path) -> Callable[..., Any]:
    def look(content: str, **options: Any) -> Any:
        path = tmp_path / "seen"
        path.write_text(content)
        return DuckDBTableReader().preview(path, ParseOptions(**options))

    return look


def table(header: str, *rows: str) -> str:
    return "\n".join([header, *rows]) + "\n"


LONG = table("date,metric,value", *(f"{day},{name}" for day in DAYS for name in ("sales,100", "temperature,10.5")))
MONTHS = table(
    "Year,Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec", "2023," + "1," * 11 + "1", "2024," + "2," * 11 + "2"
)
TOTAL = table("date,region,sales", *(f"{day},{r}" for day in DAYS for r in ("North,100", "South,50", "All,150")))
MERGED = table("date,store,sales", *(row for day in DAYS for row in (f"{day},A,1", ",B,2")))
EVENTS = table(
    "at,plan,country", *(f"{day} 0{hour}:17,{plan},DE" for day in DAYS for hour, plan in ((1, "a"), (5, "b")))
)


def test_a_column_that_names_the_metric_gives_a_metric_for_each_name(read: Read) -> None:
    out = read(LONG)
    assert out.report.metric_columns == ("sales", "temperature")
    assert out.rows[0] == (100.0, None)
    assert any("“metric” names what “value” holds" in note for note in out.quality.notes)


def test_months_as_columns_become_rows(read: Read) -> None:
    out = read(MONTHS)
    assert (len(out.rows), out.dates[0], out.dates[-1]) == (24, "2023-01-01 00:00:00", "2024-12-01 00:00:00")


def test_dates_in_the_headers_become_rows_beside_what_they_are_of(read: Read) -> None:
    out = read(table("region,2024-01-01,2024-02-01,2024-03-01", "North,1,2,3", "South,4,5,6"))
    assert sorted(out.rows) == [(n, "North" if n < 4 else "South") for n in (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)]


def test_a_total_among_its_parts_is_left_out_and_said(read: Read) -> None:
    out = read(TOTAL)
    assert len(out.rows) == 20
    assert any("“All” in column “region” is the total" in note for note in out.quality.notes)


def test_the_date_above_holds_for_merged_cells(read: Read) -> None:
    out = read(MERGED)
    assert (len(out.rows), len(set(out.times)), out.quality.rejected_rows) == (20, 10, 0)


def test_events_without_a_number_are_counted(read: Read) -> None:
    out = read(EVENTS)
    assert out.report.metric_columns == ("rows",)
    assert {column.name: column.role for column in out.report.columns}["plan"] is ColumnRole.DIMENSION


def test_yes_and_no_are_one_and_zero(read: Read) -> None:
    out = read(table("day,ok", *(f"{day},{'yes' if i % 2 else 'no'}" for i, day in enumerate(DAYS))))
    assert [row[0] for row in out.rows] == [0.0, 1.0] * 5


@pytest.mark.parametrize(
    ("content", "first", "last"),
    [
        (table("Date,Time,load", *(f"2024-01-01,{h:02}:30:00,{h}" for h in range(24))), "01 00:30", "01 23:30"),
        (table("Date,Hour,load", *(f"2024-01-01,{h},{h}" for h in range(24))), "01 00:00", "01 23:00"),
        (table("Year,Month,Day,Hour,v", *(f"2024,1,2,{h},{h}" for h in range(24))), "02 00:00", "02 23:00"),
        (table("Year,Month,v", *(f"2024,January,{h}" for h in range(3))), "01 00:00", "01 00:00"),
        (table("Date,Time,n", *(f"240101,{h:02}1500,{h}" for h in range(24))), "01 00:15", "01 23:15"),
    ],
)
def test_one_time_is_made_of_several_columns(read: Read, content: str, first: str, last: str) -> None:
    out = read(content)
    assert (out.dates[0], out.dates[-1]) == (f"2024-01-{first}:00", f"2024-01-{last}:00")
    assert len(out.report.metric_columns) == 1


@pytest.mark.parametrize(("content", "metrics"), [(LONG, ("value",)), (TOTAL, ("sales",))])
def test_a_table_is_left_as_it_is_on_demand(read: Read, content: str, metrics: tuple[str, ...]) -> None:
    out = read(content, shape=Shape.AS_IS)
    assert out.report.metric_columns == metrics
    assert len(out.rows) == content.count("\n") - 1


def test_a_column_that_the_user_names_is_not_turned_away(read: Read) -> None:
    assert read(LONG, metric_columns=("value",)).report.metric_columns == ("value",)


def test_the_preview_shows_the_turned_table_why_and_the_option_that_leaves_it(preview: Callable[..., Any]) -> None:
    seen = preview(LONG)
    shape = next(guess for guess in seen.guesses if guess.field == "shape")
    assert seen.metric_columns == ("sales", "temperature")
    assert (shape.alternatives, "names what" in shape.evidence) == (("as_is",), True)
    assert [column.role for column in seen.columns] == [ColumnRole.TIME, ColumnRole.METRIC, ColumnRole.METRIC]


def test_the_preview_asks_which_of_two_plausible_times_it_is(preview: Callable[..., Any]) -> None:
    seen = preview(table("ordered,shipped,n", *(f"2024-01-{d:02},2024-02-{d:02},{d}" for d in range(1, 11))))
    guess = next(guess for guess in seen.guesses if guess.field == "timeColumn")
    assert (guess.value, guess.alternatives, guess.asks) == ("ordered", ("shipped",), True)


def test_a_constant_or_recorded_time_is_not_the_time(read: Read) -> None:
    constant = table("loaded_at,day,n", *(f"2024-05-01,{day},{i}" for i, day in enumerate(DAYS)))
    assert read(constant).report.time_column == "day"
    years = table("year,n,updated_on", *(f"{2000 + i},{i},2024-03-{i + 1:02}" for i in range(9)))
    assert read(years).report.time_column == "year"


def test_dots_mean_day_first_and_firsts_of_months_prove_the_order(read: Read) -> None:
    assert read(table("d;n", *(f"0{d}.02.2024;{d}" for d in range(1, 9)))).dates[0] == "2024-02-01 00:00:00"
    firsts = table("d,n", *(f"{month}/1/{year},{month}" for year in (2022, 2023) for month in range(1, 13)))
    assert read(firsts).dates[1] == "2022-02-01 00:00:00"
    with pytest.raises(AmbiguousDateError):
        read(table("d,n", "1/2/2024,1", "3/4/2024,2", "2/1/2024,3"))


def test_an_ambiguous_zone_name_is_asked_for_and_settled_by_the_time_zone(read: Read) -> None:
    rows = table("at,n", *(f"2024-01-01 0{h}:00:00 CST,{h}" for h in range(9)))
    with pytest.raises(AmbiguousDateError, match="CST"):
        read(rows)
    assert read(rows, time_zone="America/Chicago").dates[0] == "2024-01-01 06:00:00"


def test_the_hour_that_a_clock_shows_twice_is_two_hours(read: Read) -> None:
    wall = ["00:00", "01:00", "01:00", "02:00"]
    out = read(table("at,n", *(f"2026-11-01 {hour},1" for hour in wall)), time_zone="America/New_York")
    assert [date[11:16] for date in out.dates] == ["04:00", "05:00", "06:00", "07:00"]


def test_a_bad_cell_costs_that_cell_and_is_said(read: Read) -> None:
    rows = [f"{day},{i},{i * 2}" for i, day in enumerate(DAYS)]
    out = read(table("day,a,b", *rows, "2024-02-01,7,oops"))
    assert out.rows[-1] == (7.0, None)
    assert "Column “b”: 1 cell could not be read as a number (“oops”) and counts as empty." in out.quality.notes


def test_a_file_of_which_most_rows_are_rejected_is_refused(read: Read) -> None:
    good = [f"2024-01-{i % 28 + 1:02},1" for i in range(300)]
    with pytest.raises(UnusableFileError, match=r"rejected|No time column"):
        read(table("day,n", *good, *(f"later {i},2" for i in range(2_000))))


def test_a_refusal_shows_a_cell_of_the_column_that_is_named_like_a_time(read: Read) -> None:
    with pytest.raises(NoTimeColumnError, match="“when” begins with “soon”"):
        read("when,n\nsoon,1\nlater,2\n")


@pytest.mark.parametrize("header", ["id", "port", "zip", "Unnamed: 0", "year"])
def test_numbers_that_name_are_no_metrics(read: Read, header: str) -> None:
    rows = (f"{i + (2000 if header == 'year' else 0)},{day},{7 * i}" for i, day in enumerate(DAYS))
    assert read(table(f"{header},day,amount", *rows)).report.metric_columns == ("amount",)
