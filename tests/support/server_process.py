"""A server that a test starts, stops, loses, hangs and restarts."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import psutil

START_SECONDS: Final = 180.0  # the slowest takes 4 s here; a busy machine took more than ten times that

# Linux: no orphan servers after a crash. A small program rather than preexec_fn, which must not run beside threads.
_DIE_WITH_PARENT: Final = (
    "import ctypes,os,sys;"
    "ctypes.CDLL(None).prctl(1,9) if sys.platform=='linux' else 0;"  # PR_SET_PDEATHSIG, SIGKILL
    "os.execvp(sys.argv[1],sys.argv[1:])"
)


def free_port() -> int:
    """A free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server process on one port, which it keeps over restarts. Its folder goes when it is closed."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        port: int,
        folder: Path,
        ready: Callable[[], None],
        before: Sequence[str] = (),
        variables: dict[str, str] | None = None,
    ) -> None:
        self.name, self.port, self.folder = name, port, folder
        self._command = [*before, sys.executable, "-S", "-E", "-c", _DIE_WITH_PARENT, *map(str, command)]
        self._environment = os.environ | (variables or {})
        self._ready = ready
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        assert self._process is not None, f"{self.name} does not run"
        return self._process.pid

    def start(self) -> Self:
        """Start, and wait until it answers."""
        return self.launch().until_ready()

    def launch(self) -> Self:
        """Start without waiting, so that several can begin at the same time."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self._environment, cwd=self.folder,
            )  # fmt: skip
        return self

    def until_ready(self) -> Self:
        """Wait until it answers."""
        assert self._process is not None, f"{self.name} was not launched"
        end = time.monotonic() + START_SECONDS
        while True:
            if self._process.poll() is not None:
                raise RuntimeError(f"{self.name} ended with {self._process.returncode}:\n{self._log_tail()}")
            try:
                self._ready()
            except Exception as error:
                if time.monotonic() > end:
                    self.kill9()
                    raise RuntimeError(f"{self.name} does not answer: {error!r}\n{self._log_tail()}") from error
                time.sleep(0.05)
            else:
                return self

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to end, and wait until it has."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(START_SECONDS)
            self._process = None

    def kill9(self) -> None:
        """Lose it at once, with what it started: a backend of PostgreSQL outlives its parent for a moment."""
        children = psutil.Process(self.pid).children(recursive=True) if self._process is not None else []
        self.stop(signal.SIGKILL)
        for child in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()

    def pause(self) -> None:
        """From now on it hangs: connections open, nothing is answered."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def restart(self) -> Self:
        """Kill it and start it again on the same port and folder."""
        self.kill9()
        return self.start()

    def close(self) -> None:
        """Kill it and remove its folder."""
        self.kill9()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _log_tail(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-3000:]
