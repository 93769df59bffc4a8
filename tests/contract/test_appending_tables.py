"""Rows read like an earlier table, and both as one."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from adapters.duckdb.reader.reader import DuckDBTableReader
from domain.datasets.dataset import Appended
from domain.datasets.ingest_result import IngestResult
from domain.datasets.parse_options import ParseOptions
from domain.datasets.table_schema import TableShape
from domain.errors import ColumnsDifferError, NoTimeColumnError
from domain.ports.datasets import TableReader

EARLIER = "date,revenue,note\n2024-01-01,10,a\n2024-01-02,11,\n2024-01-03,12,c\n2024-01-03,13,d\n"


@pytest.fixture(params=["duckdb"])
def reader(request: pytest.FixtureRequest) -> TableReader:
    return {"duckdb": DuckDBTableReader}[request.param]()


def read(reader: TableReader, folder: Path, content: str, like: TableShape | None = None, **roles: Any) -> IngestResult:
    folder.mkdir()
    path = folder / "file"
    path.write_text(content)
    return reader.ingest(path, ParseOptions(**roles), folder / "out", lambda *_: None, like)


def shape(report: IngestResult) -> TableShape:
    return TableShape(columns=report.columns, time_column=report.time_column, metric_columns=report.metric_columns)


def rows(report: IngestResult) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        listed = ", ".join(f'"{column.name}"' for column in report.columns if column.name != report.time_column)
        found = connection.execute(f"SELECT t, {listed} FROM read_parquet('{report.table}')").fetchall()
    assert [row[0] for row in found] == sorted(row[0] for row in found)
    return sorted((f"{row[0]:%m-%d %H:%M}", *row[1:]) for row in found)


def both(reader: TableReader, tmp_path: Path, earlier: str, added: str, **roles: Any) -> IngestResult:
    first = read(reader, tmp_path / "one", earlier, **roles)
    second = read(reader, tmp_path / "two", added, shape(first), **roles)
    return reader.append(first.table, second, tmp_path / "both", ParseOptions())


def test_rows_behind_the_last_one_are_added(reader: TableReader, tmp_path: Path) -> None:
    report = both(reader, tmp_path, EARLIER, "date,revenue,note\n2024-01-05,20,x\n2024-01-04,21,y\n")
    assert [row[1] for row in rows(report)] == [10, 11, 12, 13, 21, 20]
    assert report.quality.appended == Appended(added_rows=2, kept_rows=4, replaced_rows=0, replaced_times=0)
    quality = report.quality
    assert (quality.total_rows, quality.usable_rows, quality.out_of_order_rows) == (6, 6, 1)
    assert (quality.duplicate_times, quality.duplicate_rows) == (1, 0)
    assert (str(report.first_time.date()), str(report.last_time.date())) == ("2024-01-01", "2024-01-05")


def test_every_earlier_row_of_a_time_gives_way_to_all_new_ones(reader: TableReader, tmp_path: Path) -> None:
    report = both(reader, tmp_path, EARLIER, "date,revenue,note\n2024-01-03,20,x\n2024-01-03,20,x\n2024-01-03,21,\n")
    assert rows(report)[2:] == [("01-03 00:00", 20, "x"), ("01-03 00:00", 20, "x"), ("01-03 00:00", 21, None)]
    assert report.quality.appended == Appended(added_rows=3, kept_rows=2, replaced_rows=2, replaced_times=1)
    assert (report.quality.duplicate_times, report.quality.duplicate_rows) == (2, 1)


def test_rows_older_than_all_others_come_first(reader: TableReader, tmp_path: Path) -> None:
    report = both(reader, tmp_path, EARLIER, "date,revenue,note\n2019-01-01,5,x\n")
    assert (report.row_count, str(report.first_time.date())) == (5, "2019-01-01")


def test_times_are_compared_as_instants_in_the_datasets_zone(reader: TableReader, tmp_path: Path) -> None:
    earlier = "when,x\n2024-07-01 12:00,1\n2024-07-01 13:00,2\n"
    report = both(reader, tmp_path, earlier, "when,x\n2024-07-01T10:00:00Z,7\n", time_zone="Europe/Berlin")
    assert rows(report) == [("07-01 10:00", 7), ("07-01 11:00", 2)]


def test_other_order_of_columns_and_other_format_make_no_difference(reader: TableReader, tmp_path: Path) -> None:
    report = both(reader, tmp_path, EARLIER, '[{"note": 7, "revenue": 1.5, "date": "2024-01-04T00:00:00"}]')
    assert rows(report)[-1] == ("01-04 00:00", 1.5, "7")


def test_text_that_looks_like_a_number_stays_as_it_is_written(reader: TableReader, tmp_path: Path) -> None:
    report = both(reader, tmp_path, EARLIER, "date,revenue,note\n2024-01-04,1,007\n")
    assert rows(report)[-1][2] == "007"


def test_a_metric_without_any_number_in_the_new_rows_is_missing_there(reader: TableReader, tmp_path: Path) -> None:
    report = both(reader, tmp_path, EARLIER, "date,revenue,note\n2024-01-04,,x\n2024-01-05,n/a,x\n")
    assert [row[1] for row in rows(report)][-2:] == [None, None]
    assert (report.quality.missing_cells, report.metric_columns) == (2, ("revenue",))


def test_a_column_that_was_empty_so_far_becomes_a_metric(reader: TableReader, tmp_path: Path) -> None:
    report = both(reader, tmp_path, "date,revenue,visits\n2024-01-01,1,\n", "date,revenue,visits\n2024-01-02,2,30\n")
    assert report.metric_columns == ("revenue", "visits")
    assert rows(report) == [("01-01 00:00", 1, None), ("01-02 00:00", 2, 30)]


def test_columns_called_like_the_tables_own_are_found_again(reader: TableReader, tmp_path: Path) -> None:
    report = both(reader, tmp_path, "when,T,t_2\n2024-01-01,1,x\n", "when,T,t_2\n2024-01-02,2,y\n")
    assert rows(report) == [("01-01 00:00", 1, "x"), ("01-02 00:00", 2, "y")]


def test_rejected_rows_of_the_new_file_are_counted_and_listed(reader: TableReader, tmp_path: Path) -> None:
    report = both(reader, tmp_path, EARLIER, "date,revenue,note\n2024-01-04,1,x\n2024-01-05,2,x\nnever,3,x\n")
    assert (report.quality.total_rows, report.quality.usable_rows, report.quality.rejected_rows) == (7, 6, 1)
    assert "4,date,never" in report.rejects.read_text()


def test_named_metrics_stay_the_only_ones(reader: TableReader, tmp_path: Path) -> None:
    report = both(reader, tmp_path, "date,a,b\n2024-01-01,1,2\n", "date,a,b\n2024-01-02,3,4\n", metric_columns=("b",))
    assert report.metric_columns == ("b",)
    assert rows(report) == [("01-01 00:00", "1", 2), ("01-02 00:00", "3", 4)]


@pytest.mark.parametrize(
    ("content", "details"),
    [
        ("date,revenue\n2024-01-04,1\n", {"missing": ["note"], "unknown": [], "changed": []}),
        ("date,revenue,note,x\n2024-01-04,1,a,2\n", {"missing": [], "unknown": ["x"], "changed": []}),
        ("day,revenue,note\n2024-01-04,1,a\n", {"missing": ["date"], "unknown": ["day"], "changed": []}),
        (
            "date,revenue,note\n2024-01-04,high,a\n2024-01-05,low,b\n",
            {"missing": [], "unknown": [], "changed": [{"column": "revenue", "before": "number", "after": "text"}]},
        ),
    ],
)
def test_other_columns_are_refused_with_what_differs_by_both_ways_of_looking(
    reader: TableReader, tmp_path: Path, content: str, details: dict[str, Any]
) -> None:
    like = shape(read(reader, tmp_path / "one", EARLIER))
    with pytest.raises(ColumnsDifferError) as refused:
        read(reader, tmp_path / "two", content, like)
    assert refused.value.details == details
    with pytest.raises(ColumnsDifferError):
        reader.preview(tmp_path / "two" / "file", ParseOptions(), like)


def test_a_column_of_time_without_times_is_refused(reader: TableReader, tmp_path: Path) -> None:
    like = shape(read(reader, tmp_path / "one", EARLIER))
    with pytest.raises(NoTimeColumnError, match="soon"):
        read(reader, tmp_path / "two", "date,revenue,note\nsoon,1,a\nlater,2,b\n", like)


def test_a_file_read_like_itself_is_the_same(reader: TableReader, tmp_path: Path) -> None:
    first = read(reader, tmp_path / "one", EARLIER)
    second = read(reader, tmp_path / "two", EARLIER, shape(first))
    assert (rows(first), shape(first), first.quality) == (rows(second), shape(second), second.quality)
