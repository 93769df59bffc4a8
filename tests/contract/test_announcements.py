"""The contract of ``Announcements``, on every store."""

from datetime import timedelta

import pytest

from domain.dataset import Roles
from domain.errors import ConflictError
from domain.ports import Announcements
from tests.support.builders import ANN, BOB, SALES, VISITS, an_announcement
from tests.support.fakes import NOON


async def test_announced_file_is_found_by_its_key_as_it_was_announced(announcements: Announcements) -> None:
    announced = an_announcement(
        announced_at=NOON + timedelta(microseconds=7), roles=Roles(metric_columns=("$a.b",), delimiter=";")
    )
    await announcements.add(announced)
    assert await announcements.find(SALES, announced.key) == announced
    assert await announcements.find(VISITS, announced.key) is None
    assert await announcements.find(SALES, f"{announced.key}2") is None


async def test_key_is_announced_once(announcements: Announcements) -> None:
    await announcements.add(an_announcement())
    with pytest.raises(ConflictError):
        await announcements.add(an_announcement(file_name="another.csv"))


async def test_latest_announcement_of_a_version_is_found_by_its_owner_alone(announcements: Announcements) -> None:
    earlier = an_announcement(version=2)
    later = an_announcement(version=2, key=f"{earlier.key}-later", announced_at=NOON + timedelta(minutes=1))
    for announced in (later, earlier, an_announcement(key=f"{earlier.key}-first")):
        await announcements.add(announced)
    assert await announcements.of_version(ANN, SALES, 2) == later
    assert await announcements.of_version(BOB, SALES, 2) is None
    assert await announcements.of_version(ANN, SALES, 3) is None


async def test_forgotten_announcement_is_gone_and_forgetting_twice_is_no_error(announcements: Announcements) -> None:
    announced = an_announcement()
    await announcements.add(announced)
    await announcements.forget(VISITS, announced.key)
    assert await announcements.find(SALES, announced.key) == announced
    for _ in range(2):
        await announcements.forget(SALES, announced.key)
    assert await announcements.find(SALES, announced.key) is None
