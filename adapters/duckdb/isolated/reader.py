"""``TableReader`` whose work is done by reading processes, with limits on their time and memory."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from typing_extensions import override

from adapters.duckdb.isolated import messages as wire
from adapters.duckdb.isolated.processes import CHILD, DiedError, ReadingProcesses, TooLongError
from adapters.duckdb.limits import ReadLimits
from domain import errors
from domain.datasets.ingest_result import IngestResult, Preview
from domain.datasets.parse_options import ParseOptions
from domain.datasets.table_schema import TableShape
from domain.ports.datasets import TableReader

Report = Callable[[float, str], None]
MAX_DEATHS: Final = 3  # one may be the operating system's choice when memory runs out; a third is the file's doing
GIB: Final = 1024**3

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderBudget:
    """What reading one file may cost.

    Attributes:
        threads: of DuckDB.
        memory: of DuckDB before it spills to disk, in its words.
        memory_bytes: the same in bytes.
        own_memory_bytes: for the rest of the process: Python, numpy and the libraries' code.
        preview_seconds: for a look at a file's head.
        reading_seconds: for the whole file.
    """

    threads: int
    memory: str
    memory_bytes: int
    own_memory_bytes: int
    preview_seconds: int
    reading_seconds: int

    @property
    def address_space_bytes(self) -> int:
        """What a reading process may ask for in all."""
        return self.memory_bytes + self.own_memory_bytes


class IsolatedTableReader(TableReader):
    """Has files read in processes of their own.

    Args:
        budget: what a file may cost.
        limits: what a file may hold.
        scratch: where unpacked copies of a preview lie; the folder is made when it is needed.
        module: what the processes run.
    """

    def __init__(self, budget: ReaderBudget, limits: ReadLimits, scratch: Path, module: str = CHILD) -> None:
        self._budget = budget
        self._scratch = scratch
        # DuckDB's spilled blocks and Python's copies are files too: each may be as large as the unpacked file.
        setup = wire.Setup(
            threads=budget.threads,
            memory=budget.memory,
            address_space_bytes=budget.address_space_bytes,
            file_bytes=limits.max_unpacked_bytes + GIB,
            limits=limits,
        )
        self._processes = ReadingProcesses(setup, module=module)

    async def open(self) -> None:
        """Start a process ahead of its use."""
        await asyncio.to_thread(self._processes.open)

    async def close(self) -> None:
        """End every process, also those that read: what waits for them gets UnavailableError."""
        await asyncio.to_thread(self._processes.close)

    @override
    def preview(self, path: Path, options: ParseOptions, like: TableShape | None = None) -> Preview:
        with self._folder() as work:
            seconds = self._budget.preview_seconds
            answer = self._ask(
                wire.PreviewRequest(path=path.absolute(), options=options, like=like, work=work, seconds=seconds),
                _ignore,
                "DRIFTLINE_PREVIEW_SECONDS",
            )
        assert isinstance(answer, wire.Previewed)  # noqa: S101 - the answer to this request
        return answer.preview

    @override
    def ingest(
        self, path: Path, options: ParseOptions, into: Path, report: Report, like: TableShape | None = None
    ) -> IngestResult:
        request = wire.IngestRequest(
            path=path.absolute(), options=options, like=like, into=into.absolute(), seconds=self._budget.reading_seconds
        )
        return self._result(request, report)

    @override
    def append(self, earlier: Path, added: IngestResult, into: Path, options: ParseOptions) -> IngestResult:
        seconds = self._budget.reading_seconds
        request = wire.AppendRequest(
            earlier=earlier.absolute(), added=added, into=into.absolute(), options=options, seconds=seconds
        )
        return self._result(request, _ignore)

    def _result(self, request: wire.Request, report: Report) -> IngestResult:
        answer = self._ask(request, report, "DRIFTLINE_READING_SECONDS")
        assert isinstance(answer, wire.Ingested)  # noqa: S101 - the answer to these requests
        return answer.result

    def _ask(self, request: wire.Request, report: Report, setting: str) -> wire.Answer:
        for death in range(1, MAX_DEATHS + 1):
            try:
                with self._processes.taken() as process:
                    return self._checked(process.ask(request, report))
            except TooLongError as error:
                raise errors.ReadingTooCostlyError(
                    f"Reading this file takes more than {request.seconds:,} s, so it was stopped. "
                    f"Leave out rows or columns, or allow more ({setting}).",
                    allowedSeconds=request.seconds, setting=setting,
                ) from error  # fmt: skip
            except DiedError as error:
                if not self._processes.is_open:
                    raise errors.UnavailableError(
                        "Driftline is shutting down and reads no more files.", dependency="reader"
                    ) from error
                log.warning("reader_died", exit_code=error.code, death=death, printed=error.printed)
                if _is_memory(error):
                    raise self._too_much_memory() from error
        raise errors.CrashedTooOftenError(
            f"Reading this file ended the process that read it {MAX_DEATHS} times. It was given up; nothing else was "
            "harmed. Save the file in another format and upload that."
        )

    def _checked(self, answer: wire.Answer) -> wire.Answer:
        match answer:
            case wire.Refused(code, message, details):
                raise _error_of(code)(message, **details)
            case wire.OutOfMemory():
                raise self._too_much_memory()
            case wire.Broken(kind, traceback):
                log.error("reader_broke", kind=kind, traceback=traceback)
                raise errors.MalformedFileError(
                    "The file cannot be read: it holds something that Driftline does not understand. "
                    "Save it as plain CSV and upload that; the server log has the details."
                )
        return answer

    def _too_much_memory(self) -> errors.ReadingTooCostlyError:
        allowed = self._budget.address_space_bytes
        return errors.ReadingTooCostlyError(
            f"Reading this file needs more than {allowed / GIB:.1f} GiB of memory, so it was stopped. Leave out "
            "columns, or allow more (DRIFTLINE_PROCESSING_MEMORY, DRIFTLINE_READING_MEMORY_BYTES).",
            allowedBytes=allowed, setting="DRIFTLINE_READING_MEMORY_BYTES",
        )  # fmt: skip

    @contextmanager
    def _folder(self) -> Iterator[Path]:
        """Make a folder for a preview, and remove it even if the process that used it was ended."""
        try:
            self._scratch.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix="preview-", dir=self._scratch)).absolute()
        except OSError as error:
            raise errors.UnavailableError(
                f"There is no room for temporary files: {error.strerror}.", dependency="scratch"
            ) from error
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _ignore(_fraction: float, _message: str) -> None:
    """Previews and joined tables report no progress."""


def _is_memory(error: DiedError) -> bool:
    return any(sign in error.printed for sign in ("bad_alloc", "MemoryError", "Cannot allocate", "out of memory"))


def _error_of(code: str) -> type[errors.DriftlineError]:
    """Return the class of the domain's tree that has this code."""
    classes = [errors.DriftlineError]
    for kind in classes:
        classes += kind.__subclasses__()
    return next((kind for kind in classes if kind.code == code), errors.MalformedFileError)
