"""The reading process: takes requests from its standard input one at a time, answers on its standard output."""

import contextlib
import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable
from typing import BinaryIO

import duckdb

from adapters.duckdb.isolated import messages as wire
from adapters.duckdb.reader.reader import DuckDBTableReader
from domain.errors import DriftlineError

if sys.platform != "win32":
    import resource


def main() -> None:
    """Work until the service closes the pipe, which ends this process even in the middle of a file."""
    source, target = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the frames
    frames: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(source, frames.put), daemon=True).start()
    setup: wire.Setup = wire.parsed(frames.get(), wire.Setup)
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_FSIZE", setup.file_bytes)
    _limit("RLIMIT_AS", setup.address_space_bytes)
    _send(target, wire.Ready())
    while True:
        answer = _answer(setup, frames.get(), target)
        try:
            _send(target, answer)
        except Exception as error:  # noqa: BLE001 - an answer that cannot be written down is a fault as any other
            _send(target, wire.Broken(kind=type(error).__name__, traceback=traceback.format_exc()))


def _receive(source: BinaryIO, put: Callable[[bytes], None]) -> None:
    while True:
        length = source.read(wire.LENGTH_BYTES)
        body = source.read(int.from_bytes(length, "big"))
        if len(length) < wire.LENGTH_BYTES:  # the service has ended, or is done with this process
            os._exit(0)
        put(body)


def _answer(setup: wire.Setup, frame: bytes, target: BinaryIO) -> wire.Answer:
    try:
        request: wire.Request = wire.parsed(frame, wire.Request)
        _limit_processor_time(request.seconds * (setup.threads + 1))
        return _done(
            setup, request, lambda part, message: _send(target, wire.Progressed(fraction=part, message=message))
        )
    except (MemoryError, duckdb.OutOfMemoryException):
        return wire.OutOfMemory()
    except DriftlineError as error:
        return wire.Refused(code=error.code, message=error.message, details=error.details)
    except Exception as error:  # noqa: BLE001 - the border: whatever it is, the service must go on
        return wire.Broken(kind=type(error).__name__, traceback=traceback.format_exc())


def _done(setup: wire.Setup, request: wire.Request, report: Callable[[float, str], None]) -> wire.Answer:
    scratch = request.work if isinstance(request, wire.PreviewRequest) else None
    reader = DuckDBTableReader(threads=setup.threads, memory=setup.memory, limits=setup.limits, scratch=scratch)
    match request:
        case wire.PreviewRequest(path, options, like):
            return wire.Previewed(preview=reader.preview(path, options, like))
        case wire.IngestRequest(path, options, like, into):
            return wire.Ingested(result=reader.ingest(path, options, into, report, like))
        case wire.AppendRequest(earlier, added, into, options):
            return wire.Ingested(result=reader.append(earlier, added, into, options))


def _send(target: BinaryIO, message: object) -> None:
    target.write(wire.framed(message))
    target.flush()


def _limit(name: str, value: int) -> None:
    """Set a limit of the operating system, where it knows the limit and allows as much."""
    if sys.platform == "win32":
        return
    kind = getattr(resource, name)
    _, hard = resource.getrlimit(kind)
    allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS refuses RLIMIT_AS
        resource.setrlimit(kind, (allowed, hard))


def _limit_processor_time(seconds: int) -> None:
    """Allow so much more processor time than was used so far: a backstop should the service not end this process."""
    if sys.platform == "win32":
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit("RLIMIT_CPU", int(used.ru_utime + used.ru_stime) + seconds + 1)


if __name__ == "__main__":
    main()
