"""Reading processes: started ahead of their use, one request at a time, ended when they take too long."""

import contextlib
import os
import selectors
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

import msgspec

from adapters.duckdb.isolated import messages as wire
from domain.errors import UnavailableError

CHILD: Final = "adapters.duckdb.isolated.child"
START_SECONDS: Final = 60.0  # the imports take 0.3 s of processor time; a machine at its limit takes longer
END_SECONDS: Final = 5.0  # a process whose pipes are closed ends by itself
MAX_USES: Final = 200  # then a fresh process takes over, with fresh memory
READ_BYTES: Final = 65_536
LOGGED_BYTES: Final = 4_000  # of what a process that died had printed last
# The only variables a reading process gets to see: none of the service's secrets are among them.
PASSED_ON: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH", "PYTHONTZPATH")
# glibc reserves 64 MB of address space for each arena and OpenBLAS a buffer per core, unused or not.
QUIET: Final = {"MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class TooLongError(Exception):
    """The process was ended because its time was over."""


class DiedError(Exception):
    """The process ended by itself. ``code`` is its exit code, negative for a signal; ``printed`` is for the log."""

    def __init__(self, code: int, printed: str) -> None:
        super().__init__(code)
        self.code = code
        self.printed = printed


class ReadingProcess:
    """One child process. Not for two threads at once."""

    def __init__(self, setup: wire.Setup, module: str) -> None:
        environ = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        environ |= {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), **QUIET}
        self._printed: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
            [sys.executable, "-P", "-m", module],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._printed, env=environ, bufsize=0,
        )  # fmt: skip
        self._unread = bytearray()
        self._is_ready = False
        self.uses = 0
        with contextlib.suppress(BrokenPipeError):  # it died at once: the first request says so
            self._write(setup)

    @property
    def is_alive(self) -> bool:
        """Whether it can take a request."""
        return self._process.poll() is None

    def ask(self, request: wire.Request, on_progress: Callable[[float, str], None]) -> wire.Answer:
        """Have a request done.

        Raises:
            TooLongError: it took longer than ``request.seconds``; the process has been ended.
            DiedError: the process ended without an answer.
        """
        self.uses += 1
        try:
            return self._asked(request, on_progress)
        except (OSError, ValueError) as error:  # the pipe broke, or ``end`` closed it from another thread
            raise self._died() from error

    def kill(self) -> None:
        """End it while another thread waits for its answer: that thread finds its pipe at an end, and closes it.

        A pipe that is closed under a waiting thread would never wake it.
        """
        self._process.kill()

    def end(self) -> None:
        """End it at once and close its pipes. Only for the thread that has it, or for a process that is not in use."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._printed):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _asked(self, request: wire.Request, on_progress: Callable[[float, str], None]) -> wire.Answer:
        self._wait_until_ready()
        end = time.monotonic() + request.seconds
        self._write(request)
        while True:
            message = self._next(end)
            match message:
                case wire.Progressed(fraction, text):
                    on_progress(fraction, text)
                case wire.Ready():
                    continue
                case _:
                    return message

    def _wait_until_ready(self) -> None:
        if self._is_ready:
            return
        try:
            self._next(time.monotonic() + START_SECONDS)
        except TooLongError as error:
            raise UnavailableError(
                f"A process to read the file in did not start within {START_SECONDS:.0f} s. Try again.",
                dependency="reader",
            ) from error
        self._is_ready = True

    def _write(self, message: object) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it was opened as a pipe
        left = memoryview(wire.framed(message))
        while left:
            left = left[self._process.stdin.write(left) or 0 :]

    def _next(self, end: float) -> wire.FromChild:
        length = int.from_bytes(self._bytes(wire.LENGTH_BYTES, end), "big")
        if length > wire.MAX_FRAME:
            self.end()
            raise DiedError(0, f"a frame of {length} bytes")
        try:
            message: wire.FromChild = wire.parsed(self._bytes(length, end), wire.FromChild)
        except msgspec.DecodeError as error:
            self.end()
            raise DiedError(0, f"no message: {error}") from error
        return message

    def _bytes(self, count: int, end: float) -> bytes:
        assert self._process.stdout is not None  # noqa: S101 - as above
        while len(self._unread) < count:
            with selectors.DefaultSelector() as selector:
                selector.register(self._process.stdout, selectors.EVENT_READ)
                if not selector.select(max(0.0, end - time.monotonic())):
                    self.end()
                    raise TooLongError
            part = os.read(self._process.stdout.fileno(), READ_BYTES)
            if not part:
                raise self._died()
            self._unread += part
        taken = bytes(self._unread[:count])
        del self._unread[:count]
        return taken

    def _died(self) -> DiedError:
        try:
            code = self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:  # its pipe is closed, and yet it lives
            self._process.kill()
            code = self._process.wait()
        printed = ""
        with contextlib.suppress(OSError, ValueError):
            size = self._printed.seek(0, os.SEEK_END)
            self._printed.seek(max(0, size - LOGGED_BYTES))
            printed = self._printed.read().decode(errors="replace")
        self.end()
        return DiedError(code, printed)


class ReadingProcesses:
    """A few processes that are ready, and as many more as are needed at a time.

    Args:
        setup: what holds for each of them.
        ready: how many are kept ready.
        module: what they run.
    """

    def __init__(self, setup: wire.Setup, ready: int = 1, module: str = CHILD) -> None:
        self._setup = setup
        self._module = module
        self._kept = ready
        self._lock = threading.Lock()
        self._idle: list[ReadingProcess] = []
        self._busy: set[ReadingProcess] = set()
        self._is_open = False

    def open(self) -> None:
        """Start the processes that are kept ready; they load while the service goes on."""
        self._is_open = True
        self._refill()

    def close(self) -> None:
        """End every process, also those that work."""
        with self._lock:
            self._is_open = False
            idle, busy = self._idle, tuple(self._busy)
            self._idle = []
        for process in busy:
            process.kill()
        for process in idle:
            process.end()

    @property
    def is_open(self) -> bool:
        """Whether files are read."""
        return self._is_open

    @contextmanager
    def taken(self) -> Iterator[ReadingProcess]:
        """Lend a process. Raises UnavailableError after ``close``."""
        process = self._take()
        try:
            yield process
        finally:
            self._give_back(process)

    def _take(self) -> ReadingProcess:
        with self._lock:
            if not self._is_open:
                raise UnavailableError("Driftline is shutting down and reads no more files.", dependency="reader")
            while self._idle:
                process = self._idle.pop(0)
                if process.is_alive:
                    break
                process.end()
            else:
                process = ReadingProcess(self._setup, self._module)
            self._busy.add(process)
        return process

    def _give_back(self, process: ReadingProcess) -> None:
        with self._lock:
            self._busy.discard(process)
            wanted = self._is_open and process.is_alive and process.uses < MAX_USES and len(self._idle) < self._kept
            if wanted:
                self._idle.append(process)
        if not wanted:
            process.end()
        self._refill()

    def _refill(self) -> None:
        with self._lock:
            while self._is_open and len(self._idle) < self._kept:
                self._idle.append(ReadingProcess(self._setup, self._module))
