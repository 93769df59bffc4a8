"""What one file may hold: every limit refuses in words that name what was found, what is allowed, and the setting."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from msgspec.structs import fields

from adapters.duckdb.limits import MOST_NESTING, ReadLimits
from adapters.duckdb.reader.reader import DuckDBTableReader
from domain.errors import FileBeyondLimitError
from entrypoints.bootstrap.settings import Settings
from tests.support.tables import ingest
from tests.support.workbooks import xlsx

DAYS = [f"2024-01-{day:02}" for day in range(1, 31)]


def plain(columns: int = 1) -> str:
    head = ",".join(["date", *(f"v{i}" for i in range(columns))])
    return "\n".join([head, *(",".join([day, *["1"] * columns]) for day in DAYS)]) + "\n"


def nested(levels: int) -> str:
    """Records with one number so deep that the text has this many objects and arrays inside each other."""
    return json.dumps([{"date": day, "a": _wrapped(at + 0.5, levels - 2)} for at, day in enumerate(DAYS)])


def _wrapped(value: Any, levels: int) -> Any:
    return {"b": _wrapped(value, levels - 1)} if levels else value


def parquet(folder: Path, value: str) -> bytes:
    with duckdb.connect() as engine:
        engine.execute(f"COPY (SELECT '2024-01-01' AS date, {value} AS v) TO '{folder}/made' (FORMAT parquet)")
    return (folder / "made").read_bytes()


BEYOND: dict[str, tuple[ReadLimits, Callable[[], str | bytes], str]] = {
    "max_unpacked_bytes": (ReadLimits(max_unpacked_bytes=1_000), lambda: gzip.compress(b"a,b\n" * 999), "1,000"),
    "max_rows": (ReadLimits(max_rows=29), plain, "30 rows or more; up to 29"),
    "max_columns": (ReadLimits(max_columns=5), lambda: plain(columns=5), "6 columns or more; up to 5"),
    "max_nesting": (ReadLimits(max_nesting=4), lambda: nested(5), "5 levels"),
    "max_cells": (
        ReadLimits(max_cells=59),
        lambda: xlsx({"Sales": [["date", "v"], *([day, 1] for day in DAYS)]}),
        "62 cells in its sheet “Sales” or more; up to 59",
    ),
}


@pytest.mark.parametrize("limit", [field.name for field in fields(ReadLimits)])
def test_a_file_beyond_a_limit_is_refused_with_the_setting_that_allows_more(tmp_path: Path, limit: str) -> None:
    limits, content, words = BEYOND[limit]
    with pytest.raises(FileBeyondLimitError) as caught:
        ingest(DuckDBTableReader(limits=limits), tmp_path, content())
    assert words in caught.value.message
    assert f"DRIFTLINE_{limit.upper()}" in caught.value.message
    assert caught.value.details["limit"] == limit
    assert limit in Settings.__struct_fields__


@pytest.mark.parametrize("value", ["[[[[1.0]]]]", "{a: {b: {c: 1.0}}}"])
def test_nesting_in_parquet_is_limited_too(tmp_path: Path, value: str) -> None:
    with pytest.raises(FileBeyondLimitError, match="DRIFTLINE_MAX_NESTING"):
        ingest(DuckDBTableReader(limits=ReadLimits(max_nesting=2)), tmp_path, parquet(tmp_path, value))


@pytest.mark.parametrize("levels", [3, 12, 13, 20, 32, MOST_NESTING])
def test_no_value_that_is_read_lies_too_deep_to_become_a_column(tmp_path: Path, levels: int) -> None:
    outcome = ingest(DuckDBTableReader(limits=ReadLimits(max_nesting=MOST_NESTING)), tmp_path, nested(levels))
    assert outcome.report.metric_columns == (".".join(["a", *["b"] * (levels - 2)]),)
    assert [row[0] for row in outcome.rows] == [at + 0.5 for at in range(len(DAYS))]


def test_no_setting_allows_nesting_that_would_not_be_read() -> None:
    bound = next(meta for meta in Settings.__annotations__["max_nesting"].__metadata__ if meta.le is not None)
    assert bound.le == MOST_NESTING
