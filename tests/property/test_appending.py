"""The law of adding rows: the same as one file of both in which the added rows win wherever both have a time."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.duckdb.reader.reader import DuckDBTableReader
from domain.datasets.ingest_result import IngestResult
from domain.datasets.parse_options import ParseOptions
from domain.datasets.table_schema import TableShape
from tests.support.tables import Outcome, outcome_of

READER = DuckDBTableReader()
START = datetime(2024, 3, 30)  # noqa: DTZ001 - a wall clock, hours before it skips one in Berlin

Row = tuple[datetime, float | None, str]
hours = st.integers(0, 60).map(lambda hour: START + timedelta(hours=hour))
row = st.tuples(hours, st.one_of(st.none(), st.integers(-9, 9).map(float)), st.sampled_from(["a", "b7", ""]))
tables = st.lists(row, min_size=1, max_size=12)
ZERO = (START - timedelta(hours=5), 0.0, "first")  # every file has a number in it


def text(rows: list[Row]) -> str:
    lines = [f"{time:%Y-%m-%d %H:%M},{'' if value is None else value},{note}" for time, value, note in rows]
    return "\n".join(["when,x,note", *lines, ""])


def read(folder: Path, rows: list[Row], zone: str, like: TableShape | None = None) -> IngestResult:
    folder.mkdir()
    path = folder / "file"
    path.write_text(text(rows))
    return READER.ingest(path, ParseOptions(time_zone=zone), folder / "out", lambda *_: None, like)


def instant(wall: datetime, zone: str) -> float:
    """Two wall clocks name one instant where an hour is skipped."""
    return wall.replace(tzinfo=ZoneInfo(zone)).timestamp()


def content(outcome: Outcome) -> list[tuple[object, ...]]:
    return sorted(zip(outcome.times, outcome.rows, strict=True), key=repr)


@given(tables, tables, st.sampled_from(["UTC", "Europe/Berlin"]))
@settings(max_examples=10, deadline=None)
def test_adding_rows_is_one_file_in_which_they_win(earlier: list[Row], added: list[Row], zone: str) -> None:
    earlier = [ZERO, *earlier]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = read(folder / "one", earlier, zone)
        like = TableShape(columns=first.columns, time_column=first.time_column, metric_columns=first.metric_columns)
        second = read(folder / "two", added, zone, like)
        both = outcome_of(READER.append(first.table, second, folder / "both", ParseOptions()))
        taken = {instant(time, zone) for time, *_ in added}
        stays = [one for one in earlier if instant(one[0], zone) not in taken]
        oracle = outcome_of(read(folder / "oracle", [*stays, *added], zone, like))
    assert content(both) == content(oracle)
    assert both.times == sorted(both.times)
    said, asked = both.quality, oracle.quality
    assert (said.duplicate_rows, said.duplicate_times, said.missing_cells) == (
        asked.duplicate_rows, asked.duplicate_times, asked.missing_cells
    )  # fmt: skip
    counts = said.appended
    assert (counts.added_rows, counts.kept_rows, counts.replaced_rows) == (
        len(added), len(stays), len(earlier) - len(stays)
    )  # fmt: skip
