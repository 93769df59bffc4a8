"""Each way of writing a number is read alike in Python (sample) and in SQL (whole file)."""

import duckdb
import pytest

from adapters.duckdb.reader.columns.decimal_signs import decimal_evidence
from adapters.duckdb.reader.columns.numbers import infer_number, is_missing, number_sql, parse_number

WRITTEN = {
    ("100.50", "103.50-"): (100.5, -103.5),
    ("100K", "0.115M", "1.2B"): (1e5, 1.15e5, 1.2e9),
    ("1,2k", "3k"): (1200, 3000),
    ("1K", "2", "3"): (1000, 2, 3),
    ("100 ms", "99ms"): (100, 99),
    ("20 m", "21 m"): (20, 21),
    ("5 kWh", "6 kWh"): (5, 6),
    ("0:01:40", "26:00:00", "1 day, 0:00:01"): (100, 93_600, 86_401),
    ("1.174,50 €", "€ 5,00", "-3,20 €"): (1174.5, 5, -3.2),
    ("5%", "6.1 %"): (5, 6.1),
    ("12.3 p", "12.4", "12.5 e", "11", "11", "10"): (12.3, 12.4, 12.5, 11, 11, 10),
    ("12*", "14[1]", "15†", "16"): (12, 14, 15, 16),
    ("(1,234.50)", "5"): (-1234.5, 5),
    ("1 234 567", "999"): (1_234_567, 999),
}


@pytest.mark.parametrize("cells", WRITTEN)
def test_a_way_of_writing_numbers_is_read(cells: tuple[str, ...]) -> None:
    votes = decimal_evidence(cells)
    form, share = infer_number(cells, "," if votes[","] > votes["."] else ".")
    sql = duckdb.connect().execute(f"SELECT {number_sql('c', form)} FROM (SELECT unnest($1) AS c)", [list(cells)])
    assert share == 1.0
    assert tuple(parse_number(cell, form) for cell in cells) == WRITTEN[cells]
    assert tuple(row[0] for row in sql.fetchall()) == WRITTEN[cells]


def test_a_factor_is_no_unit_and_a_unit_is_kept() -> None:
    assert infer_number(["100K", "2M"], ".")[0].unit is None
    assert infer_number(["100 ms", "2 ms"], ".")[0].unit == "ms"
    assert infer_number(["0:01:40"], ".")[0].unit == "s"


def test_letters_that_differ_from_row_to_row_are_no_units() -> None:
    assert infer_number(["1a", "2b", "3c", "4d"], ".")[1] == 0.0


@pytest.mark.parametrize("cell", ["***", "..", "n.a.", "#DIV/0!", "\u2013", ":"])
def test_what_stands_for_nothing_is_missing(cell: str) -> None:
    assert is_missing(cell)
