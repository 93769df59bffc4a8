"""Exports of services, instruments and offices: each kind in its smallest form, read right without hints."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.duckdb.reader.reader import DuckDBTableReader
from tests.support.tables import Outcome, ingest

DAYS = [f"2024-01-{day:02}" for day in range(1, 29)]
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre")


def read(folder: Path, content: str | bytes, **options: Any) -> Outcome:
    return ingest(DuckDBTableReader(), folder, content, **options)


def lines(*rows: str) -> str:
    return "\n".join(rows) + "\n"


def test_decimal_commas_do_not_divide_a_row(tmp_path: Path) -> None:
    rows = [f"Indice;{month} 2021;1{i},0{i % 10}" for i, month in enumerate(MONTHS)]
    out = read(tmp_path, lines("Libellé;Mois;Valeur, en %", *rows))
    assert (out.report.time_column, out.report.metric_columns) == ("Mois", ("Valeur, en %",))
    assert out.rows[1][0] == 11.01


def test_a_unit_in_the_name_makes_no_part_of_the_time(tmp_path: Path) -> None:
    rows = [f"{13 + i // 24:02}/01/2024;{i % 24}h00;{i % 20},5;{i % 12 + 1}" for i in range(240)]
    out = read(tmp_path, lines("Date;Heure;Température (°C);Pluie (mm)", *rows))
    assert set(out.report.metric_columns) == {"Température (°C)", "Pluie (mm)"}
    assert out.dates[1] == "2024-01-13 01:00:00"


def test_eurostat_keys_are_columns_and_flags_no_values(tmp_path: Path) -> None:
    rows = [f"A,PC,{geo}\t{i}.5 \t{i}.6 b\t: \t{i}.7 p\t{i}.8 e" for i, geo in enumerate(("AT", "BE", "DE", "FR"))]
    out = read(tmp_path, lines("freq,unit,geo\\TIME_PERIOD\t2015 \t2016 \t2017 \t2018 \t2019 ", *rows))
    assert out.report.metric_columns == ("value",)
    assert [column.name for column in out.report.columns] == ["freq", "unit", "geo", "year", "value"]
    assert len([row for row in out.rows if row[0] is not None]) == 16


@pytest.mark.parametrize("word", ["ND", "closed", "<1", "unavailable"])
def test_a_word_for_no_value_makes_no_text_of_numbers(tmp_path: Path, word: str) -> None:
    rows = [f"{day},{word if i % 4 == 0 else i + 0.5}" for i, day in enumerate(DAYS)]
    out = read(tmp_path, lines("date,yield", *rows))
    assert out.report.metric_columns == ("yield",)
    assert [row[0] for row in out.rows if row[0] is not None] == [i + 0.5 for i in range(28) if i % 4]


def test_every_series_of_an_array_is_read(tmp_path: Path) -> None:
    targets = [{"target": f"a.{n}", "datapoints": [[n * i, 1_700_000_000 + 60 * i] for i in range(30)]} for n in (1, 2)]
    out = read(tmp_path, json.dumps(targets))
    assert sorted(row[0] for row in out.rows) == sorted(float(n * i) for n in (1, 2) for i in range(30))


def test_a_header_and_cells_may_begin_with_a_number_sign(tmp_path: Path) -> None:
    orders = read(tmp_path, lines("Name,Paid at,Total", *(f"#{1001 + i},{day},{i}.5" for i, day in enumerate(DAYS))))
    assert (orders.report.row_count, orders.report.metric_columns) == (28, ("Total",))
    logger = read(tmp_path, lines('"#","Date Time","Temp"', *(f"{i},{day},{i}.5" for i, day in enumerate(DAYS))))
    assert logger.report.metric_columns == ("Temp",)


def test_names_stand_above_their_units_also_in_comments(tmp_path: Path) -> None:
    rows = [f"2024 01 {i // 24 + 1:02} {i % 24:02} 50 {i % 12}.5 {i % 9}.5" for i in range(96)]
    out = read(tmp_path, lines("#YY MM DD hh mm WSPD WVHT", "#yr mo dy hr mn m/s m", *rows))
    assert set(out.report.metric_columns) == {"WSPD", "WVHT"}
    assert out.dates[0] == "2024-01-01 00:50:00"


def test_names_that_come_again_are_told_apart_by_the_row_below(tmp_path: Path) -> None:
    rows = [f"{day},{i},{i + 100},{i + 7},{i + 200}" for i, day in enumerate(DAYS)]
    out = read(tmp_path, lines(",AAPL,AAPL,MSFT,MSFT", ",Close,Volume,Close,Volume", *rows))
    assert set(out.report.metric_columns) == {"AAPL Close", "AAPL Volume", "MSFT Close", "MSFT Volume"}


def test_years_and_names_of_months_without_names_are_a_time(tmp_path: Path) -> None:
    rows = [f"{year};{month};{year - 2000 + i},5;{i}" for year in (2021, 2022) for i, month in enumerate(MONTHS)]
    out = read(tmp_path, lines(";;Indice;Ventes", *rows))
    assert (set(out.report.metric_columns), out.dates[1]) == ({"Indice", "Ventes"}, "2021-02-01 00:00:00")


def test_a_period_beside_its_year_is_a_month(tmp_path: Path) -> None:
    rows = [f"CUUR\t{year}\tM{month:02}\t{200 + month}.5" for year in (2021, 2022) for month in range(1, 14)]
    out = read(tmp_path, lines("series_id\tyear\tperiod\tvalue", *rows))
    assert (out.report.time_column, out.report.row_count, out.quality.rejected_rows) == ("year + period", 24, 2)


def test_a_header_may_end_with_a_delimiter_that_rows_lack(tmp_path: Path) -> None:
    rows = [f"LNS,{year},Q0{quarter},{quarter}.5" for year in range(2015, 2022) for quarter in range(1, 5)]
    out = read(tmp_path, lines("Series id,Year,Period,Value,", *rows))
    assert (out.report.time_column, out.report.metric_columns) == ("Year + Period", ("Value",))
    assert out.dates[1] == "2015-04-01 00:00:00"


def test_codes_with_words_are_no_numbers_with_a_unit(tmp_path: Path) -> None:
    rows = [f"00 Riket,2016A00001,{day},{i}" for i, day in enumerate(DAYS)]
    assert read(tmp_path, lines("region,guid,day,count", *rows)).report.metric_columns == ("count",)


def test_the_number_of_a_record_is_no_metric(tmp_path: Path) -> None:
    rows = [f"{day},{i + 57},{i % 9}.5" for i, day in enumerate(DAYS)]
    assert read(tmp_path, lines("TIMESTAMP,RECORD,AirTC_Avg", *rows)).report.metric_columns == ("AirTC_Avg",)


def test_rows_that_two_columns_tell_apart_are_said(tmp_path: Path) -> None:
    rows = (
        f"{year},{age},{sex},{year + age + sex}" for year in range(2000, 2010) for age in (0, 5, 10) for sex in (1, 2)
    )
    out = read(tmp_path, lines("year,age,sex,people", *rows))
    assert any("one for each “age” and “sex”" in note for note in out.quality.notes)


def test_lines_may_end_with_returns_though_the_last_has_a_newline(tmp_path: Path) -> None:
    rows = "\r".join(["date,value", *(f"{day},{i}" for i, day in enumerate(DAYS))])
    assert read(tmp_path, rows + "\n").report.row_count == len(DAYS)


@pytest.mark.parametrize("name", ["v", "n", "t", "value", "c0", "u", "n0", "m_aware", "file_row_number"])
def test_a_column_may_be_called_anything(tmp_path: Path, name: str) -> None:
    rows = [f"{day},{'ab'[i % 2]},{i}" for i, day in enumerate(DAYS)]
    out = read(tmp_path, lines(f"date,shop,{name}", *rows))
    assert (out.report.row_count, out.quality.rejected_rows) == (28, 0)


@pytest.mark.parametrize(
    ("encoding", "header"),
    [
        ("windows-1250", "Data;Sprzedaż"), ("windows-1250", "Data;Wartość"), ("windows-1250", "Datum;Množství"),
        ("windows-1257", "Datums;Pārdošana"), ("iso-8859-15", "Datum;Größe"),
    ],
)  # fmt: skip
def test_letters_that_old_macs_have_elsewhere_stay_those_of_windows(tmp_path: Path, encoding: str, header: str) -> None:
    rows = [f"{day};{i}" for i, day in enumerate(DAYS)]
    out = read(tmp_path, lines(header, *rows).encode(encoding))
    assert out.report.metric_columns == (header.split(";")[1],)


def test_a_number_of_days_beside_a_month_is_no_day_of_it(tmp_path: Path) -> None:
    rows = [f"2024-{month:02},{28 + month % 4},{month}" for month in range(1, 13)]
    assert read(tmp_path, lines("Month,Day,sales", *rows)).report.time_column == "Month"


def test_whole_numbers_behind_a_year_and_a_month_are_no_days(tmp_path: Path) -> None:
    out = read(tmp_path, lines(*(f"{2010 + i // 12},{i % 12 + 1},{i * 7 % 31 + 1}" for i in range(120))))
    assert (out.report.metric_columns, out.dates[1]) == (("column_3",), "2010-02-01 00:00:00")


def test_a_semicolon_in_a_cell_divides_no_rows_of_whole_numbers(tmp_path: Path) -> None:
    rows = [f"{day},{i},{i};{i + 1}" for i, day in enumerate(DAYS)]
    assert read(tmp_path, lines("date,a,b", *rows)).report.metric_columns == ("a",)


def test_a_clock_without_a_name_beside_a_date_is_its_time(tmp_path: Path) -> None:
    rows = [f"2024.01.{13 + i // 24},{i % 24:02}:00,1.{100 + i},1.{200 + i}" for i in range(96)]
    out = read(tmp_path, lines(*rows))
    assert (out.report.time_column, out.dates[1]) == ("column_1 + column_2", "2024-01-13 01:00:00")


def test_a_clock_that_stands_still_is_no_part_of_the_time_and_no_metric(tmp_path: Path) -> None:
    out = read(tmp_path, lines("DATE,VALUE,TIME", *(f"{day},{i},2400" for i, day in enumerate(DAYS))))
    assert (out.report.time_column, out.dates[0], out.report.metric_columns) == (
        "DATE",
        "2024-01-01 00:00:00",
        ("VALUE",),
    )


def test_the_clock_is_told_by_its_name_in_other_languages(tmp_path: Path) -> None:
    rows = [f"2024-01-{1 + i // 24:02};{i % 24:02}:30;{50_000 + i}" for i in range(72)]
    out = read(tmp_path, lines("Date;Heures;Consommation", *rows))
    assert (out.report.time_column, out.dates[1]) == ("Date + Heures", "2024-01-01 01:30:00")


def test_a_name_may_be_a_number_among_words(tmp_path: Path) -> None:
    rows = [f"{i},{day},1.{i:02},{100 + i}.5,{7 + i}.5" for i, day in enumerate(DAYS)]
    out = read(tmp_path, lines(",Date,Price,Volume,4046", *rows))
    assert set(out.report.metric_columns) == {"Price", "Volume", "4046"}


def test_names_in_angle_brackets_are_no_xml(tmp_path: Path) -> None:
    rows = [f"SBER,{day.replace('-', '')},{i}.5" for i, day in enumerate(DAYS)]
    out = read(tmp_path, lines("<TICKER>,<DATE>,<CLOSE>", *rows))
    assert (out.report.time_column, out.report.metric_columns) == ("<DATE>", ("<CLOSE>",))


def test_several_objects_whose_keys_are_times_are_columns(tmp_path: Path) -> None:
    lists = {name: {"unit": "x", "list": {day: n * i for i, day in enumerate(DAYS)}} for n, name in enumerate("ab", 1)}
    out = read(tmp_path, json.dumps({"data": {"outdoor": lists}}))
    assert set(out.report.metric_columns) == {"a", "b"}
    assert out.rows[3] in {(3.0, 6.0), (6.0, 3.0)}


@pytest.mark.parametrize("sign", ["时", "時", "시"])
def test_hours_may_stand_before_their_sign(tmp_path: Path, sign: str) -> None:
    rows = [f"2024/01/{13 + i // 24} {i % 24}{sign},{i}" for i in range(72)]
    out = read(tmp_path, lines("时间,销量", *rows))
    assert (out.dates[0], out.dates[-1]) == ("2024-01-13 00:00:00", "2024-01-15 23:00:00")
