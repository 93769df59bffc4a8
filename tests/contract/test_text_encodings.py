"""A text in any common encoding keeps its letters, and what was guessed is said."""

from pathlib import Path

import pytest

from adapters.duckdb.reader.latin_letters import OLD
from adapters.duckdb.reader.reader import DuckDBTableReader
from adapters.duckdb.reader.text_encoding import DOUBLE_BYTE, LATIN, OTHER_ALPHABETS
from domain.datasets.parse_options import Encoding
from tests.support.tables import ingest

ROWS = "".join(f"{day:02}.01.2024;{100 + day}\n" for day in range(1, 29))


@pytest.mark.parametrize(
    ("encoding", "header"),
    [
        ("windows-1251", "Дата;Выручка"),
        ("koi8-r", "Дата;Выручка"),
        ("cp866", "Дата;Выручка"),
        ("iso-8859-5", "Дата;Выручка"),
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


@pytest.mark.parametrize(
    ("encoding", "header"),
    [
        ("windows-1252", "Œuvres"), ("windows-1252", "Ärzte"), ("windows-1252", "Šport"), ("mac-roman", "élan"),
        ("windows-1252", "À payer"), ("windows-1252", "Total €"), ("shift_jis", "気温"), ("euc-kr", "매출"),
    ],
)  # fmt: skip
def test_a_lone_word_that_begins_with_a_foreign_letter_is_no_east_asian_character(
    tmp_path: Path, encoding: str, header: str
) -> None:
    outcome = ingest(DuckDBTableReader(), tmp_path, f"date;{header}\n{ROWS}".encode(encoding))
    assert outcome.report.metric_columns == (header,)


@pytest.mark.parametrize("encoding", [each for each in Encoding if each not in {Encoding.UTF_8, Encoding.UTF_16}])
def test_every_encoding_that_is_guessed_or_offered_can_be_chosen(tmp_path: Path, encoding: Encoding) -> None:
    cyrillic = dict.fromkeys(("windows-1251", "koi8-r", "cp866", "iso-8859-5"), "Дата")
    asian = {
        "shift_jis": "売上",
        "euc-jp": "売上",
        "gb18030": "销售",
        "big5": "銷售",
        "euc-kr": "날짜",
        "cp874": "จำนวน",
    }
    others = {"windows-1253": "Πωλήσεις", "windows-1255": "מכירות", "windows-1256": "المبيعات", "windows-1257": "Dārb"}
    name = {**cyrillic, **asian, **others, "windows-1250": "Dzień"}.get(encoding, "Größe")
    content = f"date;{name}\n{ROWS}".encode(encoding)
    outcome = ingest(DuckDBTableReader(), tmp_path, content, encoding=encoding)
    assert outcome.report.metric_columns == (name,)


def test_whatever_is_guessed_can_be_chosen() -> None:
    assert {*LATIN, *OTHER_ALPHABETS, *OLD, *(each.name for each in DOUBLE_BYTE), "iso-8859-1"} <= set(Encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_reads_the_same_in_all_its_encodings(tmp_path: Path, encoding: str) -> None:
    outcome = ingest(DuckDBTableReader(), tmp_path, ("Datum;Erlös\n" + ROWS).encode(encoding))
    assert [outcome.report.time_column, *outcome.report.metric_columns] == ["Datum", "Erlös"]
    assert len(outcome.rows) == 28
