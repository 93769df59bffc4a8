"""Files of statistical offices: cubes in JSON, footnoted years, header rows of two levels, months without a century."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.duckdb.reader.reader import DuckDBTableReader
from tests.support.tables import Outcome, ingest
from tests.support.workbooks import Cell, xlsx

MONTHS = [f"{year}-{month:02}" for year in (2021, 2022) for month in range(1, 13)]


def read(folder: Path, content: str | bytes, **options: Any) -> Outcome:
    return ingest(DuckDBTableReader(), folder, content, **options)


def categories(labels: list[str]) -> dict[str, object]:
    return {"category": {"index": {label: i for i, label in enumerate(labels)}}}


@pytest.mark.parametrize("sparse", [False, True])
def test_json_stat_is_a_row_for_each_cell(tmp_path: Path, *, sparse: bool) -> None:
    values = list(range(2 * len(MONTHS)))
    cube = {
        "class": "dataset",
        "id": ["geo", "time"],
        "size": [2, len(MONTHS)],
        "dimension": {"geo": categories(["DE", "FR"]), "time": categories(MONTHS)},
        "value": {str(i): value for i, value in enumerate(values) if i != 5} if sparse else values,
    }
    out = read(tmp_path, json.dumps(cube))
    assert (out.report.time_column, out.report.metric_columns) == ("time", ("value",))
    assert sorted(out.rows) == sorted((float(i), "DE" if i < 24 else "FR") for i in values if not (sparse and i == 5))
    assert (out.dates[0], out.dates[-1]) == ("2021-01-01 00:00:00", "2022-12-01 00:00:00")


def sdmx(data_set: dict[str, object], series: list[object]) -> str:
    time = {"id": "TIME_PERIOD", "values": [{"id": month} for month in MONTHS]}
    dimensions = {"series": series, "observation": [time]}
    return json.dumps({"data": {"dataSets": [data_set], "structures": [{"dimensions": dimensions}]}})


def test_sdmx_json_is_a_row_for_each_observation(tmp_path: Path) -> None:
    currencies = {"id": "CURRENCY", "values": [{"id": "USD", "name": "US dollar"}, {"id": "JPY"}]}
    series = {str(c): {"observations": {str(i): [100 * c + i, 0] for i in range(24)}} for c in range(2)}
    out = read(tmp_path, sdmx({"series": series}, [currencies]))
    assert (out.report.time_column, out.report.metric_columns) == ("TIME_PERIOD", ("value",))
    assert sorted(out.rows) == sorted((100.0 * c + i, ("US dollar", "JPY")[c]) for c in range(2) for i in range(24))


def test_sdmx_json_without_series_is_read(tmp_path: Path) -> None:
    out = read(tmp_path, sdmx({"observations": {str(i): [i] for i in range(24)}}, []))
    assert [row[0] for row in out.rows] == [float(i) for i in range(24)]


def test_px_web_is_a_row_for_each_entry(tmp_path: Path) -> None:
    columns = [{"code": "Tid", "text": "år", "type": "t"}, {"code": "BE", "text": "Folkmängd", "type": "c"}]
    data = [{"key": [str(year)], "values": [str(8000 + year)]} for year in range(2000, 2020)]
    out = read(tmp_path, json.dumps({"columns": columns, "data": data}))
    assert (out.report.time_column, out.report.metric_columns) == ("år", ("Folkmängd",))
    assert out.rows[0] == (10_000.0,)


@pytest.mark.parametrize("mark", ["(a)", " (b)", "¹", " r", "p", "*", "(1)(2)", "[3]"])
def test_a_year_keeps_its_row_whatever_its_footnote(tmp_path: Path, mark: str) -> None:
    rows = "".join(f"{year}{mark if year % 5 == 0 else ''},{year % 7}\n" for year in range(1995, 2021))
    out = read(tmp_path, "Year,Index\n" + rows)
    assert (out.report.row_count, out.report.metric_columns) == (26, ("Index",))
    assert (out.dates[0], out.dates[-1]) == ("1995-01-01 00:00:00", "2020-01-01 00:00:00")


def test_years_without_a_name_may_carry_footnotes(tmp_path: Path) -> None:
    rows = "".join(f"{year}{'(a)' if year > 2015 else ''},{year % 7 + 0.5}\n" for year in range(1995, 2021))
    assert read(tmp_path, ",Persons\n" + rows).report.row_count == 26


@pytest.mark.parametrize("name", ["report.xls", "report.csv", "report"])
def test_a_workbook_is_told_by_its_content_whatever_its_name(tmp_path: Path, name: str) -> None:
    rows: list[list[Cell]] = [[f"2024-01-{day:02}", day] for day in range(1, 29)]
    content = xlsx({"Data": [["date", "sales"], *rows]})
    out = ingest(DuckDBTableReader(), tmp_path, content, name)
    assert out.report.row_count == 28


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("Region,Jan-24,,Feb-24,,Mar-24,\n,Sales,Cost,Sales,Cost,Sales,Cost\n", ("Sales", "Cost")),
        ("Region,Jan-24 Sales,Jan-24 Cost,Feb-24 Sales,Feb-24 Cost,Mar-24 Sales,Mar-24 Cost\n", ("Sales", "Cost")),
        (
            "Region,Sales_2024-01,Cost_2024-01,Sales_2024-02,Cost_2024-02,Sales_2024-03,Cost_2024-03\n",
            ("Sales", "Cost"),
        ),
    ],
)
def test_headers_of_a_time_and_a_name_are_turned(tmp_path: Path, header: str, names: tuple[str, ...]) -> None:
    out = read(tmp_path, header + "North,1,10,2,20,3,30\nSouth,4,40,5,50,6,60\nWest,7,70,8,80,9,90\n")
    assert out.report.metric_columns == names
    assert min(out.rows) == (1.0, 10.0, "North")
    assert (len(out.rows), out.dates[0], out.dates[-1]) == (9, "2024-01-01 00:00:00", "2024-03-01 00:00:00")
    assert out.quality.rejected_rows == 0


def test_years_over_quarters_are_one_time(tmp_path: Path) -> None:
    cells = "".join(f"{name},{','.join(str(k * 10 + i) for i in range(8))}\n" for k, name in enumerate("abc"))
    out = read(tmp_path, "Item,2021,,,,2022,,,\n,Q1,Q2,Q3,Q4,Q1,Q2,Q3,Q4\n" + cells)
    assert (len(out.rows), out.dates[-1]) == (24, "2022-10-01 00:00:00")


def test_two_years_beside_each_other_are_no_times(tmp_path: Path) -> None:
    out = read(
        tmp_path, "date,sales 2023,sales 2024\n" + "".join(f"2024-01-{d:02},{d},{d + 1}\n" for d in range(1, 29))
    )
    assert set(out.report.metric_columns) == {"sales 2023", "sales 2024"}


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        ([f"{y}-{m:02}" for y in (1, 2, 3) for m in range(1, 13)], "2001-01-01"),
        ([f"{y}-{m:02}" for y in (98, 99) for m in range(1, 13)], "1998-01-01"),
        ([f"{m:02}/{y}" for y in (18, 19) for m in range(1, 13)], "2018-01-01"),
    ],
)
def test_months_without_a_century_are_proven_by_their_order(tmp_path: Path, cells: list[str], first: str) -> None:
    out = read(tmp_path, "Month,Sales\n" + "".join(f"{cell},{i}\n" for i, cell in enumerate(cells)))
    assert (out.report.row_count, out.dates[0]) == (len(cells), f"{first} 00:00:00")
    assert any("gives no century" in note for note in out.quality.notes)


def test_a_month_with_its_year_and_a_day_are_one_date(tmp_path: Path) -> None:
    rows = "".join(f"{month} 2024,{day},{day}\n" for month in ("January", "February") for day in range(1, 29))
    out = read(tmp_path, "Month,Day,Sales\n" + rows)
    assert (out.report.metric_columns, out.dates[-1]) == (("Sales",), "2024-02-28 00:00:00")


def test_parts_of_a_date_without_names_are_told_by_how_they_rise(tmp_path: Path) -> None:
    lines = "".join(
        f"{y:5d}{m:3d}{d:3d}{d / 10:8.1f}\n" for y in (2021, 2022) for m in range(1, 13) for d in range(1, 29)
    )
    out = read(tmp_path, lines)
    assert (out.dates[0], out.dates[-1], len(out.rows[0])) == ("2021-01-01 00:00:00", "2022-12-28 00:00:00", 1)


def test_a_year_and_twelve_numbers_without_names_are_its_months(tmp_path: Path) -> None:
    lines = "".join(
        f"{y:5d}" + "".join(f"{(y * m) % 17 / 10:8.2f}" for m in range(1, 13)) + "\n" for y in range(1990, 2020)
    )
    out = read(tmp_path, lines)
    assert (len(out.rows), out.dates[1]) == (360, "1990-02-01 00:00:00")


@pytest.mark.parametrize(
    "text",
    [
        "20171223-22:15:29:606", "2017-12-23 22:15:29:606", "20171223 22:15:29.606", "2017-12-23-22.15.29.606",
        "20171223221529606", "20171223T221529.606", "2017/12/23-22:15:29.606", "2017:12:23 22:15:29.606",
    ],
)  # fmt: skip
def test_thousandths_are_read_behind_any_sign(tmp_path: Path, text: str) -> None:
    rows = "".join(f"{text.replace('23', f'{day}', 1)},{day}\n" for day in range(10, 29))
    out = read(tmp_path, "time,value\n" + rows)
    assert out.dates[0] == "2017-12-10 22:15:29.606000"


@pytest.mark.parametrize(
    ("encoding", "header"),
    [
        ("mac-roman", "Datum;Größe"), ("mac-roman", "date;Évry dépenses"), ("mac-roman", "data;média número"),
        ("cp850", "Datum;Größe"), ("cp850", "date;quantité"), ("cp874", "date;จำนวน"),
    ],
)  # fmt: skip
def test_letters_of_old_macs_of_dos_and_of_thai_are_kept(tmp_path: Path, encoding: str, header: str) -> None:
    rows = "".join(f"{day:02}.01.2024;{100 + day}\n" for day in range(1, 29))
    out = read(tmp_path, (header + "\n" + rows).encode(encoding))
    assert [out.report.time_column, *out.report.metric_columns] == header.split(";")


def test_an_index_of_prices_is_a_metric_though_it_differs_in_every_row(tmp_path: Path) -> None:
    rows = "".join(
        f"{year}-{month:02},{100 + 12 * (year - 2020) + month}\n" for year in (2020, 2021) for month in range(1, 13)
    )
    assert read(tmp_path, "Month,Index\n" + rows).report.metric_columns == ("Index",)
