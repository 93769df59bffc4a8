"""Numbers with a flag of quality behind a comma, as weather stations exchange them."""

from pathlib import Path

from adapters.duckdb.reader.reader import DuckDBTableReader
from tests.support.tables import ingest

DAYS = [f"2024-01-{day:02}" for day in range(1, 29)]


def rows(cell: str) -> str:
    """Return a table whose values begin with padded numbers from -9 to 18."""
    lines = (f'{day},"{cell.format(i - 9, (1, 5, 1, 1)[i % 4], i % 10)}"' for i, day in enumerate(DAYS))
    return "DATE,TMP\n" + "\n".join(lines) + "\n"


def test_the_digit_behind_a_padded_number_is_a_flag(tmp_path: Path) -> None:
    out = ingest(DuckDBTableReader(), tmp_path, rows("{:+05d},{}"))
    assert [row[0] for row in out.rows] == [i - 9 for i in range(28)]
    assert any("flag of quality" in note for note in out.quality.notes)


def test_no_value_with_a_flag_is_empty(tmp_path: Path) -> None:
    text = rows("{:+05d},{}").replace('"+0003,1"', '"+9999,9"').replace('"-0002,1"', '"+9999,9"')
    values = [row[0] for row in ingest(DuckDBTableReader(), tmp_path, text).rows]
    assert 9999 not in values


def test_padded_fractions_keep_their_decimal_comma(tmp_path: Path) -> None:
    out = ingest(DuckDBTableReader(), tmp_path, rows("{0:+05d},{2}"))
    assert [row[0] for row in out.rows][10] == 1.0
    assert [row[0] for row in out.rows][11] == 2.1


def test_the_user_says_that_the_comma_is_decimal(tmp_path: Path) -> None:
    out = ingest(DuckDBTableReader(), tmp_path, rows("{:+05d},{}"), decimal_comma=True)
    assert [row[0] for row in out.rows][10] == 1.1
