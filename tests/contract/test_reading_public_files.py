"""Kinds of tables that public files have, each in its smallest form: read right, or not read as something else."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from adapters.duckdb.reader.reader import DuckDBTableReader
from domain.datasets.columns import ColumnRole
from domain.datasets.parse_options import ParseOptions
from domain.errors import BinaryFileError, NoTimeColumnError
from tests.support.tables import Outcome, ingest
from tests.support.workbooks import Cell, xlsx

Read = Callable[..., Outcome]
DAYS = [f"2024-01-{day:02}" for day in range(1, 29)]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return lambda content, **options: ingest(DuckDBTableReader(), tmp_path, content, **options)


def table(header: str, *rows: str) -> str:
    return "\n".join([header, *rows]) + "\n"


def roles(out: Outcome) -> dict[str, ColumnRole | None]:
    return {column.name: column.role for column in out.report.columns}


def test_a_day_of_the_week_is_no_day_of_the_month(read: Read) -> None:
    rows = (f"2024,1,{day},{1 + day % 7},{100 + day}" for day in range(1, 29))
    out = read(table("year,month,date_of_month,day_of_week,births", *rows))
    assert (out.report.time_column, out.report.metric_columns) == ("year + month + date_of_month", ("births",))
    assert (out.dates[0], out.dates[-1]) == ("2024-01-01 00:00:00", "2024-01-28 00:00:00")


def test_a_year_of_two_digits_beside_a_month_gets_its_century(read: Read) -> None:
    out = read(table("Country,Month,Year,Value", *(f"Guinea,{month},14,{month * 10}" for month in range(3, 13))))
    assert (out.report.time_column, out.dates[0]) == ("Year + Month", "2014-03-01 00:00:00")


def test_the_century_of_short_dates_stands_in_a_column_of_years(read: Read) -> None:
    out = read(
        table(
            "action,date,year,acres",
            *(f"a,9/2{i}/{y % 100:02},{y},{i}" for i, y in enumerate((1906, 1938, 1971, 2004, 2017))),
        )
    )
    assert out.dates == [f"{y}-09-2{i} 00:00:00" for i, y in enumerate((1906, 1938, 1971, 2004, 2017))]


def test_a_date_is_the_time_rather_than_the_year_of_it(read: Read) -> None:
    out = read(table("YEAR,Show,Guest", *(f"1999,1/{day}/99,guest {day}" for day in range(11, 29))))
    assert (out.report.time_column, out.dates[0]) == ("Show", "1999-01-11 00:00:00")


def test_years_that_rise_by_an_even_step_are_the_time_whatever_their_name(read: Read) -> None:
    out = read(table("country,Canada", *(f"{1800 + i},{i}.5" for i in range(20))))
    assert (out.report.time_column, out.dates[0], out.report.metric_columns) == (
        "country",
        "1800-01-01 00:00:00",
        ("Canada",),
    )
    assert (
        read(table("iyear,deaths", *(f"{year},{year % 7}" for year in (1970, 1970, 1971, 1972)))).report.time_column
        == "iyear"
    )


def test_years_before_1600_among_later_ones_are_read(read: Read) -> None:
    out = read(table("year,wheat", *(f"{year},{year % 13}" for year in range(1565, 1821, 5))))
    assert (out.dates[0], out.quality.rejected_rows) == ("1565-01-01 00:00:00", 0)


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (("EOW: Monday, January 1, 2024", "EOW: Tuesday, January 9, 2024"), "2024-01-01"),
        (("Week of Jan 1, 2024", "Week of Jan 8, 2024"), "2024-01-01"),
        (("11:37:15  3 Sep 2020", " 1:37:15  4 Sep 2020"), "2020-09-03 11:37:15"),
        (("Jun-19", "Jul-19p", "Aug-19r"), "2019-06-01"),
        (("2017", "2018*", "2019 (p)"), "2017-01-01"),
        (("20130101:0010", "20130101:0110"), "2013-01-01 00:10:00"),
    ],
)
def test_what_stands_around_a_time_does_not_hide_it(read: Read, cells: tuple[str, ...], first: str) -> None:
    out = read(table("date,sales", *(f'"{cell}",{i}' for i, cell in enumerate(cells))))
    assert (len(out.rows), out.quality.rejected_rows) == (len(cells), 0)
    assert out.dates[0].startswith(first)


def test_the_october_of_a_number_is_no_second_january(read: Read) -> None:
    out = read(
        table("Date,Price", *(f"{1871 + i // 12}.{'1' if i % 12 == 9 else f'{i % 12 + 1:02}'},{i}" for i in range(36)))
    )
    assert out.dates[9] == "1871-10-01 00:00:00"
    assert out.quality.duplicate_times == 0


def test_an_iso_date_among_others_is_read(read: Read) -> None:
    rows = [f"01/{day:02}/2024,{day}" for day in range(1, 29)]
    out = read(table("Date,x", *rows, "2024-01-29T02:58:41.000Z,5"))
    assert (out.quality.rejected_rows, out.dates[-1]) == (0, "2024-01-29 02:58:41")


def test_times_in_even_steps_over_midnight_prove_that_the_month_comes_first(read: Read) -> None:
    steps = [(6, 11 + i // 144, i % 144 * 10) for i in range(60, 280)]
    out = read(table("Time,wind", *(f"{m}/{d}/2001 {t // 60}:{t % 60:02},{t}" for m, d, t in steps)))
    assert (out.dates[0], out.dates[-1]) == ("2001-06-11 10:00:00", "2001-06-12 22:30:00")


def test_the_order_of_day_and_month_stands_in_the_columns_name(read: Read, tmp_path: Path) -> None:
    content = table("Date (DD/MM/YYYY),x", "01/02/2024,1", "01/03/2024,2", "03/01/2024,3")
    assert read(content).dates == ["2024-01-03 00:00:00", "2024-02-01 00:00:00", "2024-03-01 00:00:00"]
    path = tmp_path / "seen"
    path.write_text(content)
    shown = DuckDBTableReader().preview(path, ParseOptions())
    assert shown.dialect.date_order == "day first"
    assert not any(guess.asks for guess in shown.guesses)


def test_a_clock_under_the_name_of_a_zone_belongs_to_the_date(read: Read) -> None:
    out = read(table("DATE (MM/DD/YYYY),MST,Temp", *(f"10/04/2018,{h:02}:30,{h}" for h in range(24))))
    assert (out.report.time_column, out.dates[-1]) == ("DATE (MM/DD/YYYY) + MST", "2018-10-04 23:30:00")


@pytest.mark.parametrize("name", ["PM10", "value1", "x2", "UTC"])
def test_numbers_with_two_decimals_are_no_clock(read: Read, name: str) -> None:
    out = read(table(f"date,{name},other", *(f"{day},{10 + i % 9}.{10 + i},{i}" for i, day in enumerate(DAYS))))
    assert (out.report.time_column, out.quality.rejected_rows) == ("date", 0)
    assert name in out.report.metric_columns


def test_a_column_that_names_exceptions_names_no_metrics(read: Read) -> None:
    rows = (f"{day},{'a' if i < 4 else 'b' if i < 8 else ''},{100 + i if i < 4 else 3}" for i, day in enumerate(DAYS))
    assert read(table("date,original_name,acres", *rows)).report.metric_columns == ("acres",)
    ids = (f"{day},SPEC-{i},{i}" for i, day in enumerate(DAYS))
    assert read(table("date,result_measure_id,value", *ids)).report.metric_columns == ("value",)


def test_metrics_that_begin_late_in_the_file_become_columns_too(read: Read) -> None:
    rows = [f"{2000 + i // 12}-{i % 12 + 1:02}-01,m{n},{n * 1000 + i}" for n in range(9) for i in range(250)]
    assert len(read(table("date,indicator,value", *rows)).report.metric_columns) == 9


def test_coordinates_index_and_codes_are_no_metrics(read: Read) -> None:
    head = ",date,lat,lon,site_no,customerid,storenum,sales"
    rows = (f"{971 - 3 * i},{day},48.1,11.5,0123,{900 + i},{i},{i * 1.5}" for i, day in enumerate(DAYS))
    assert read(table(head, *rows)).report.metric_columns == ("sales",)


def test_a_name_that_ends_with_num_is_a_metric_unless_it_numbers_things(read: Read) -> None:
    out = read(
        table("confirmation_date,day_cum_abs_num,order_num", *(f"{day},{i * i},{i}" for i, day in enumerate(DAYS)))
    )
    assert out.report.metric_columns == ("day_cum_abs_num",)


def test_codes_with_one_strange_cell_are_still_codes(read: Read) -> None:
    out = read(
        "site_no\tdate\tflow\n15s\t20d\t14n\n" + "".join(f"02177000\t{day}\t{i}\n" for i, day in enumerate(DAYS))
    )
    assert out.report.metric_columns == ("flow",)


def test_events_with_coordinates_only_are_counted(read: Read) -> None:
    out = read(table("date,what,latitude,longitude", *(f"{day},fire,{i}.5,{2 * i}.25" for i, day in enumerate(DAYS))))
    assert out.report.metric_columns == ("rows",)


def test_the_average_of_ten_minutes_stands_before_its_deviation(read: Read) -> None:
    out = read(table("10 Min Std Dev,Time,10 Min Sampled Avg", *(f"{i}.2,{day},{i}.7" for i, day in enumerate(DAYS))))
    assert out.report.metric_columns == ("10 Min Sampled Avg", "10 Min Std Dev")


def test_groups_that_follow_each_other_are_a_dimension(read: Read) -> None:
    places = ("AUT", "BEL", "CZE", "DEU", "ESP", "FIN")
    months = [f"{2000 + i // 12}-{i % 12 + 1:02}" for i in range(240)]
    out = read(
        table("LOCATION,TIME,Value", *(f"{place},{month},{i}.5" for place in places for i, month in enumerate(months)))
    )
    assert roles(out)["LOCATION"] is ColumnRole.DIMENSION


def test_of_two_frequencies_the_finer_is_read(read: Read) -> None:
    rows = [f"2020-{m:02},M,{m}" for m in range(1, 13)] + ["2020-01,A,78"]
    out = read(table("TIME,FREQ,Value", *rows))
    assert len(out.rows) == 12
    assert any("mixes frequencies" in note for note in out.quality.notes)
    mixed = read(
        table(
            "TIME,Value",
            *(f"{y}-{m:02},1" for y in (2019, 2020) for m in range(1, 13)),
            *(f"{y}-Q{q},3" for y in (2019, 2020) for q in range(1, 5)),
        )
    )
    assert len(mixed.rows) == 24
    assert any("mixes months, quarters" in note for note in mixed.quality.notes)


def test_values_of_unlike_categories_are_never_averaged_without_a_word(read: Read) -> None:
    out = read(table("date,country,life", *(f"{day},{c},{70 + i}.5" for day in DAYS for i, c in enumerate("ABC"))))
    assert any("one for each “country”" in note for note in out.quality.notes)
    alone = read(table("date,country,life", *(f"{day},A,70.5" for day in DAYS)))
    assert not any("one for each" in note for note in alone.quality.notes)


def test_of_the_tables_in_a_json_text_the_one_with_times_is_read(read: Read) -> None:
    about = {name: {"description": name, "units": "W"} for name in ("P", "G", "H_sun", "T2m", "WS10m")}
    hourly = [{"time": f"20130101:{hour:02}10", "P": hour * 1.5} for hour in range(4)]
    out = read(json.dumps({"inputs": about, "outputs": {"hourly": hourly}, "meta": {"variables": about}}))
    assert (out.dates[0], out.report.metric_columns) == ("2013-01-01 00:10:00", ("P",))


def test_arrays_of_one_length_in_several_objects_are_one_table(read: Read) -> None:
    months = [f"2020-{month:02}" for month in range(1, 13)]
    value = {
        "name": "traffic",
        "time": {"index": list(range(12)), "format": "%Y-%m", "raw": months},
        "series": [{"label": "in", "raw": [5.5] * 12}, {"label": "out", "raw": [7.5] * 12}],
    }
    out = read(json.dumps(value))
    assert (out.report.time_column, out.report.metric_columns) == ("time.raw", ("series.in.raw", "series.out.raw"))


def test_records_lie_several_levels_deep(read: Read) -> None:
    points = [{"value": str(i), "qualifiers": ["P"], "dateTime": f"2024-01-{i:02}T00:00:00"} for i in range(1, 9)]
    series = [{"info": {"site": site}, "values": [{"value": points, "method": [{"id": 1}]}]} for site in ("A", "B")]
    out = read(json.dumps({"value": {"timeSeries": series}}))
    assert (len(out.rows), out.report.time_column, out.report.metric_columns[0]) == (16, "dateTime", "value")
    assert roles(out)["info.site"] is ColumnRole.DIMENSION


def test_a_header_that_names_a_time_is_the_header_below_others(read: Read) -> None:
    rows = (f"{day},{i}.5" for i, day in enumerate(DAYS))
    out = read(table("Back to Contents,Data 1: Henry Hub", "Sourcekey,RNGWHHD", "Date,Henry Hub Price", *rows))
    assert (out.report.time_column, out.report.metric_columns) == ("Date", ("Henry Hub Price",))


def test_the_sheet_of_the_series_is_read_rather_than_an_index_of_series(tmp_path: Path) -> None:
    index: list[list[Cell]] = [["Item", "Start", "Obs"]]
    index += [[f"series {i}", datetime.fromisoformat("1976-07-01"), 40] for i in range(3)]
    data: list[list[Cell]] = [["Date", "Bulls"]]
    data += [[datetime.fromisoformat(day), i * 1.5] for i, day in enumerate(DAYS)]
    path = tmp_path / "book.xlsx"
    path.write_bytes(xlsx({"Index": index, "Data1": data}))
    shown = DuckDBTableReader().preview(path, ParseOptions())
    sheet = next(guess for guess in shown.guesses if guess.field == "sheet")
    assert (shown.metric_columns, sheet.value, sheet.alternatives) == (("Bulls",), "Data1", ("Index",))


LOGS = {
    "apache error": "[Sun Dec 04 04:47:{0:02} 2005] [error] mod_jk child workerEnv in error state {0}",
    "spark": "17/06/09 20:10:{0:02} INFO storage.BlockManager: Found block rdd_42_{0} locally",
    "android": "03-17 16:13:{0:02}.146  1702  2395 D WindowManager: printFreezingDisplayLogs {0}",
    "syslog": "Jun 14 15:16:{0:02} combo sshd[19{0:03}]: authentication failure; logname= uid=0",
    "access": '10.0.0.{0} - - [29/Nov/2024:06:50:{0:02} +0000] "GET /a{0} HTTP/1.1" 200 {0}',
}


@pytest.mark.parametrize("line", LOGS.values(), ids=LOGS)
def test_a_log_is_refused_as_what_it_is(read: Read, line: str) -> None:
    with pytest.raises(BinaryFileError, match="is a log"):
        read("\n".join(line.format(i) + (" again" * (i % 3)) for i in range(30)))


def test_lines_with_columns_are_no_log(read: Read) -> None:
    out = read("\n".join(f"2024-01-01 00:{i:02}:00,INFO,{i},done" for i in range(30)))
    assert len(out.rows) == 30


def test_the_ids_of_a_survey_are_no_time(read: Read) -> None:
    rows = (f"{3_292_953_864 - 4_001 * i},{'Yes' if i % 3 else 'No'}" for i in range(40))
    with pytest.raises(NoTimeColumnError):
        read(table("RespondentID,answer", *rows))


def test_long_numbers_in_order_are_times_only_where_events_lie(read: Read) -> None:
    with pytest.raises(NoTimeColumnError):
        read(table("serial,value", *(f"{3_292_000_000 + 60 * i},{i % 7}" for i in range(40))))
    out = read(table("moment,value", *(f"{1_700_000_000 + 60 * i},{i % 7}" for i in range(40))))
    assert out.report.time_column == "moment"


def test_dates_outweigh_the_years_beside_them_in_whatever_order(read: Read) -> None:
    years = [year for year in range(1999, 2011) for _ in range(6)]
    rows = (f"{year},{1 + 5 * (i % 2)}/{13 + i % 6}/{year % 100:02},guest {i}" for i, year in enumerate(years))
    assert read(table("YEAR,Show,Guest", *rows)).report.time_column == "Show"


def test_months_as_decimal_years_may_lie_in_their_middle(read: Read) -> None:
    rows = (f"{1993 + (i + 0.5) / 12:.3f},{i % 9}.5" for i in range(60))
    out = read(table("Time,level", *rows))
    assert (out.dates[0], out.dates[1], out.dates[-1]) == (
        "1993-01-01 00:00:00",
        "1993-02-01 00:00:00",
        "1997-12-01 00:00:00",
    )


def test_unlike_categories_are_said_in_a_file_of_any_length(read: Read) -> None:
    rows = (f"{year},land {land},{year % 7 + land}.25,{'x' * 40}" for land in range(150) for year in range(2000, 2016))
    out = read(table("Year,Country,value,remark", *rows))
    assert any("one for each “Country”" in note for note in out.quality.notes)
