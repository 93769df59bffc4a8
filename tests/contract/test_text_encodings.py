"""A text in any common encoding keeps its letters, and what was guessed is said."""

from pathlib import Path

import pytest

from adapters.duckdb.reader.reader import DuckDBTableReader
from tests.support.tables import ingest

ROWS = "".join(f"{day:02}.01.2024;{100 + day}\n" for day in range(1, 29))


@pytest.mark.parametrize(
    ("encoding", "header"),
    [
        ("windows-1251", "Дата;Выручка"),
        ("koi8-r", "Дата;Выручка"),
        ("cp866", "Дата;Выручка"),
        ("iso8859-5", "Дата;Выручка"),
        ("windows-1253", "Ημερομηνία;Πωλήσεις"),
        ("windows-1255", "תאריך;מכירות"),
        ("windows-1256", "التاريخ;المبيعات"),
        ("shift_jis", "日付;売上"),
        ("gb18030", "日期;销售额"),
        ("big5", "日期;銷售額"),
        ("euc-kr", "날짜;매출액"),
        ("windows-1252", "Datum;Erlös"),
        ("windows-1250", "Dzień;Sprzedaż"),
        ("windows-1254", "Gün;Satış"),  # noqa: RUF001 - a Turkish letter
    ],
)
def test_names_keep_their_letters_in_every_common_encoding(tmp_path: Path, encoding: str, header: str) -> None:
    outcome = ingest(DuckDBTableReader(), tmp_path, (header + "\n" + ROWS).encode(encoding))
    assert [outcome.report.time_column, *outcome.report.metric_columns] == header.split(";")
    assert any(f"was read as {encoding} (“" in note for note in outcome.quality.notes)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_reads_the_same_in_all_its_encodings(tmp_path: Path, encoding: str) -> None:
    outcome = ingest(DuckDBTableReader(), tmp_path, ("Datum;Erlös\n" + ROWS).encode(encoding))
    assert [outcome.report.time_column, *outcome.report.metric_columns] == ["Datum", "Erlös"]
    assert len(outcome.rows) == 28
