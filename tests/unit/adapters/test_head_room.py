"""A full disk must not keep anybody from deleting: a reserve is kept for it, and uploads stop before it is needed."""

from pathlib import Path

import pytest

from adapters.filesystem.head_room import LEAST_BYTES, RESERVED_BYTES, UPLOADS_LEAVE_BYTES, HeadRoom
from domain.errors import UnavailableError


class Disk:
    """A disk of a size, of which others use a part."""

    def __init__(self, size: int) -> None:
        self.size, self.used = size, 0

    def free(self, folder: Path) -> int:
        return self.size - self.used - sum(file.stat().st_size for file in folder.iterdir())


@pytest.fixture
def disk() -> Disk:
    return Disk(1024**3)


def test_the_reserve_is_taken_given_up_on_a_full_disk_and_taken_again(tmp_path: Path, disk: Disk) -> None:
    head_room = HeadRoom(tmp_path, disk.free)
    head_room.before_writing()
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) == RESERVED_BYTES
    disk.used = disk.size - RESERVED_BYTES - LEAST_BYTES + 1
    head_room.before_writing()
    assert list(tmp_path.iterdir()) == []
    assert disk.free(tmp_path) > RESERVED_BYTES
    head_room.before_writing()
    assert list(tmp_path.iterdir()) == []  # there is no room for it yet
    disk.used = 0
    head_room.before_writing()
    assert len(list(tmp_path.iterdir())) == 1


def test_uploads_are_refused_while_there_is_room_for_the_rest(tmp_path: Path, disk: Disk) -> None:
    head_room = HeadRoom(tmp_path, disk.free)
    head_room.check_upload()
    disk.used = disk.size - UPLOADS_LEAVE_BYTES + 1
    with pytest.raises(UnavailableError, match="disk of the server is full"):
        head_room.check_upload()


def test_a_disk_that_cannot_be_asked_is_left_to_the_write_itself(tmp_path: Path) -> None:
    head_room = HeadRoom(tmp_path / "nowhere")
    head_room.before_writing()
    head_room.check_upload()
