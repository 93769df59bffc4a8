"""Months without a year are refused with what is missing and what to do."""

from pathlib import Path

import pytest

from adapters.duckdb.reader.reader import DuckDBTableReader
from domain.errors import NoTimeColumnError
from tests.support.tables import ingest

NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
GERMAN = [
    *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli"),
    *("August", "September", "Oktober", "November"),
]


@pytest.mark.parametrize(
    ("header", "months", "missing"),
    [
        ("Month", NAMES, "holds months without a year (“Jan”)"),
        ("Monat", GERMAN, "holds months without a year (“Januar”)"),
        ("Month", [str(month) for month in range(1, 13)], "holds months without a year (“1”)"),
        (
            "Month",
            [f"M{month}" for month in range(1, 37)],
            "counts from a beginning that the file does not give (“M1”)",
        ),
        ("Period", [f"Month {month}" for month in range(1, 37)], "counts from a beginning"),
    ],
)
def test_the_refusal_says_that_the_year_is_missing(
    tmp_path: Path, header: str, months: list[str], missing: str
) -> None:
    rows = "".join(f"{month},{100 + 7 * i}.5\n" for i, month in enumerate(months))
    with pytest.raises(NoTimeColumnError) as caught:
        ingest(DuckDBTableReader(), tmp_path, f"{header},Sales\n" + rows)
    assert missing in str(caught.value)
    with pytest.raises(NoTimeColumnError, match=r"without a year|counts from a beginning"):
        ingest(DuckDBTableReader(), tmp_path, f"{header},Sales\n" + rows, time_column=header)
    assert "Add the year" in str(caught.value) or "Write the date of each" in str(caught.value)
