"""What a table costs in memory while it is written does not grow with its columns."""

from pathlib import Path

import duckdb
import pytest

from adapters.duckdb.engine import GROUP_CELLS, GROUP_ROWS, VECTOR_ROWS, parquet
from adapters.duckdb.reader.reader import DuckDBTableReader
from domain.datasets.parse_options import ParseOptions
from domain.errors import ReadingTooCostlyError


def unheard(_fraction: float, _message: str) -> None:
    """Progress that is not reported."""


def wide(tmp_path: Path, columns: int, rows: int) -> Path:
    metrics = columns - 1
    file = tmp_path / "wide.csv"
    line = ",".join(str(number) for number in range(metrics))
    head = f"at,{','.join(f'm{number}' for number in range(metrics))}\n"
    times = (f"2024-01-{1 + row // 1440:02d}T{row // 60 % 24:02d}:{row % 60:02d}:00" for row in range(rows))
    file.write_text(head + "".join(f"{time},{line}\n" for time in times))
    return file


@pytest.mark.slow
def test_a_file_that_needs_more_memory_than_there_is_says_so_in_words(tmp_path: Path) -> None:
    with pytest.raises(
        ReadingTooCostlyError, match=r"more than 30MB of memory. Allow more \(DRIFTLINE_PROCESSING_MEMORY\)"
    ):
        DuckDBTableReader(memory="30MB").ingest(wide(tmp_path, 300, 12_000), ParseOptions(), tmp_path / "out", unheard)


@pytest.mark.parametrize(("columns", "rows"), [(300, 12_000), (3, 12_000)])
@pytest.mark.slow
def test_no_row_group_holds_more_cells_than_memory_is_meant_for(tmp_path: Path, columns: int, rows: int) -> None:
    report = DuckDBTableReader().ingest(wide(tmp_path, columns, rows), ParseOptions(), tmp_path / "out", unheard)
    groups = duckdb.sql(
        f"SELECT DISTINCT row_group_id, row_group_num_rows FROM parquet_metadata('{report.table}')"
    ).fetchall()
    assert sum(count for _, count in groups) == report.row_count == rows
    assert max(count for _, count in groups) * columns <= GROUP_CELLS + VECTOR_ROWS * columns
    assert len(groups) == (2 if columns == 300 else 1)


@pytest.mark.parametrize(("columns", "rows"), [(1, GROUP_ROWS), (20, GROUP_ROWS), (300, 8_333), (5_000, VECTOR_ROWS)])
def test_narrow_tables_keep_the_usual_groups_and_the_widest_whole_vectors(columns: int, rows: int) -> None:
    assert parquet(Path("t"), columns).endswith(f"ROW_GROUP_SIZE {rows})")
