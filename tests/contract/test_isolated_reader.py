"""Files are read in processes that can be ended: what one of them costs or breaks stays with it."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from adapters.duckdb.isolated.processes import CHILD, ReadingProcess
from adapters.duckdb.isolated.reader import IsolatedTableReader, ReaderBudget
from adapters.duckdb.limits import DEFAULT_LIMITS
from adapters.duckdb.reader.reader import DuckDBTableReader
from domain.datasets.parse_options import ParseOptions
from domain.errors import (
    ColumnNotFoundError,
    CrashedTooOftenError,
    MalformedFileError,
    ReadingTooCostlyError,
    UnavailableError,
)

TEXT = "date,revenue\n2024-01-01,24000\n2024-01-02,25500.5\n2024-01-03,nonsense\n2024-01-04,3\n2024-01-05,4\n"
MIB = 1024**2
BUDGET = ReaderBudget(
    threads=1,
    memory="200MB",
    memory_bytes=200 * MIB,
    own_memory_bytes=500 * MIB,
    preview_seconds=60,
    reading_seconds=60,
)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[IsolatedTableReader]:
    made = IsolatedTableReader(BUDGET, DEFAULT_LIMITS, tmp_path / "scratch", module="tests.support.reading_child")
    made._processes.open()
    yield made
    made._processes.close()


def file(tmp_path: Path, name: str = "plain.csv", text: str = TEXT) -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


def test_a_preview_is_the_same_as_in_the_process_itself(reader: IsolatedTableReader, tmp_path: Path) -> None:
    path = file(tmp_path)
    assert reader.preview(path, ParseOptions()) == DuckDBTableReader().preview(path, ParseOptions())


def test_a_whole_file_is_read_with_its_progress(reader: IsolatedTableReader, tmp_path: Path) -> None:
    path, parts = file(tmp_path), []
    result = reader.ingest(path, ParseOptions(), tmp_path / "out", lambda part, _message: parts.append(part))
    alone = DuckDBTableReader().ingest(path, ParseOptions(), tmp_path / "alone", lambda _part, _message: None)
    assert (result.row_count, result.columns, result.quality) == (alone.row_count, alone.columns, alone.quality)
    assert (result.table, result.rejects) == (tmp_path / "out" / "table.parquet", tmp_path / "out" / "rejects.csv")
    assert parts == sorted(parts)
    assert (parts[0], parts[-1]) == (0.0, 1.0)


def test_rows_are_added_to_a_table(reader: IsolatedTableReader, tmp_path: Path) -> None:
    first = reader.ingest(file(tmp_path), ParseOptions(), tmp_path / "one", lambda _part, _message: None)
    both = reader.append(first.table, first, tmp_path / "both", ParseOptions())
    assert both.row_count == first.row_count
    assert both.quality.appended is not None


def test_a_refusal_crosses_with_its_code_and_its_details(reader: IsolatedTableReader, tmp_path: Path) -> None:
    with pytest.raises(ColumnNotFoundError, match="“profit”") as caught:
        reader.preview(file(tmp_path, "refuses"), ParseOptions())
    assert caught.value.details == {"columns": ["a", "b"]}


@pytest.mark.parametrize("name", ["hangs", "spins"])
def test_a_file_that_takes_too_long_is_refused_and_the_next_one_is_read(
    reader: IsolatedTableReader, tmp_path: Path, name: str
) -> None:
    reader._budget = replace(BUDGET, preview_seconds=1)
    with pytest.raises(ReadingTooCostlyError, match=r"more than 1 s.*DRIFTLINE_PREVIEW_SECONDS") as caught:
        reader.preview(file(tmp_path, name), ParseOptions())
    assert caught.value.code == "reading_too_costly"
    reader._budget = BUDGET
    assert reader.preview(file(tmp_path), ParseOptions()).time_column == "date"


def test_a_file_that_takes_too_much_memory_is_refused_and_the_next_one_is_read(
    reader: IsolatedTableReader, tmp_path: Path
) -> None:
    with pytest.raises(ReadingTooCostlyError, match=r"0\.7 GiB of memory.*DRIFTLINE_READING_MEMORY_BYTES"):
        reader.preview(file(tmp_path, "eats"), ParseOptions())
    assert reader.preview(file(tmp_path), ParseOptions()).time_column == "date"


def test_a_file_that_ends_its_process_three_times_is_refused_and_the_next_one_is_read(
    reader: IsolatedTableReader, tmp_path: Path
) -> None:
    with pytest.raises(CrashedTooOftenError, match="3 times"):
        reader.preview(file(tmp_path, "dies"), ParseOptions())
    assert reader.preview(file(tmp_path), ParseOptions()).time_column == "date"


def test_a_fault_of_ours_is_a_refusal_without_its_traceback(reader: IsolatedTableReader, tmp_path: Path) -> None:
    with pytest.raises(MalformedFileError) as caught:
        reader.preview(file(tmp_path, "breaks"), ParseOptions())
    assert "KeyError" not in caught.value.message
    assert str(tmp_path) not in caught.value.message


def test_what_a_library_prints_does_not_disturb_the_answer(reader: IsolatedTableReader, tmp_path: Path) -> None:
    assert reader.preview(file(tmp_path, "prints"), ParseOptions()).time_column == "date"


@pytest.mark.parametrize("name", ["plain.csv", "hangs"])
def test_nothing_is_left_in_the_scratch_folder(reader: IsolatedTableReader, tmp_path: Path, name: str) -> None:
    reader._budget = replace(BUDGET, preview_seconds=1 if name == "hangs" else 60)
    with contextlib.suppress(ReadingTooCostlyError):
        reader.preview(file(tmp_path, name), ParseOptions())
    assert list((tmp_path / "scratch").iterdir()) == []


def test_the_processes_see_none_of_the_service_s_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTLINE_JWT_SECRET", "0123456789abcdef0123456789abcdef")
    reader = IsolatedTableReader(BUDGET, DEFAULT_LIMITS, tmp_path)
    process = ReadingProcess(reader._processes._setup, CHILD)  # one of this test's own, not one that it shares
    try:
        assert "DRIFTLINE_JWT_SECRET" not in psutil.Process(process._process.pid).environ()
    finally:
        process.end()


def test_closing_ends_what_is_being_read(reader: IsolatedTableReader, tmp_path: Path) -> None:
    caught: list[Exception] = []
    path = file(tmp_path)
    reader.preview(path, ParseOptions())
    (process,) = reader._processes._idle

    def read() -> None:
        try:
            reader.preview(file(tmp_path, "hangs"), ParseOptions())
        except Exception as error:  # noqa: BLE001 - the test looks at it
            caught.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    while not reader._processes._busy:
        pass
    reader._processes.close()
    thread.join(30)
    assert isinstance(caught[0], UnavailableError)
    assert not process.is_alive
    with pytest.raises(UnavailableError, match="shutting down"):
        reader.preview(path, ParseOptions())
