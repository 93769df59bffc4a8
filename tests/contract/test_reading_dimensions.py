"""Which columns group rows: counted in all rows when a file is read, in its head when it is looked at."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.duckdb.reader.reader import DuckDBTableReader
from domain.datasets.columns import ColumnRole, ColumnType
from domain.datasets.dimensions import MOST_VALUE_CHARACTERS, MOST_VALUES, SHOWN_VALUES, Dimension
from domain.datasets.ingest_result import IngestResult, Preview
from domain.datasets.parse_options import ParseOptions, TypedColumn
from domain.datasets.table_schema import TableShape
from domain.errors import ColumnNotFoundError, InvalidInputError

Read = Callable[..., IngestResult]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def made(content: str, name: str = "one", like: TableShape | None = None, **options: Any) -> IngestResult:
        path = tmp_path / f"{name}.csv"
        path.write_text(content)
        reader = DuckDBTableReader()
        return reader.ingest(path, ParseOptions(**options), tmp_path / name, lambda *_: None, like)

    return made


@pytest.fixture
def look(tmp_path: Path) -> Callable[..., Preview]:
    def made(content: str, **options: Any) -> Preview:
        path = tmp_path / "seen.csv"
        path.write_text(content)
        return DuckDBTableReader().preview(path, ParseOptions(**options))

    return made


def by_name(dimensions: tuple[Dimension, ...]) -> dict[str, Dimension]:
    return {one.name: one for one in dimensions}


def orders(rows: int = 600, stores: int = 7) -> str:
    draw = random.Random(3)
    lines = [
        f"2024-{1 + i // 60 % 12:02}-{1 + i % 28:02},{draw.choice(['North', 'South', ' South', ''])},"
        f"{draw.choice(['yes', 'no'])},{100 + draw.randrange(stores)},order number {i},{i}.5"
        for i in range(rows)
    ]
    return "\n".join(["date,region,paid,store_id,note,revenue", *lines]) + "\n"


def test_texts_yes_or_no_and_names_that_repeat_are_dimensions_with_their_values_by_share(read: Read) -> None:
    report = read(orders())
    found = by_name(report.dimensions)
    assert list(found) == ["region", "paid", "store_id"]
    assert (found["region"].distinct, found["paid"].distinct, found["store_id"].distinct) == (2, 2, 7)
    region = {one.value: one for one in found["region"].values}
    assert set(region) == {"North", "South", ""}  # blanks around a value are none of it; "" are empty cells
    assert sum(one.rows for one in region.values()) == report.row_count
    assert [one.rows for one in found["region"].values] == sorted((v.rows for v in region.values()), reverse=True)
    assert sum(one.share for one in found["region"].values) == pytest.approx(1.0)
    roles = {column.name: column.role for column in report.columns}
    assert roles == {
        "date": ColumnRole.TIME,
        "region": ColumnRole.DIMENSION,
        "paid": ColumnRole.DIMENSION,
        "store_id": ColumnRole.DIMENSION,
        "note": ColumnRole.OTHER,
        "revenue": ColumnRole.METRIC,
    }


def test_a_preview_shows_the_same_dimensions(read: Read, look: Callable[..., Preview]) -> None:
    seen = look(orders())
    assert seen.dimensions == read(orders()).dimensions
    assert [column.role for column in seen.columns if column.name == "note"] == [ColumnRole.OTHER]


def test_wide_columns_are_counted_in_all_rows_and_show_their_most_frequent_values(read: Read) -> None:
    rows = 5_000
    lines = [f"2024-01-{1 + i % 28:02},P-{i % 1_500},{'P-0' if i % 2 else f'Q-{i}'},{i}" for i in range(rows)]
    found = by_name(read("\n".join(["date,product,first,n", *lines]) + "\n").dimensions)
    assert found["product"].distinct == 1_500
    assert len(found["product"].values) == SHOWN_VALUES
    assert "first" not in found  # half of its rows have a value of their own


def test_names_of_rows_and_prose_are_no_dimensions(read: Read) -> None:
    rows = 2 * MOST_VALUES + 10
    lines = [f"2024-01-{1 + i % 28:02},N-{i // 2 % (MOST_VALUES + 1)},{i}" for i in range(rows)]
    assert read("\n".join(["date,name,n", *lines]) + "\n").dimensions == ()
    prose = "x" * (MOST_VALUE_CHARACTERS + 1)
    lines = [f"2024-01-{1 + i % 28:02},{prose if i % 2 else 'short'},{i}" for i in range(60)]
    assert read("\n".join(["date,text,n", *lines]) + "\n", "two").dimensions == ()


def test_the_user_says_which_columns_are_dimensions(read: Read, look: Callable[..., Preview]) -> None:
    table = orders(60)
    report = read(
        table, dimensions=("region", "revenue"), column_types=(TypedColumn(name="store_id", type=ColumnType.NUMBER),)
    )
    assert list(by_name(report.dimensions)) == ["region", "revenue"]
    assert by_name(report.dimensions)["revenue"].distinct == 60
    assert report.metric_columns == ("store_id",)
    assert by_name(look(table, dimensions=("note",)).dimensions)["note"].distinct == 60
    with pytest.raises(ColumnNotFoundError, match="colour"):
        read(table, "two", dimensions=("colour",))


def test_columns_that_the_user_excludes_are_no_dimensions_and_the_others_stay(
    read: Read, look: Callable[..., Preview]
) -> None:
    table = orders(200)
    assert list(by_name(read(table, not_dimensions=("region",)).dimensions)) == ["paid", "store_id"]
    all_three = ("region", "paid", "store_id")
    report = read(table, "two", not_dimensions=all_three)
    assert report.dimensions == look(table, not_dimensions=all_three).dimensions == ()
    assert report.metric_columns == ("revenue",)
    assert {column.name: column.role for column in report.columns}["region"] is ColumnRole.OTHER
    with pytest.raises(ColumnNotFoundError, match="colour"):
        look(table, not_dimensions=("colour",))
    with pytest.raises(InvalidInputError, match="“region” was chosen as a dimension"):
        look(table, dimensions=("region",), not_dimensions=("region",))


@pytest.mark.parametrize("options", [{"not_dimensions": ("paid", "store_id")}, {"dimensions": ("region",)}])
def test_rows_that_are_added_or_read_again_leave_out_what_the_user_excluded(
    options: dict[str, Any], read: Read, tmp_path: Path
) -> None:
    first = read(orders(200), **options)
    shape = TableShape(columns=first.columns, time_column=first.time_column, metric_columns=first.metric_columns)
    again = read(orders(200), "two", shape, **options)
    both = DuckDBTableReader().append(first.table, again, tmp_path / "both", ParseOptions(**options))
    assert [list(by_name(one.dimensions)) for one in (first, again, both)] == [["region"]] * 3


def test_a_version_is_read_again_without_a_dimension_that_is_excluded_since(read: Read) -> None:
    first = read(orders(200))
    shape = TableShape(columns=first.columns, time_column=first.time_column, metric_columns=first.metric_columns)
    again = read(orders(200), "two", shape, not_dimensions=("region", "store_id"))
    assert list(by_name(again.dimensions)) == ["paid"]


def test_added_rows_are_counted_with_the_earlier_ones(read: Read, tmp_path: Path) -> None:
    first = read(orders(200))
    shape = TableShape(columns=first.columns, time_column=first.time_column, metric_columns=first.metric_columns)
    added = read("date,region,paid,store_id,note,revenue\n2025-01-01,West,no,108,new,7\n", "two", shape)
    both = DuckDBTableReader().append(first.table, added, tmp_path / "both", ParseOptions())
    before, after = by_name(first.dimensions), by_name(both.dimensions)
    assert list(after) == ["region", "paid", "store_id"]
    assert after["region"].distinct == before["region"].distinct + 1
    assert after["store_id"].distinct == 8
    assert {c.name: c.role for c in both.columns} == {c.name: c.role for c in first.columns}


def test_a_file_that_is_read_again_has_the_same_dimensions(read: Read) -> None:
    first = read(orders(200))
    shape = TableShape(columns=first.columns, time_column=first.time_column, metric_columns=first.metric_columns)
    again = read(orders(200), "two", shape)
    assert (again.dimensions, again.columns) == (first.dimensions, first.columns)
