"""Numbers as they were meant, or rejects with their line, column and value."""

from typing import Any

import pytest


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
