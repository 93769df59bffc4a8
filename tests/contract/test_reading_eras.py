"""Years of the Buddhist calendar: read as such in files in Thai, said in all others."""

from pathlib import Path

import pytest
from babel import Locale

from adapters.duckdb.reader.reader import DuckDBTableReader
from tests.support.tables import ingest

LONG = list(Locale.parse("th").months["format"]["wide"].values())
SHORT = list(Locale.parse("th").months["format"]["abbreviated"].values())
DAYS = [(month, day) for month in range(12) for day in (1, 15, 29 if month == 1 else 28)]  # 2567 is 2024, a leap year
CELLS = {
    "numbers": [f"{day:02}/{month + 1:02}/2567" for month, day in DAYS],
    "iso": [f"2567-{month + 1:02}-{day:02}" for month, day in DAYS],
    "long": [f"{day} {LONG[month]} 2567" for month, day in DAYS],
    "era": [f"วันที่ {day} {LONG[month]} พ.ศ. 2567" for month, day in DAYS],
    "short": [f"{day} {SHORT[month]} 67" for month, day in DAYS],
}


@pytest.mark.parametrize("kind", CELLS)
def test_years_of_a_thai_file_are_read_543_years_earlier(tmp_path: Path, kind: str) -> None:
    rows = "".join(f"{cell},{100 + i % 7}\n" for i, cell in enumerate(CELLS[kind]))
    out = ingest(DuckDBTableReader(), tmp_path, "วันที่,จำนวน\n" + rows)
    assert out.dates == [f"2024-{month + 1:02}-{day:02} 00:00:00" for month, day in DAYS]
    assert any("Buddhist calendar, 543 ahead" in note for note in out.quality.notes)


@pytest.mark.parametrize("kind", ["numbers", "iso"])
def test_years_far_ahead_are_said_where_nothing_is_thai(tmp_path: Path, kind: str) -> None:
    rows = "".join(f"{cell.replace('29', '28')},{100 + i % 7}\n" for i, cell in enumerate(CELLS[kind]))
    out = ingest(DuckDBTableReader(), tmp_path, "date,count\n" + rows)
    assert out.dates[0] == "2567-01-01 00:00:00"
    assert any("take 543 off" in note for note in out.quality.notes)


def test_a_thai_file_with_years_of_the_common_era_keeps_them(tmp_path: Path) -> None:
    rows = "".join(f"{cell.replace('2567', '2024')},{100 + i % 7}\n" for i, cell in enumerate(CELLS["iso"]))
    out = ingest(DuckDBTableReader(), tmp_path, "วันที่,จำนวน\n" + rows)
    assert out.dates[0] == "2024-01-01 00:00:00"
    assert not any("Buddhist" in note for note in out.quality.notes)
