"""Room on the disk that is kept for what makes room: a deletion has to be written down before it frees anything."""

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from domain.errors import UnavailableError

MIB: Final = 1024**2
# A deletion writes its mark and the rows it removes to SQLite's log: at most some MB for 2,000 datasets.
RESERVED_BYTES: Final = 16 * MIB
LEAST_BYTES: Final = 4 * MIB  # below this the reserve is given up
# Uploads stop here, so that there is also room to process what has been uploaded.
UPLOADS_LEAVE_BYTES: Final = 64 * MIB


def free_bytes(folder: Path) -> int:
    """Return the bytes that this user may still write on the disk of a folder. Raises OSError."""
    return shutil.disk_usage(folder).free


class HeadRoom:
    """A file that takes up room until the disk is full, and is removed then.

    Args:
        folder: on the disk that is watched.
        free: returns the bytes that are free there.
    """

    def __init__(
        self, folder: Path, free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free
    ) -> None:
        self._folder = folder
        self._file = folder / ".head-room"
        self._free = free

    def before_writing(self) -> None:
        """Give up the reserve if there is no other room; take it again once there is."""
        with contextlib.suppress(OSError):  # the write itself says what is wrong with the disk
            free, is_kept = self._free(self._folder), self._file.exists()
            if is_kept and free < LEAST_BYTES:
                self._file.unlink(missing_ok=True)
            elif not is_kept and free > RESERVED_BYTES + UPLOADS_LEAVE_BYTES:
                self._reserve()

    def check_upload(self) -> None:
        """Refuse bytes that would take the room that processing and deleting need.

        Raises:
            UnavailableError: less than ``UPLOADS_LEAVE_BYTES`` are free.
        """
        with contextlib.suppress(OSError):
            if self._free(self._folder) < UPLOADS_LEAVE_BYTES:
                raise UnavailableError(
                    "The disk of the server is full, so no file can be taken. Delete datasets that are no longer "
                    "needed, or give it more room.",
                    dependency="blobs",
                )

    def _reserve(self) -> None:
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(descriptor, bytes(RESERVED_BYTES))  # written, for a hole in a file keeps no room
            os.fsync(descriptor)
        except OSError:
            self._file.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)
