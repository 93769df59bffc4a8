"""What stands beside the rows? Every store gives the same texts for the same stretches."""

from pathlib import Path

import duckdb
import numpy as np
import pytest
from msgspec.structs import replace

from domain.analysis.suggested_reasons import MOST_CHARACTERS, MOST_TEXTS
from domain.datasets.columns import Column, ColumnType
from domain.datasets.ingest_result import IngestResult
from domain.ports.datasets import Records
from tests.contract.test_records import DAY, HOUR, SPRING, report_of
from tests.support.builders import a_dataset

TEXTS = {0: "flash sale", 1: "  Diwali  ", 2: "", 3: "   ", 5: "Über-Aktion", 6: "flash sale", 30: "x" * 900}


def report_with_notes(folder: Path, texts: dict[int, str] | None = None, rows: int = 48) -> IngestResult:
    """Hourly rows from SPRING on, with a column of notes."""
    report = report_of(folder, SPRING + HOUR * np.arange(rows), sales=np.arange(float(rows)))
    told = TEXTS if texts is None else texts
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE made AS FROM '{report.table}'")
        connection.execute('ALTER TABLE made ADD COLUMN "Note ""x""" VARCHAR')
        for hour, text in told.items():
            connection.execute(
                'UPDATE made SET "Note ""x""" = ? WHERE epoch_us(t) = ?', [text, int(SPRING + HOUR * hour)]
            )
        connection.execute(f"COPY (FROM made ORDER BY t) TO '{report.table}' (FORMAT parquet)")
    columns = (
        Column(name="t", type=ColumnType.TIME),
        Column(name="sales", type=ColumnType.NUMBER),
        Column(name='Note "x"', type=ColumnType.TEXT),
    )
    return replace(report, columns=columns)


def hours(first: int, end: int) -> tuple[int, int]:
    return (SPRING + HOUR * first, SPRING + HOUR * end)


async def test_texts_of_a_stretch_come_once_each_in_order_of_time(records: Records, tmp_path: Path) -> None:
    dataset = a_dataset()
    await records.store(dataset, report_with_notes(tmp_path))
    asked = [hours(0, 24), hours(5, 6), hours(1, 1), hours(2, 5), hours(6, 7), (SPRING - DAY, SPRING)]
    assert await records.texts(dataset, 'Note "x"', asked) == (
        ("flash sale", "Diwali", "Über-Aktion"),
        ("Über-Aktion",),
        (),
        (),
        ("flash sale",),
        (),
    )
    ((cut,),) = await records.texts(dataset, 'Note "x"', [hours(24, 48)])
    assert cut == "x" * MOST_CHARACTERS


async def test_no_more_than_a_few_texts_are_given_of_many(records: Records, tmp_path: Path) -> None:
    dataset = a_dataset()
    await records.store(dataset, report_with_notes(tmp_path, {hour: f"note {hour}" for hour in range(48)}))
    (found,) = await records.texts(dataset, 'Note "x"', [hours(0, 48)])
    assert found == tuple(f"note {hour}" for hour in range(MOST_TEXTS))
    many = await records.texts(dataset, 'Note "x"', [hours(at % 48, at % 48 + 1) for at in range(300)])
    assert many == tuple((f"note {at % 48}",) for at in range(300))


@pytest.mark.parametrize("column", ["sales", "reason", "t"])
async def test_a_column_that_is_no_text_says_nothing(records: Records, tmp_path: Path, column: str) -> None:
    dataset = a_dataset()
    await records.store(dataset, report_with_notes(tmp_path))
    assert await records.texts(dataset, column, [hours(0, 24)]) == ((),)


async def test_texts_go_with_their_version(records: Records, tmp_path: Path) -> None:
    first, second = a_dataset(version=1), a_dataset(version=2)
    await records.store(first, report_with_notes(tmp_path / "a"))
    await records.store(second, report_with_notes(tmp_path / "b", {0: "other"}))
    assert await records.texts(second, 'Note "x"', [hours(0, 24)]) == (("other",),)
    await records.delete(first.id, 1)
    assert await records.texts(first, 'Note "x"', [hours(0, 24)]) == ((),)
    assert await records.texts(second, 'Note "x"', [hours(0, 24)]) == (("other",),)
    await records.store(second, report_with_notes(tmp_path / "c", {0: "newer"}))
    assert await records.texts(second, 'Note "x"', [hours(0, 24)]) == (("newer",),)
