"""A file on its way to the server."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from typing_extensions import override

Sent = Callable[[int, int], None]  # bytes sent so far, bytes in all
UNNAMED: Final = "upload.csv"  # for bytes without a name; the server looks at the content, not at the name


class CountedFile(io.RawIOBase):
    """A file that tells how much of it was read."""

    def __init__(self, source: BinaryIO, on_sent: Sent | None) -> None:
        super().__init__()
        self._source = source
        self._told = on_sent
        self.size = source.seek(0, io.SEEK_END)
        source.seek(0)

    @override
    def read(self, size: int = -1, /) -> bytes:
        chunk = self._source.read(size)
        if self._told is not None and chunk:
            self._told(self._source.tell(), self.size)
        return chunk

    @override
    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._source.seek(offset, whence)

    @override
    def tell(self) -> int:
        return self._source.tell()

    @override
    def readable(self) -> bool:
        return True

    @override
    def seekable(self) -> bool:
        return True


def opened(source: Path | str | bytes) -> tuple[BinaryIO, str]:
    """Open a path, or bytes as they are; return it with its name."""
    if isinstance(source, bytes):
        return io.BytesIO(source), UNNAMED
    path = Path(source)
    return path.open("rb"), path.name
