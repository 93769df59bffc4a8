"""A reading process that misbehaves as the name of the file tells it to; any other file it reads."""

import os
import signal
import time
from pathlib import Path

from adapters.duckdb.isolated import child
from adapters.duckdb.reader.reader import DuckDBTableReader
from domain.errors import ColumnNotFoundError

read = DuckDBTableReader.preview


def preview(self: DuckDBTableReader, path: Path, *rest: object) -> object:
    match path.name:
        case "hangs":
            time.sleep(3600)
        case "spins":
            while True:
                pass
        case "dies":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "eats":
            return bytearray(64 * 1024**3)
        case "prints":
            os.write(1, b"not a frame")
        case "breaks":
            raise KeyError(path)
        case "refuses":
            raise ColumnNotFoundError("There is no column “profit”.", columns=["a", "b"])
    return read(self, path, *rest)  # type: ignore[arg-type]


if __name__ == "__main__":
    DuckDBTableReader.preview = preview  # type: ignore[method-assign, assignment]
    child.main()
