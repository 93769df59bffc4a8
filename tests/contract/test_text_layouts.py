"""Where the table is in a text, and what becomes of rows that are not quite of its shape."""

from pathlib import Path
from typing import Any

import pytest

from adapters.duckdb.reader.layout import find_layout
from adapters.duckdb.reader.reader import DuckDBTableReader
from domain.errors import MalformedFileError
from tests.support.tables import Outcome, ingest

DAYS = [f"2024-01-{day:02}" for day in range(1, 29)]
ROWS = [f"{date},{100 + i},{10 + i / 10:.1f}" for i, date in enumerate(DAYS)]
TABLE = "\n".join(["date,sales,temp", *ROWS]) + "\n"
WITH_NOTE = [f"{date},{100 + i},fine" for i, date in enumerate(DAYS)]


def read(folder: Path, text: str, **options: Any) -> Outcome:
    return ingest(DuckDBTableReader(), folder, text, **options)


def assert_whole(outcome: Outcome, rejects: int = 0) -> None:
    assert [date[:10] for date in outcome.dates] == DAYS
    assert [row[0] for row in outcome.rows] == [100 + i for i in range(28)]
    assert set(outcome.report.metric_columns) == {"sales", "temp"}
    assert len(outcome.rejects) == rejects


@pytest.mark.parametrize(
    ("text", "rejects"),
    [
        ("Weather report,,\n,,\n" + TABLE, 0),
        ("# made by a logger\n# zone, UTC\n" + TABLE, 0),
        ("Export of 2024-02-01\n\n" + TABLE, 0),
        ("sep=;\n" + TABLE.replace(",", ";"), 0),
        ('"sep=,"\n' + TABLE, 0),
        ("# " + TABLE, 0),
        ("#group,false,true\n#datatype,dateTime,double\n#default,,\n" + TABLE, 0),
        (TABLE + "\nTotal,3178,\nmade by a shop\n", 2),
        (TABLE + "\n" + TABLE, 28),
        (TABLE + "\nregion,cost,share\n2024-01-01,1,2\n", 1),
        (TABLE.replace(",", "   "), 0),
        ("\n".join("".join(cell.rjust(14) for cell in line.split(",")) for line in TABLE.splitlines()), 0),
        ("\n".join(",".join(f"'{cell}'" for cell in line.split(",")) for line in TABLE.splitlines()), 0),
        ("date,sales,temp\nyyyy-mm-dd,pieces,degrees\n" + "\n".join(ROWS), 1),
    ],
)
def test_the_table_is_found_whatever_stands_around_it(tmp_path: Path, text: str, rejects: int) -> None:
    assert_whole(read(tmp_path, text), rejects)


def test_group_headers_stand_before_names_that_come_again(tmp_path: Path) -> None:
    text = ",North,,South,\ndate,sales,cost,sales,cost\n" + "\n".join(f"{d},1,2,3,{i}" for i, d in enumerate(DAYS))
    assert set(read(tmp_path, text).report.metric_columns) == {"North sales", "North cost", "South sales", "South cost"}


def test_a_header_one_name_short_before_numbered_rows_leaves_the_first_column_nameless(tmp_path: Path) -> None:
    outcome = read(tmp_path, "date,sales,temp\n" + "\n".join(f"{i},{row}" for i, row in enumerate(ROWS, 1)))
    assert outcome.report.time_column == "date"
    assert {"sales", "temp"} <= set(outcome.report.metric_columns)


def test_a_header_whose_missing_name_nothing_tells_is_refused_or_said(tmp_path: Path) -> None:
    with pytest.raises(MalformedFileError, match="names 2 columns, but the rows have 3"):
        read(tmp_path, "date,sales\n" + "\n".join(ROWS))
    outcome = read(tmp_path, "date,sales,temp\n" + "\n".join(row + "," for row in ROWS))
    assert any("names do not fit" in note for note in outcome.quality.notes)


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        ("2024-01-11,110,fine,", True),
        ("2024-01-11,110,fine,,", True),
        ("2024-01-11,110", True),
        ("2024-01-11,110,hello, world", True),
        ('2024-01-11,110,10" pipe","b', False),
        ('2024-01-11,110,"10" pipe"', True),
        ('2024-01-11,110,"open', True),
        ("2024-01-11110,fine", False),
        ("2024-01-11,,110,fine", False),
        ("2024-01-11,1,10,fine", False),
        ("2024-01-11", False),
    ],
)
def test_a_row_is_kept_only_where_its_cells_stand_in_place(tmp_path: Path, row: str, *, kept: bool) -> None:
    lines = [*WITH_NOTE]
    lines[10] = row
    outcome = read(tmp_path, "date,sales,note\n" + "\n".join(lines) + "\n")
    assert outcome.report.row_count == (28 if kept else 27)
    assert [r["line"] for r in outcome.rejects] == ([] if kept else ["12"])
    assert all(
        value == 100 + int(date[8:10]) - 1 for date, (value, *_) in zip(outcome.dates, outcome.rows, strict=True)
    )


def test_rows_that_leave_empty_last_cells_out_keep_their_place(tmp_path: Path) -> None:
    rows = [f"{d};{i};{i + 1};{i}" if i < 10 else f"{d};{i};{i + 1}" for i, d in enumerate(DAYS)]
    outcome = read(tmp_path, "date;north;south;old\n" + "\n".join(rows))
    assert outcome.report.row_count == 28
    assert any("18 rows had a cell more or less" in note for note in outcome.quality.notes)


def test_rows_above_a_table_of_another_width_are_listed(tmp_path: Path) -> None:
    text = "\n".join([*(f"{d},{i},{i},{i}" for i, d in enumerate(DAYS[:5])), *ROWS])
    outcome = read(tmp_path, text)
    assert len(outcome.rejects) == 5


def test_one_broken_cell_over_many_lines_is_one_reject(tmp_path: Path) -> None:
    broken = '2024-01-11,110,"a long' + "\nand no row at all" * 5_000
    text = "\n".join(["date,sales,note", *WITH_NOTE[:10], broken, *WITH_NOTE[11:]]) + "\n"
    outcome = read(tmp_path, text)
    assert (outcome.report.row_count, len(outcome.rejects)) == (27, 1)


def test_quotes_escaped_by_a_backslash_read(tmp_path: Path) -> None:
    lines = [f'{d},{100 + i},"say \\"hi, you\\" now"' for i, d in enumerate(DAYS)]
    outcome = read(tmp_path, "date,sales,note\n" + "\n".join(lines))
    assert (outcome.report.row_count, outcome.rows[0][1]) == (28, 'say "hi, you" now')


def test_times_as_columns_are_names() -> None:
    months = ",".join(f"2024-{m:02}-01" for m in range(1, 9))
    text = f"region,{months}\nNorth,1,2,3,4,5,6,7,8\nSouth,2,3,4,5,6,7,8,9\nWest,2,3,4,5,6,7,8,9\n"
    assert find_layout(text.encode(), complete=True).names[:2] == ("region", "2024-01-01")
