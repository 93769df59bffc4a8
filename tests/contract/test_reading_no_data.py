"""A number that stands for "no value" is an empty cell, and that is said; a number that is a record stays one."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.duckdb.reader.reader import DuckDBTableReader
from domain.datasets.parse_options import Shape
from tests.support.tables import Outcome, ingest

DAYS = [f"2024-01-{day:02}" for day in range(1, 31)]


def read(folder: Path, content: str, **options: Any) -> Outcome:
    return ingest(DuckDBTableReader(), folder, content, **options)


def series(values: dict[int, str], header: str = "date,temp") -> str:
    return header + "\n" + "".join(f"{day},{values.get(i, str(10 + i % 7))}\n" for i, day in enumerate(DAYS))


def said(out: Outcome) -> bool:
    return any("stands for “no value”" in note for note in out.quality.notes)


@pytest.mark.parametrize("sign", ["-9999", "-99.9", "-999.00", "-8888", "-99"])
def test_a_number_of_nines_far_below_all_others_is_empty(tmp_path: Path, sign: str) -> None:
    out = read(tmp_path, series({4: sign, 11: sign}))
    assert [out.rows[4][0], out.rows[11][0], out.rows[5][0]] == [None, None, 15.0]
    assert said(out)


def test_a_number_of_nines_far_above_all_others_is_empty_only_if_it_comes_again(tmp_path: Path) -> None:
    assert read(tmp_path, series({4: "9999", 11: "9999"})).rows[4][0] is None
    once = read(tmp_path, series({4: "9999"}))
    assert (once.rows[4][0], said(once)) == (9999.0, False)


@pytest.mark.parametrize("values", [{4: "-9", 5: "-3"}, {4: "99", 5: "60"}, {4: "-500"}, {4: "-999", 5: "-600"}])
def test_a_number_among_others_stays(tmp_path: Path, values: dict[int, str]) -> None:
    out = read(tmp_path, series(values))
    assert [out.rows[i][0] for i in values] == [float(text) for text in values.values()]
    assert not said(out)


def test_the_table_as_it_is_holds_the_number(tmp_path: Path) -> None:
    out = read(tmp_path, series({4: "-9999"}), shape=Shape.AS_IS)
    assert out.rows[4][0] == -9999.0


def test_lines_above_a_table_declare_it(tmp_path: Path) -> None:
    out = read(tmp_path, "# missing value: -999.9\n" + series({4: "-999.9"}))
    assert out.rows[4][0] is None
    assert any("as the file says" in note for note in out.quality.notes)


def test_a_remark_about_missing_data_declares_no_small_number(tmp_path: Path) -> None:
    out = read(tmp_path, "# missing data: 12 days\n" + series({}))
    assert [row[0] for row in out.rows] == [10.0 + i % 7 for i in range(len(DAYS))]


def test_a_column_declares_it_and_is_no_metric(tmp_path: Path) -> None:
    rows = "".join(f"{day},{-999999 if i == 3 else i},-999999\n" for i, day in enumerate(DAYS))
    out = read(tmp_path, "date,flow,noDataValue\n" + rows)
    assert out.report.metric_columns == ("flow",)
    assert out.rows[3][0] is None


def test_a_count_of_missing_values_declares_nothing(tmp_path: Path) -> None:
    rows = "".join(f"{day},{i},{i % 3}\n" for i, day in enumerate(DAYS))
    out = read(tmp_path, "date,flow,missing_values\n" + rows)
    assert set(out.report.metric_columns) == {"flow", "missing_values"}
    assert out.quality.missing_cells == 0


def test_a_key_of_a_json_text_declares_it(tmp_path: Path) -> None:
    records = [{"date": day, "flow": -1 if i == 3 else i} for i, day in enumerate(DAYS)]
    out = read(tmp_path, json.dumps({"metadata": {"noDataValue": -1}, "data": records}))
    assert out.rows[3][0] is None


def test_it_may_have_a_decimal_comma(tmp_path: Path) -> None:
    rows = "".join(f"{day};{'-999,0' if i == 4 else f'{i % 9},5'}\n" for i, day in enumerate(DAYS))
    out = read(tmp_path, "date;temp\n" + rows)
    assert (out.rows[4][0], out.rows[5][0]) == (None, 5.5)
    assert said(out)
